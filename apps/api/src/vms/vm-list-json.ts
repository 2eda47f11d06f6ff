import type { Vm, VmList } from '@aether-v/types';
import { vmSummaryJson } from '../inventory/vm-summary.ts';

/** A page of VMs, whole. */
export interface VmPage extends Omit<VmList, 'items'> {
  readonly items: readonly Readonly<Vm>[];
}

/** The page as JSON with the summaries of its VMs, most of which were sent before. */
export function vmListJson({ items, ...rest }: VmPage): string {
  const head = JSON.stringify(rest).slice(0, -1);
  return `${head},"items":[${items.map(vmSummaryJson).join(',')}]}`;
}
