import type { VmSummary, VmSortField, VmState } from '@aether-v/types';

/** The columns that the service sorts VMs by; `startedAt` is what the console calls uptime. */
export const vmSortKeys = [
  'name',
  'state',
  'host',
  'processors',
  'cpu',
  'memory',
  'startedAt',
] as const satisfies readonly VmSortField[];
export type VmSortKey = (typeof vmSortKeys)[number];

/** Which VMs a list shows and in what order. */
export interface VmListSpec {
  readonly search?: string | undefined;
  readonly states?: readonly VmState[] | undefined;
  readonly hostId?: string | undefined;
  readonly clusterId?: string | undefined;
  readonly sort: VmSortKey;
  readonly descending: boolean;
}

// Samples have no rows, so an order by use changes only when it is read again.
const sorted: Record<VmSortKey, (vm: VmSummary) => unknown> = {
  name: (vm) => vm.name,
  state: (vm) => vm.state,
  host: (vm) => vm.hostName,
  processors: (vm) => vm.processors,
  cpu: () => null,
  memory: (vm) => vm.memory.startup,
  startedAt: (vm) => vm.startedAt,
};

/** Whether this change of a VM can change who is in the list, or in what order; then only the service can say. */
export function touchesVmList(spec: VmListSpec, before: VmSummary | null, after: VmSummary | null): boolean {
  if (!before || !after) return before !== after;
  if (spec.states && spec.states.length > 0 && before.state !== after.state) return true;
  if (spec.hostId !== undefined && before.hostId !== after.hostId) return true;
  if (spec.clusterId !== undefined && before.clusterId !== after.clusterId) return true;
  // The service searches more of a VM than its row has, and tells of every change.
  if (spec.search) return before !== after;
  const key = sorted[spec.sort];
  return key(before) !== key(after) || before.name !== after.name;
}
