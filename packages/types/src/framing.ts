import { maxLineBytes } from './envelope.ts';

/**
 * Framing for channels that corrupt text: the standard streams of a WinRS command pass through a console code page, and
 * its clients strip blanks and line ends. A frame is one line: the base64 (RFC 4648 section 4, padded) of the UTF-8 of
 * one JSON text. The request is one frame on standard input; each line of the response is one frame on standard output.
 * Channels that carry strings (PowerShell Remoting) need no framing.
 */

/** The longest frame of a response, in characters, derived from the longest line. */
export const maxFrameLength = Math.ceil(maxLineBytes / 3) * 4;

/** Thrown for text that is not a frame. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** Encodes one JSON text as a frame, without a line end. */
export function encodeFrame(json: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(json)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

/**
 * Decodes a frame to its JSON text.
 *
 * @throws {FrameError} for anything but the canonical base64 of valid UTF-8, so that a corrupted frame is never
 * accepted.
 */
export function decodeFrame(frame: string): string {
  let bytes: string;
  let text: string;
  try {
    bytes = atob(frame);
    const encoded = Uint8Array.from(bytes, (character) => character.charCodeAt(0));
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(encoded);
  } catch (cause) {
    throw new FrameError('Not base64 of UTF-8', { cause });
  }
  // Decoders tolerate blanks, missing padding and leftover bits.
  if (btoa(bytes) !== frame) throw new FrameError('Not canonical base64');
  return text;
}
