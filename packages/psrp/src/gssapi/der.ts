/** DER element (X.690). */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** Offset of the next element. */
  readonly end: number;
}

/**
 * Reads the element at an offset.
 *
 * @throws {RangeError} if it has no definite length of at most four bytes, or is incomplete.
 */
export function element(bytes: Buffer, at: number, expected?: number): Element {
  const tag = bytes.readUInt8(at);
  if (expected !== undefined && tag !== expected) throw new RangeError('Another element than expected');
  const short = bytes.readUInt8(at + 1);
  const extra = short < 0x80 ? 0 : short & 0x7f;
  if (extra > 4 || short === 0x80) throw new RangeError('A length that is not DER');
  const length = extra === 0 ? short : bytes.readUIntBE(at + 2, extra);
  const start = at + 2 + extra;
  if (length > bytes.length - start) throw new RangeError('The element is cut short');
  return { tag, content: bytes.subarray(start, start + length), end: start + length };
}

/**
 * Reads the elements in a constructed element.
 *
 * @throws {RangeError} as {@link element}.
 */
export function children({ content }: Element): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at < content.length;) {
    const next = element(content, at);
    found.push(next);
    at = next.end;
  }
  return found;
}
