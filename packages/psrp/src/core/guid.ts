/** GUID of zeros: marks that a message belongs to no pool or no pipeline. */
export const emptyGuid = '00000000-0000-0000-0000-000000000000';

/** Position in the text of each byte of .NET's `Guid.ToByteArray`: the first three groups are little-endian. */
const byteOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;
const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Normalizes a GUID to lower case.
 *
 * @throws {TypeError} if the text is not a GUID without braces.
 */
export function normalizeGuid(text: string): string {
  const guid = text.toLowerCase();
  if (!pattern.test(guid)) throw new TypeError(`Not a GUID: ${JSON.stringify(text)}`);
  return guid;
}

/**
 * Writes a GUID as 16 bytes in .NET's byte order.
 *
 * @throws {TypeError} if the text is not a GUID without braces.
 */
export function writeGuid(guid: string, target: Uint8Array, offset: number): void {
  const bytes = Buffer.from(normalizeGuid(guid).replaceAll('-', ''), 'hex');
  target.set(swapped(bytes), offset);
}

/** Reads a GUID from 16 bytes in .NET's byte order. The caller checks that the bytes exist. */
export function readGuid(source: Uint8Array, offset: number): string {
  const hex = swapped(source.subarray(offset, offset + 16)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Converts between the two byte orders; the conversion is its own inverse. */
function swapped(bytes: Uint8Array): Buffer {
  return Buffer.from(byteOrder.map((place) => bytes[place] ?? 0));
}
