import type { Permission, RowKind } from '@aether-v/types';
import { canSee, type RowScopes } from './can-see.ts';
import type { Principal } from './principal.ts';

/** An object of the fleet to which a request refers; its row is undefined if there is no such object. */
export type DecisionObject = {
  [K in RowKind]: { readonly kind: K; readonly row: Readonly<RowScopes[K]> | undefined };
}[RowKind];

/** The decision about a request: allowed, the object does not exist for this principal, or a permission is missing. */
export type Decision = 'allowed' | 'hidden' | 'forbidden';

/**
 * Decides whether a principal may do something, to an object if there is one. An object that the principal does not see
 * is reported as missing before a missing permission is: the answer must not tell that it exists.
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
