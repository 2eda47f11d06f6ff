import type { Vm, VmList } from '@aether-v/types';

/** The JSON of rows. They are replaced, never changed, so that it stays true as long as they live. */
const texts = new WeakMap<Readonly<Vm>, Buffer>();

/** A page as JSON, in bytes: most of its rows have been sent before. */
export function vmListJson({ items, ...rest }: VmList): Buffer {
  const rows = items.flatMap((vm, at) => (at === 0 ? [rowJson(vm)] : [comma, rowJson(vm)]));
  const head = JSON.stringify(rest).slice(0, -1);
  return Buffer.concat([Buffer.from(`${head},"items":[`), ...rows, Buffer.from(']}')]);
}

/** How many bytes the rows of one page have at most, so that no client can ask for all that hosts can say at once. */
export const maxPageBytes = 8 * 1024 * 1024;

/** The first rows that fit on one page, and the first of all in any case. */
export function fitPage<T extends { readonly vm: Readonly<Vm> }>(rows: readonly T[]): readonly T[] {
  let bytes = 0;
  const end = rows.findIndex(({ vm }, at) => {
    bytes += rowJson(vm).length + comma.length;
    return bytes > maxPageBytes && at > 0;
  });
  return end === -1 ? rows : rows.slice(0, end);
}

const comma = Buffer.from(',');

function rowJson(vm: Readonly<Vm>): Buffer {
  let text = texts.get(vm);
  if (text === undefined) {
    text = Buffer.from(JSON.stringify(vm));
    texts.set(vm, text);
  }
  return text;
}
