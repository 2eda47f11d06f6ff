import { foldText } from '@aether-v/types';

/** The maximum length of a key. Texts that are equal up to it are in no particular order. */
const maxKeyLength = 160;

/**
 * Returns a sort key for the plain `<` of strings: without case and accents, and with numbers compared by value (`web2`
 * before `web10`), however long they are. Unlike a collation it is the same on every machine.
 */
export function textOrderKey(text: string): string {
  // A longer number is a larger one, so its length comes first.
  const key = foldText(text).replace(/[0-9]+/g, (digits) => {
    const value = digits.replace(/^0+(?=.)/, '');
    return String(value.length).padStart(4, '0') + value;
  });
  return key.slice(0, maxKeyLength);
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
