import type { Vm, VmList } from '@aether-v/types';

/** The JSON of rows. They are replaced, never changed, so that it stays true as long as they live. */
const texts = new WeakMap<Readonly<Vm>, Buffer>();

/** A page as JSON, in bytes: most of its rows have been sent before. */
export function vmListJson({ items, ...rest }: VmList): Buffer {
  const rows = items.flatMap((vm, at) => (at === 0 ? [rowJson(vm)] : [comma, rowJson(vm)]));
  const head = JSON.stringify(rest).slice(0, -1);
  return Buffer.concat([Buffer.from(`${head},"items":[`), ...rows, Buffer.from(']}')]);
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
