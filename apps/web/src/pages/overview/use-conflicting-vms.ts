import { useQuery } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import type { ConflictingVm } from '../../fleet/api.ts';
import { useFleet, useRows } from '../../fleet/fleet-context.ts';
import { conflictingVmsQuery } from '../../fleet/queries.ts';

/** A conflict of a host affects all of its VMs; the host itself is listed for that. */
const isOwn = ({ conflict }: ConflictingVm): boolean => conflict?.code === 'vm-id';

/** Returns the VMs whose GUID several hosts report; null until all VMs were read. */
export function useConflictingVms(): readonly ConflictingVm[] | null {
  const fleet = useFleet();
  const { data } = useQuery(conflictingVmsQuery());
  const vms = useRows('vm');
  const gone = useSyncExternalStore(fleet.subscribe, () =>
    (data ?? []).map(({ id }) => (fleet.isGone('vm', id) ? '1' : '0')).join(''),
  );
  return useMemo(() => {
    if (!data) return null;
    // Rows that were read since are newer than the list.
    const known = new Map<string, ConflictingVm>(vms.map((vm) => [vm.id, vm]));
    const read = data.filter(({ id }, at) => !known.has(id) && gone[at] !== '1');
    return [...read, ...known.values()].filter(isOwn).toSorted((a, b) => a.name.localeCompare(b.name));
  }, [data, vms, gone]);
}
