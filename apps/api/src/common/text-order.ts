const marks = /\p{M}/gu;

/** A text without case and accents, so that searching is forgiving. */
export function foldText(text: string): string {
  return text.normalize('NFKD').replace(marks, '').toLowerCase();
}

/**
 * A key by which texts sort as people expect, with the plain `<` of strings: without case and accents, and numbers by
 * their value (`web2` before `web10`). The same on every machine, unlike a collation.
 */
export function textOrderKey(text: string): string {
  return foldText(text).replace(/[0-9]+/g, (digits) => digits.padStart(12, '0'));
}

/** Orders rows by their names as people expect, and equal names by id. */
export function byName(
  a: { readonly name: string; readonly id: string },
  b: { readonly name: string; readonly id: string },
): number {
  const [keyA, keyB] = [textOrderKey(a.name), textOrderKey(b.name)];
  if (keyA === keyB) return a.id < b.id ? -1 : 1;
  return keyA < keyB ? -1 : 1;
}
