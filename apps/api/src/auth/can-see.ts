import type { Cluster, Host, Job, RowKind, Vm } from '@aether-v/types';
import { canReadAllJobs, canReadJob } from './job-access.ts';
import type { Principal } from './principal.ts';

/**
 * The fields that decide the visibility of a row, by kind. Kept small, because tombstones contain them. A rule that needs
 * more, such as the host of a VM, adds it here and to `scopes`.
 */
export interface RowScopes {
  cluster: Pick<Cluster, 'id'>;
  host: Pick<Host, 'id'>;
  vm: Pick<Vm, 'id'>;
  job: Pick<Job, 'id' | 'command'>;
}

const scopes: { readonly [K in RowKind]: (row: Readonly<RowScopes[K]>) => RowScopes[K] } = {
  cluster: ({ id }) => ({ id }),
  host: ({ id }) => ({ id }),
  vm: ({ id }) => ({ id }),
  job: ({ id, command }) => ({ id, command }),
};

/** Returns the fields that decide the visibility of a row. */
export function scopeOf<K extends RowKind>(kind: K, row: Readonly<RowScopes[K]>): RowScopes[K] {
  return scopes[kind](row);
}

interface Rule<K extends RowKind> {
  /** Returns whether the principal sees every row of the kind, so that rows need not be checked. */
  readonly all: (principal: Principal) => boolean;
  readonly one: (principal: Principal, row: Readonly<RowScopes[K]>) => boolean;
}

const everyone = { all: () => true, one: () => true };

const rules: { readonly [K in RowKind]: Rule<K> } = {
  cluster: everyone,
  host: everyone,
  vm: everyone,
  job: { all: canReadAllJobs, one: canReadJob },
};

/** Returns whether the principal sees a row. Every read of the fleet for a response uses it (`FleetView`). */
export function canSee<K extends RowKind>(
  principal: Principal,
  kind: K,
  row: Readonly<RowScopes[K]>,
): boolean {
  return principal.permissions.has('view') && rules[kind].one(principal, row);
}

/** Returns whether the principal sees every row of a kind. */
export function seesAll(principal: Principal, kind: RowKind): boolean {
  return principal.permissions.has('view') && rules[kind].all(principal);
}
