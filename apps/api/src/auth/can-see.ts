import type { Cluster, Host, Job, RowKind, Vm } from '@aether-v/types';
import { canReadAllJobs, canReadJob } from './job-access.ts';
import type { Principal } from './principal.ts';

/**
 * What decides who sees a row, by kind. The fleet keeps it of deleted rows, so it is small: a rule that depends on more,
 * such as the host of a VM, adds that here and to `scopes`.
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

/** Returns what decides who sees a row. */
export function scopeOf<K extends RowKind>(kind: K, row: Readonly<RowScopes[K]>): RowScopes[K] {
  return scopes[kind](row);
}

interface Rule<K extends RowKind> {
  /** Whether the principal sees every row of the kind, so that no row has to be examined. */
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

/** Whether the principal sees a row. Every read of the fleet for an answer depends on this decision (`FleetView`). */
export function canSee<K extends RowKind>(
  principal: Principal,
  kind: K,
  row: Readonly<RowScopes[K]>,
): boolean {
  return principal.permissions.has('view') && rules[kind].one(principal, row);
}

/** Whether the principal sees every row of a kind, whatever rows there are. */
export function seesAll(principal: Principal, kind: RowKind): boolean {
  return principal.permissions.has('view') && rules[kind].all(principal);
}
