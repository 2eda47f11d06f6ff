import type { Permission, RowKind } from '@aether-v/types';
import { canSee, type RowScopes } from './can-see.ts';
import type { Principal } from './principal.ts';

/** An object of the fleet that a request refers to; its row is undefined if it does not exist. */
export type DecisionObject = {
  [K in RowKind]: { readonly kind: K; readonly row: Readonly<RowScopes[K]> | undefined };
}[RowKind];

/** `hidden`: the object does not exist, or is not visible to the principal. `forbidden`: a permission is missing. */
export type Decision = 'allowed' | 'hidden' | 'forbidden';

/**
 * Decides about a permission of a principal, for an object if there is one. A hidden object takes precedence over a
 * missing permission, because the response must not reveal that it exists.
 */
export function decide(principal: Principal, permission: Permission, object?: DecisionObject): Decision {
  const mayDo = principal.permissions.has(permission);
  if (object === undefined || !principal.permissions.has('view')) return mayDo ? 'allowed' : 'forbidden';
  if (!isVisible(principal, object)) return 'hidden';
  return mayDo ? 'allowed' : 'forbidden';
}

function isVisible<K extends RowKind>(
  principal: Principal,
  { kind, row }: { readonly kind: K; readonly row: Readonly<RowScopes[K]> | undefined },
): boolean {
  return row !== undefined && canSee(principal, kind, row);
}
