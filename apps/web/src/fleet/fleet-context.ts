import { createContext, use, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { HostUsage, RowKind, Rows, VmSummary, VmState, VmUsage } from '@aether-v/types';
import { rowsOf, shownState } from './cache.ts';
import type { Fleet } from './fleet.ts';
import type { StreamStatus } from './stream.ts';
import type { UsageSeries } from './usage-store.ts';

export const FleetContext = createContext<Fleet | null>(null);

export function useFleet(): Fleet {
  const fleet = use(FleetContext);
  if (!fleet) throw new Error('FleetContext is missing above this component.');
  return fleet;
}

/** Returns the current row; null if it is unknown or deleted. */
export function useRow<K extends RowKind>(kind: K, id: string | null): Rows[K] | null {
  const fleet = useFleet();
  return useSyncExternalStore(fleet.subscribe, () => (id === null ? null : fleet.row(kind, id)));
}

/** Returns all known rows of a kind. */
export function useRows<K extends RowKind>(kind: K): readonly Rows[K][] {
  const fleet = useFleet();
  const table = useSyncExternalStore(fleet.subscribe, () => fleet.cache.tables[kind]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the table is what the rows come from
  return useMemo(() => rowsOf(fleet.cache, kind), [fleet, kind, table]);
}

/** Returns the state shown for a VM: its own, or the transition of a job that was just accepted. */
export function useShownState(vm: VmSummary): VmState {
  const fleet = useFleet();
  return useSyncExternalStore(fleet.subscribe, () => shownState(fleet.cache, vm));
}

export function useStreamStatus(): StreamStatus {
  const fleet = useFleet();
  return useSyncExternalStore(fleet.subscribe, () => fleet.status);
}

export function useVmUsage(id: string): UsageSeries<VmUsage> | null {
  const { usage } = useFleet();
  return useSyncExternalStore(usage.subscribe, () => usage.vm(id));
}

export function useHostUsage(id: string): UsageSeries<HostUsage> | null {
  const { usage } = useFleet();
  return useSyncExternalStore(usage.subscribe, () => usage.host(id));
}

const none: readonly string[] = [];

/** Requests usage samples for these objects while the component is mounted. */
export function useInterest(vmIds: readonly string[], hostIds: readonly string[] = none): void {
  const fleet = useFleet();
  const vms = vmIds.join();
  const hosts = hostIds.join();
  useEffect(() => {
    const split = (ids: string): string[] => (ids === '' ? [] : ids.split(','));
    return fleet.look({ vmIds: split(vms), hostIds: split(hosts) });
  }, [fleet, vms, hosts]);
}
