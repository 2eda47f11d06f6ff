import { maxLineBytes } from './envelope.ts';

/**
 * Framing for channels that are not safe for text: the standard streams of a WinRS command go through a console code page,
 * and clients of it cut blanks and line ends. A frame is one line: the base64 (RFC 4648 section 4, padded) of the UTF-8 of
 * one JSON text. The request is one frame, on standard input; each line of the answer is one frame, on standard output.
 * Channels that carry strings (PowerShell Remoting) need no framing.
 */

/** The longest frame of an answer, in characters: that of the longest line. */
export const maxFrameLength = Math.ceil(maxLineBytes / 3) * 4;

/** A text that is not a frame. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** The frame of one JSON text, without the line end that follows it. */
export function encodeFrame(json: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(json)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

/**
 * The JSON text of a frame.
 *
 * @throws {FrameError} for anything but the one base64 of valid UTF-8: a frame that was changed on its way is not guessed at.
 */
export function decodeFrame(frame: string): string {
  let bytes: string;
  let text: string;
  try {
    bytes = atob(frame);
    const encoded = Uint8Array.from(bytes, (character) => character.charCodeAt(0));
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(encoded);
  } catch (cause) {
    throw new FrameError('Not the base64 of UTF-8', { cause });
  }
  // Decoders forgive blanks, missing padding and bits that are left over.
  if (btoa(bytes) !== frame) throw new FrameError('Not base64 as it is written');
  return text;
}
