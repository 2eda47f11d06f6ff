import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClixmlValue, property, psObject, writeClixml } from '../../src/clixml/index.ts';
import { cpuTimeMs } from '../support/cpu-time.ts';

const seed = Number(process.env['AETHER_SEED'] ?? Date.now() % 2 ** 31);
const numRuns = process.env['AETHER_LONG'] === '1' ? 10_000 : 1_000;

/** Characters that XML 1.0 does not allow, not even as references. */
const forbidden = fc.oneof(
  fc.integer({ min: 0, max: 8 }),
  fc.constantFrom(0xb, 0xc, 0xfffe, 0xffff),
  fc.integer({ min: 0xe, max: 0x1f }),
  fc.integer({ min: 0xd800, max: 0xdfff }),
);
const allowed = fc.constantFrom(
  'a',
  '_x',
  '_',
  ';',
  '#',
  '&',
  '<',
  '\uE000',
  '\uE0000041',
  'é',
  ']]>',
  '😀',
  '&#xFFFF;',
);

const parts = fc
  .tuple(
    fc.array(allowed, { maxLength: 6 }),
    forbidden.map((code) => String.fromCharCode(code)),
    fc.array(
      fc.oneof(
        allowed,
        forbidden.map((code) => String.fromCharCode(code)),
      ),
      { maxLength: 6 },
    ),
  )
  .map(([before, one, after]) => [...before, one, ...after]);

/** As PowerShell 7.6 writes text: `_x` escaped, markup and what XML cannot hold as references. */
function asReferences(text: string, style: number): string {
  const codes = text
    .replaceAll('_x', '_x005F_x')
    .split('')
    .map((unit) => unit.charCodeAt(0));
  return codes
    .map((code) => {
      if (code >= 0x20 && code < 0x7f && !'&<>"'.includes(String.fromCharCode(code)))
        return String.fromCharCode(code);
      const hex = code.toString(16);
      return [`&#${code};`, `&#x${hex};`, `&#x${hex.toUpperCase().padStart(4, '0')};`][style] ?? '';
    })
    .join('');
}

describe(`characters that XML 1.0 forbids (seed ${seed})`, () => {
  test('are read as references, in text and in names', () => {
    fc.assert(
      fc.property(parts, fc.nat(2), (list, style) => {
        const text = list.join('');
        const xml = asReferences(text, style);
        expect(parseClixmlValue(`<S>${xml}</S>`)).toBe(text);
        const object = parseClixmlValue(`<Obj><MS><I32 N="${xml}">7</I32></MS></Obj>`);
        expect(property(object, text)).toBe(7);
      }),
      { numRuns, seed },
    );
  });

  test('survive a round trip', () => {
    fc.assert(
      fc.property(parts, (list) => {
        const text = list.join('');
        expect(parseClixmlValue(writeClixml([text]))).toBe(text);
        expect(property(parseClixmlValue(writeClixml([psObject([[text, text]])])), text)).toBe(text);
      }),
      { numRuns, seed },
    );
  });

  test.each([
    ['<S>a&#xFFFF;b</S>', 'a\uffffb'],
    ['<S>_x0041&#xFFFF;</S>', '_x0041\uffff'],
    ['<S><![CDATA[&#x0;\uE000]]></S>', '&#x0;\uE000'],
    ['<S>&amp;#xFFFF;&#x1;</S>', '&#xFFFF;\u0001'],
    ['<S>\uffff\uE0000041</S>', '\uffff\uE0000041'],
  ])('%s is %j', (xml, text) => {
    expect(parseClixmlValue(xml)).toBe(text);
  });

  test('a reference beyond Unicode is refused', () => {
    expect(() => parseClixmlValue('<S>&#x110000;</S>')).toThrow(
      expect.objectContaining({ code: 'malformed-xml' }),
    );
  });

  test('many unclosed CDATA sections do not take quadratic time', () => {
    const began = cpuTimeMs();
    expect(() => parseClixmlValue(`<S>&#x0;${'<![CDATA['.repeat(100_000)}`)).toThrow();
    expect(cpuTimeMs() - began).toBeLessThan(2_000);
  });
});
