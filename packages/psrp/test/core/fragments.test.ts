import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeMessage,
  emptyGuid,
  encodeFragment,
  encodeMessage,
  FragmentAssembler,
  fragmentHeaderSize,
  PsrpError,
} from '../../src/core/index.ts';
import { Outbox } from '../../src/core/outbox.ts';

const seed = Number(process.env['AETHER_SEED']);

function counter(): () => bigint {
  let id = 0n;
  return () => (id += 1n);
}

/** Bytes of fragments cut into pieces at the given places. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length));
}

describe('fragments', () => {
  test(`reassemble however they are split (seed ${seed})`, () => {
    const objects = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 5 });
    const property = fc.property(
      objects,
      fc.integer({ min: fragmentHeaderSize + 1, max: 200 }),
      fc.array(fc.nat(4000), { maxLength: 12 }),
      (messages, size, cuts) => {
        const outbox = new Outbox(counter());
        for (const message of messages) outbox.push(message);
        const chunks: Uint8Array[] = [];
        for (let next = outbox.take(size); next !== undefined; next = outbox.take(size)) {
          expect(next.data.length).toBeLessThanOrEqual(size);
          chunks.push(next.data);
        }
        const assembler = new FragmentAssembler();
        const received = pieces(Buffer.concat(chunks), cuts).flatMap((piece) => assembler.push(piece));
        expect(received.map((object) => Buffer.from(object))).toEqual(
          messages.map((object) => Buffer.from(object)),
        );
        expect(assembler.incomplete).toBe(false);
        expect(outbox.size).toBe(0);
      },
    );
    fc.assert(property, { numRuns: 10_000, seed });
  });

  test(`that are put back are split again without loss (seed ${seed})`, () => {
    const property = fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 5 }),
      fc.infiniteStream(
        fc.record({ size: fc.integer({ min: fragmentHeaderSize + 1, max: 400 }), fails: fc.boolean() }),
      ),
      (messages, attempts) => {
        const outbox = new Outbox(counter());
        for (const message of messages) outbox.push(message);
        const assembler = new FragmentAssembler();
        const received: Uint8Array[] = [];
        for (const { size, fails } of attempts) {
          if (outbox.size === 0) break;
          const waiting = outbox.size;
          const taken = outbox.take(size);
          if (fails) {
            taken?.putBack();
            expect(outbox.size).toBe(waiting);
            expect(() => taken?.putBack()).toThrow(RangeError);
          } else received.push(...assembler.push(taken?.data ?? new Uint8Array()));
        }
        expect(received.map((object) => Buffer.from(object))).toEqual(
          messages.map((object) => Buffer.from(object)),
        );
      },
    );
    fc.assert(property, { numRuns: 2_000, seed });
  });

  const part = (objectId: bigint, fragmentId: bigint, text: string, end = false): Uint8Array =>
    encodeFragment({ objectId, fragmentId, start: fragmentId === 0n, end, blob: Buffer.from(text) });

  const push = (...parts: Uint8Array[]): string[] => {
    const assembler = new FragmentAssembler({ maxObjectSize: 100, maxIncompleteObjects: 2 });
    return parts.flatMap((bytes) => assembler.push(bytes)).map((object) => Buffer.from(object).toString());
  };

  test('may interleave and repeat', () => {
    const [a, b] = [part(1n, 0n, 'a'), part(2n, 0n, 'b')];
    expect(push(a, b, a, part(2n, 1n, 'B', true), part(1n, 1n, 'A', true))).toEqual(['bB', 'aA']);
  });

  test.each([
    ['fragment-gap', [part(1n, 0n, 'a'), part(1n, 2n, 'c', true)]],
    [
      'fragment-gap',
      [encodeFragment({ objectId: 1n, fragmentId: 1n, start: false, end: true, blob: Buffer.from('b') })],
    ],
    ['fragment-duplicate', [part(1n, 0n, 'a'), part(1n, 0n, 'x')]],
    ['fragment-duplicate', [part(1n, 0n, 'a', true), part(1n, 0n, 'a', true)]],
    ['fragment-malformed', [part(1n, 0n, '')]],
    [
      'fragment-malformed',
      [encodeFragment({ objectId: 1n, fragmentId: 1n, start: true, end: true, blob: Buffer.from('b') })],
    ],
    ['object-too-large', [part(1n, 0n, 'x'.repeat(101))]],
    ['object-too-large', [part(1n, 0n, 'x'.repeat(60)), part(2n, 0n, 'x'.repeat(60))]],
    ['object-too-large', [part(1n, 0n, 'x'), part(2n, 0n, 'x'), part(3n, 0n, 'x')]],
  ])('are refused with %s', (code, parts) => {
    expect(() => push(...parts)).toThrow(expect.objectContaining({ code }));
  });

  test('with an excessive length are refused at once', () => {
    const header = part(1n, 0n, 'x'.repeat(101)).subarray(0, fragmentHeaderSize);
    expect(() => push(header)).toThrow(PsrpError);
  });

  test('keep bytes that the caller then overwrites', () => {
    const assembler = new FragmentAssembler();
    const buffer = Buffer.from(part(1n, 0n, 'hello', true));
    const first = Buffer.from(buffer.subarray(0, 23));
    assembler.push(first);
    first.fill(0);
    const rest = Buffer.from(buffer.subarray(23));
    expect(assembler.push(rest).map((object) => Buffer.from(object).toString())).toEqual(['hello']);
  });

  test('send the priority stream first, but never within a message', () => {
    const outbox = new Outbox(counter());
    outbox.push(Buffer.from('ordinary'));
    outbox.push(Buffer.from('urgent'), 'pr');
    expect(outbox.take(1000)?.stream).toBe('pr');
    expect(outbox.take(1000)?.stream).toBe('stdin');
    expect(outbox.take(1000)).toBeUndefined();
    expect(() => outbox.take(fragmentHeaderSize)).toThrow(RangeError);
  });
});

describe('messages', () => {
  const id = '12345678-9abc-def0-1122-334455667788';

  test('have a little-endian header with GUIDs in .NET’s byte order', () => {
    const bytes = encodeMessage({
      destination: 'server',
      type: 'PIPELINE_INPUT',
      poolId: id,
      pipelineId: emptyGuid,
      payload: 'x',
    });
    expect(Buffer.from(bytes).toString('hex')).toBe(
      '0200000002100400' +
        '78563412bc9af0de1122334455667788' +
        '00'.repeat(16) +
        Buffer.from('<S>x</S>').toString('hex'),
    );
    expect(decodeMessage(bytes)).toMatchObject({ type: 'PIPELINE_INPUT', poolId: id, payload: 'x' });
  });

  test.each([
    ['no whole header', (bytes: Buffer) => bytes.subarray(0, 39)],
    ['an unknown type', (bytes: Buffer) => (bytes.writeUInt32LE(0x41099, 4), bytes)],
    ['an unknown destination', (bytes: Buffer) => (bytes.writeUInt32LE(3, 0), bytes)],
    ['no UTF-8', (bytes: Buffer) => (bytes.writeUInt8(0xff, 43), bytes)],
    ['no CLIXML', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('<')])],
  ])('are refused with %s', (_, spoil) => {
    const message = {
      destination: 'client',
      type: 'PIPELINE_OUTPUT',
      poolId: id,
      pipelineId: id,
      payload: 'x',
    } as const;
    expect(() => decodeMessage(spoil(Buffer.from(encodeMessage(message))))).toThrow(
      expect.objectContaining({ code: 'message-malformed' }),
    );
  });
});
