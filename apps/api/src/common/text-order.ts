const marks = /\p{M}/gu;

/** Folds case and accents for forgiving searches. */
export function foldText(text: string): string {
  return text.normalize('NFKD').replace(marks, '').toLowerCase();
}

/**
 * Returns a sort key for the plain `<` of strings: without case and accents, and with numbers compared by value (`web2`
 * before `web10`). Unlike a collation it is the same on every machine.
 */
export function textOrderKey(text: string): string {
  return foldText(text).replace(/[0-9]+/g, (digits) => digits.padStart(12, '0'));
}

/** Compares rows by name in natural order, and equal names by id. */
export function byName(
  a: { readonly name: string; readonly id: string },
  b: { readonly name: string; readonly id: string },
): number {
  const [keyA, keyB] = [textOrderKey(a.name), textOrderKey(b.name)];
  if (keyA === keyB) return a.id < b.id ? -1 : 1;
  return keyA < keyB ? -1 : 1;
}
