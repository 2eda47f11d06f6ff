import { summaryOfVm, type Vm, type VmSummary } from '@aether-v/types';

/** The maximum size of a VM summary as JSON, whatever texts hosts report. An ordinary one is 1 kB. */
export const maxSummaryBytes = 10 * 1024;

/** The size above which texts are truncated. */
const largeSummaryBytes = 4 * 1024;

/** Fields with free text; ids and times are never truncated. */
const textFields: ReadonlySet<string> = new Set([
  'name',
  'hostName',
  'clusterName',
  'osName',
  'osVersion',
  'hostname',
  'message',
]);

/** The length of texts in a large summary; each character takes at most six bytes. */
const shortText = 64;

// Rows are replaced, never changed, so cached texts stay valid.
const texts = new WeakMap<Readonly<Vm>, string>();

/** Returns the summary of a VM as JSON. */
export function vmSummaryJson(vm: Readonly<Vm>): string {
  let text = texts.get(vm);
  if (text === undefined) {
    text = bounded(summaryOfVm(vm));
    texts.set(vm, text);
  }
  return text;
}

/** Returns a function that writes the id and these fields of a VM as JSON. */
export function vmFieldsJson(fields: readonly (keyof VmSummary)[]): (vm: Readonly<Vm>) => string {
  const names = [...new Set(['id' as const, ...fields])];
  return (vm) => bounded(Object.fromEntries(names.map((name) => [name, vm[name]])));
}

function bounded(summary: Partial<VmSummary>): string {
  const text = JSON.stringify(summary);
  if (Buffer.byteLength(text) <= largeSummaryBytes) return text;
  return JSON.stringify(summary, (field, value: unknown) =>
    typeof value === 'string' && textFields.has(field) ? value.slice(0, shortText) : value,
  );
}
