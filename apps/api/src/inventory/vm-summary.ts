import { summaryOfVm, type Vm, type VmSummary } from '@aether-v/types';

/** How large the summary of a VM is at most, as JSON, whatever hosts write into their texts. An ordinary one is 1 kB. */
export const maxSummaryBytes = 10 * 1024;

/** Above this size its texts are cut. */
const largeSummaryBytes = 4 * 1024;

/** The fields that hold texts of people; ids and times are never cut. */
const textFields: ReadonlySet<string> = new Set([
  'name',
  'hostName',
  'clusterName',
  'osName',
  'osVersion',
  'hostname',
  'message',
]);

/** How long texts of a large summary are; each character takes six bytes at most. */
const shortText = 64;

// Rows are replaced, never changed, so what was derived from one stays true.
const texts = new WeakMap<Readonly<Vm>, string>();

/** The summary of a VM as JSON. */
export function vmSummaryJson(vm: Readonly<Vm>): string {
  let text = texts.get(vm);
  if (text === undefined) {
    text = bounded(summaryOfVm(vm));
    texts.set(vm, text);
  }
  return text;
}

function bounded(summary: VmSummary): string {
  const text = JSON.stringify(summary);
  if (Buffer.byteLength(text) <= largeSummaryBytes) return text;
  return JSON.stringify(summary, (field, value: unknown) =>
    typeof value === 'string' && textFields.has(field) ? value.slice(0, shortText) : value,
  );
}
