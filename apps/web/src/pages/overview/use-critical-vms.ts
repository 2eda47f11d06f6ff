import { useQuery } from '@tanstack/react-query';
import type { VmSummary } from '@aether-v/types';
import { useMemo } from 'react';
import { useFleet, useRows } from '../../fleet/fleet-context.ts';
import { vmPageQuery } from '../../fleet/queries.ts';

/** Returns the critical VMs, up to a page of them; null until they were read. */
export function useCriticalVms(): readonly VmSummary[] | null {
  const fleet = useFleet();
  const { data } = useQuery(vmPageQuery(fleet, { critical: true, sort: 'name', descending: false }, 0));
  const vms = useRows('vm');
  return useMemo(() => {
    if (!data) return null;
    const order = new Map(data.ids.map((id, at) => [id, at]));
    // A VM that has just become critical is shown before the list is read again.
    return vms
      .filter(({ critical }) => critical)
      .sort((a, b) => (order.get(a.id) ?? Infinity) - (order.get(b.id) ?? Infinity));
  }, [data, vms]);
}
