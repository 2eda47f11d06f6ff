import type { Vm, VmList } from '@aether-v/types';
import { vmSummaryJson } from '../inventory/vm-summary.ts';

/** A complete page of VMs. */
export interface VmPage extends Omit<VmList, 'items'> {
  readonly items: readonly Readonly<Vm>[];
}

/** Returns the page as JSON. Most summaries were sent before and are cached. */
export function vmListJson({ items, ...rest }: VmPage): string {
  const head = JSON.stringify(rest).slice(0, -1);
  return `${head},"items":[${items.map(vmSummaryJson).join(',')}]}`;
}
