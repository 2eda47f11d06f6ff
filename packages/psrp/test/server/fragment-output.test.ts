import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFragment, FragmentAssembler, FragmentReader } from '../../src/core/index.ts';
import { FragmentOutput } from '../../src/server/fragment-output.ts';

const seed = Number(process.env['AETHER_SEED'] ?? Date.now() % 2 ** 31);

interface Sent {
  readonly objects: readonly Uint8Array[];
  readonly bytes: Uint8Array;
}

/** Objects in fragments of some size, those of neighbours interleaved. */
function sent(sizes: readonly number[], fragmentSize: number): Sent {
  const objects = sizes.map((size, index) => Buffer.alloc(size, index + 1));
  const cut = objects.map((object, index) =>
    Array.from({ length: Math.ceil(object.length / fragmentSize) }, (_, place) =>
      encodeFragment({
        objectId: BigInt(index + 1),
        fragmentId: BigInt(place),
        start: place === 0,
        end: (place + 1) * fragmentSize >= object.length,
        blob: object.subarray(place * fragmentSize, (place + 1) * fragmentSize),
      }),
    ),
  );
  const longest = Math.max(...cut.map(({ length }) => length));
  const rounds = Array.from({ length: longest }, (_, place) =>
    cut.flatMap((parts) => parts.slice(place, place + 1)),
  );
  return { objects, bytes: Buffer.concat(rounds.flat()) };
}

describe('output of a runspace pool', () => {
  test(`is sent in whole fragments, one per element, however it was written and whatever room there is (seed ${seed})`, () => {
    const property = fc.property(
      fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 1_500 }),
      fc.integer({ min: 1, max: 4_000 }),
      fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 20 }),
      (sizes, fragmentSize, writeSize, limits) => {
        const { objects, bytes } = sent(sizes, fragmentSize);
        const output = new FragmentOutput({ answerPerWrite: false });
        for (let at = 0; at < bytes.length; at += writeSize)
          output.push('stdout', bytes.subarray(at, at + writeSize));
        const assembler = new FragmentAssembler();
        const received: Uint8Array[] = [];
        for (let turn = 0; output.size > 0; turn += 1) {
          const limit = limits[turn % limits.length] ?? 1;
          const chunks = output.take(limit);
          expect(chunks.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThanOrEqual(
            Math.max(64, limit),
          );
          for (const { data } of chunks) {
            const reader = new FragmentReader(Number.MAX_SAFE_INTEGER);
            expect([[...reader.read(data)].length, reader.held]).toEqual([1, 0]);
            received.push(...assembler.push(data));
          }
        }
        const inOrder = [...received]
          .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))
          .map((object) => Buffer.from(object));
        expect(inOrder).toEqual(objects);
      },
    );
    fc.assert(property, { numRuns: 200, seed });
  });

  test('sends what each write completed separately, if each write is a response', () => {
    const output = new FragmentOutput({ answerPerWrite: true });
    const { bytes } = sent([10, 10, 10], 10);
    output.push('stdout', bytes.subarray(0, 40));
    output.push('stdout', bytes.subarray(40));
    expect(output.take(1_000)).toHaveLength(1);
    expect(output.take(1_000)).toHaveLength(2);
    expect(output.take(1_000)).toEqual([]);
  });

  test('refuses bytes that are not fragments', () => {
    const output = new FragmentOutput({ answerPerWrite: false });
    expect(() => output.push('stdout', Buffer.alloc(64, 255))).toThrow(
      expect.objectContaining({ code: 'object-too-large' }),
    );
  });
});
