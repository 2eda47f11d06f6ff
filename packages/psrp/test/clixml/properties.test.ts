import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClixmlError, parseClixml, parseClixmlValue, toPlain, writeClixml } from '@aether-v/psrp/clixml';
import { anyValue } from './support/arbitrary.ts';
import { cpuTimeMs } from '../support/cpu-time.ts';
import { goldens } from './support/golden.ts';

const seed = Number(process.env['AETHER_SEED']);
const numRuns = process.env['AETHER_LONG'] === '1' ? 50_000 : 2_000;

describe(`any value (seed ${seed})`, () => {
  test('survives a round trip, with references to the same objects', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = writeClixml([value]);
        const read = parseClixmlValue(text);
        // Equal parts; that the text is the same shows equal order and the same references as well.
        assert.deepStrictEqual(read, value);
        assert.equal(writeClixml([read]), text);
      }),
      { seed, numRuns },
    );
  }, 120_000);
});

const markup = [
  '<',
  '>',
  '/>',
  '&',
  '&lt;',
  '&x;',
  '&#x1F600;',
  '&#0;',
  '<!DOCTYPE Objs [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?xml version="1.0"?>',
  '<?p ',
  '?>',
  '<Objs>',
  '</Objs>',
  '<Obj RefId="0">',
  '<Obj>',
  '</Obj>',
  '<Ref RefId="0"/>',
  '<Ref RefId="__proto__"/>',
  '<TN RefId="0">',
  '</TN>',
  '<TNRef RefId="0"/>',
  '<T>',
  '</T>',
  '<LST>',
  '</LST>',
  '<DCT><En>',
  '<MS>',
  '</MS>',
  '<S N="__proto__">',
  '<I32 N="Key">1</I32>',
  '<I64>99999999999999999999</I64>',
  '<BA>A</BA>',
  '<Nil/>',
  '<PR><AV>',
  '<constructor>',
  'N="',
  '_xD800_',
  '\u0000',
  '\ud800',
  '\uffff',
  '\ufeff',
  ' '.repeat(50),
];

const soup = fc
  .array(fc.oneof(fc.constantFrom(...markup), fc.string({ maxLength: 5 })), { maxLength: 40 })
  .map((parts) => parts.join(''));

const small = goldens.filter(({ text }) => text.length < 5000).map(({ text }) => text);

const mutated = fc
  .tuple(
    fc.constantFrom(...small),
    fc.array(fc.tuple(fc.nat(5000), fc.nat(12), fc.oneof(fc.constantFrom(...markup), fc.constant(''))), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((result, [at, length, inserted]) => {
      const start = at % (result.length + 1);
      return result.slice(0, start) + inserted + result.slice(start + length);
    }, text),
  );

const flippedBytes = fc
  .tuple(
    fc.constantFrom(...small),
    fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { minLength: 1, maxLength: 5 }),
  )
  .map(([text, flips]) => {
    const bytes = new Uint8Array(Buffer.from(text));
    for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
    return bytes;
  });

describe(`hostile text (seed ${seed})`, () => {
  test('is read or refused with a ClixmlError, within the time limit', () => {
    let read = 0;
    let refused = 0;
    let slowest = 0;
    fc.assert(
      fc.property(fc.oneof(soup, mutated, mutated, flippedBytes), (source) => {
        const start = cpuTimeMs();
        try {
          const values = parseClixml(source);
          writeClixml(values);
          values.forEach((value) => toPlain(value));
          read++;
        } catch (error) {
          if (!(error instanceof ClixmlError)) throw error;
          refused++;
        }
        slowest = Math.max(slowest, cpuTimeMs() - start);
      }),
      { seed, numRuns },
    );
    // Both must happen, or the generator has lost its point.
    expect(read).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(1000);
    expect(slowest).toBeLessThan(2000);
  }, 120_000);
});
