import type { VmSummary, VmSortField, VmState } from '@aether-v/types';

/** The columns by which the service sorts VMs; `startedAt` is shown as uptime. */
export const vmSortKeys = [
  'name',
  'state',
  'host',
  'cluster',
  'processors',
  'cpu',
  'memory',
  'startedAt',
  'createdAt',
] as const satisfies readonly VmSortField[];
export type VmSortKey = (typeof vmSortKeys)[number];

/** The filter and order of a VM list. */
export interface VmListSpec {
  readonly search?: string | undefined;
  readonly states?: readonly VmState[] | undefined;
  readonly hostId?: string | undefined;
  readonly clusterId?: string | undefined;
  /** True for critical VMs only. */
  readonly critical?: true | undefined;
  readonly sort: VmSortKey;
  readonly descending: boolean;
}

/** The search that finds critical VMs. */
export const criticalSearch = 'state:critical';

// Samples are not rows, so an order by usage only changes when the list is read again.
const sorted: Record<VmSortKey, (vm: VmSummary) => unknown> = {
  name: (vm) => vm.name,
  state: (vm) => vm.state,
  host: (vm) => vm.hostName,
  cluster: (vm) => vm.clusterName,
  processors: (vm) => vm.processors,
  cpu: () => null,
  memory: (vm) => vm.memory.startup,
  startedAt: (vm) => vm.startedAt,
  createdAt: (vm) => vm.createdAt,
};

/** Returns whether a change of a VM can affect the members or order of the list, which then must be read again. */
export function touchesVmList(spec: VmListSpec, before: VmSummary | null, after: VmSummary | null): boolean {
  if (spec.critical) {
    const [wasIn, isIn] = [before?.critical ?? false, after?.critical ?? false];
    return wasIn !== isIn || (isIn && before?.name !== after?.name);
  }
  if (!before || !after) return before !== after;
  if (spec.states && spec.states.length > 0 && before.state !== after.state) return true;
  if (spec.hostId !== undefined && before.hostId !== after.hostId) return true;
  if (spec.clusterId !== undefined && before.clusterId !== after.clusterId) return true;
  // The service searches fields of a VM that its row does not contain, and reports every change.
  if (spec.search) return before !== after;
  const key = sorted[spec.sort];
  return key(before) !== key(after) || before.name !== after.name;
}
