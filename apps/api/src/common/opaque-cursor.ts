/** Encodes the content of a cursor as text that callers send back unchanged. */
export function encodeOpaque(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** Returns the content of a cursor, not yet checked; undefined if the text is not one. */
export function decodeOpaque(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
