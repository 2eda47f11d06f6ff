import type { Vm, VmList, VmQuery } from '@aether-v/types';
import { vmFieldsJson, vmSummaryJson } from '../inventory/vm-summary.ts';

/** A complete page of VMs. */
export interface VmPage extends Omit<VmList, 'items'> {
  readonly items: readonly Readonly<Vm>[];
}

/** Returns the page as JSON, with these fields of each VM. Most summaries were sent before and are cached. */
export function vmListJson({ items, ...rest }: VmPage, fields?: VmQuery['fields']): string {
  const head = JSON.stringify(rest).slice(0, -1);
  const rows = fields === undefined ? items.map(vmSummaryJson) : items.map(vmFieldsJson(fields));
  return `${head},"items":[${rows.join(',')}]}`;
}
