import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, FrameError, maxFrameLength, maxLineBytes } from '../src/index.ts';

describe('a frame', () => {
  test.each([
    ['{}', 'e30='],
    ['{"a":"ü"}', 'eyJhIjoiw7wifQ=='],
    ['', ''],
  ])('of %j is %j', (json, frame) => {
    expect(encodeFrame(json)).toBe(frame);
    expect(decodeFrame(frame)).toBe(json);
  });

  test('is one line of ASCII, and survives a round trip', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const frame = encodeFrame(text);
        expect(frame).toMatch(/^[A-Za-z0-9+/]*={0,2}$/);
        expect(frame).toBe(Buffer.from(text, 'utf8').toString('base64'));
        expect(decodeFrame(frame)).toBe(text);
      }),
    );
  });

  test('of the longest line has the maximum length', () => {
    expect(encodeFrame('x'.repeat(maxLineBytes))).toHaveLength(maxFrameLength);
  });

  test.each([
    ['JSON itself', '{"op":1}'],
    ['no padding', 'eyJhIjoiw7wifQ'],
    ['a line end', 'e30=\n'],
    ['blanks', 'e3 0='],
    ['bits left over', 'e31='],
    ['the alphabet of URLs', 'w7-_'],
    ['half a character', Buffer.from([0xc3]).toString('base64')],
    ['a lone surrogate', Buffer.from([0xed, 0xa0, 0x80]).toString('base64')],
    ['UTF-16', Buffer.from('ü', 'utf16le').toString('base64')],
  ])('is not %s', (_, frame) => {
    expect(() => decodeFrame(frame)).toThrow(FrameError);
  });
});
