import type { MessageBody } from './message-body.ts';

const marks = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const;

/**
 * Decodes a message. The encoding follows from its byte-order mark, otherwise from its first character (`<` is one byte
 * in UTF-8 and two in UTF-16), otherwise from its charset (RFC 7303, XML 1.0 appendix F). Windows clients post UTF-16,
 * and faults arrive in it.
 */
export function decodeText({ contentType, body }: MessageBody): string {
  for (const [encoding, mark] of marks) {
    if (mark.every((byte, index) => body[index] === byte))
      return decode(encoding, body.subarray(mark.length));
  }
  if (body.length > 1 && body[1] === 0 && body[0] !== 0) return decode('utf-16le', body);
  if (body.length > 1 && body[0] === 0 && body[1] !== 0) return decode('utf-16be', body);
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType) ?? [];
  // The charset is wrong if it says UTF-16 and the bytes are not.
  return /^utf-?16/i.test(charset) ? decode('utf-8', body) : decode(charset, body);
}

function decode(encoding: string, body: Buffer): string {
  if (/^utf-?8$/i.test(encoding)) return body.toString('utf8');
  try {
    return new TextDecoder(encoding, { ignoreBOM: true }).decode(body);
  } catch {
    return body.toString('utf8');
  }
}

/** Returns the content type of a message before sealing (MS-WSMV 2.2.9.1.1), or its own if it is not sealed. */
export function originalContentType({ contentType, body }: MessageBody): string {
  if (!/^\s*multipart\/encrypted/i.test(contentType)) return contentType;
  const head = body.toString('latin1', 0, 1_024);
  return /OriginalContent:\s*type=([^\r\n]+)/i.exec(head)?.[1] ?? contentType;
}
