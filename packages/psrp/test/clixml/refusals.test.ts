import { describe, expect, test } from 'vitest';
import {
  ClixmlError,
  parseClixml,
  parseClixmlValue,
  psDictionary,
  PsMemberSet,
  PsObject,
  PsScalar,
  PsSequence,
  psList,
  toPlain,
  writeClixml,
  type ClixmlErrorCode,
  type PsValue,
} from '@aether-v/psrp/clixml';

function codeOf(work: () => unknown): ClixmlErrorCode | 'none' {
  try {
    work();
    return 'none';
  } catch (error) {
    if (error instanceof ClixmlError) return error.code;
    throw error;
  }
}

const nested = (depth: number): string => '<Obj><LST>'.repeat(depth) + '</LST></Obj>'.repeat(depth);
const laughs = `<!DOCTYPE S [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><S>&b;</S>`;

/** What PowerShell refuses is refused here, and what it takes is taken, except where the title says more. */
const texts: [text: string, code: ClixmlErrorCode | 'none'][] = [
  ['', 'none'],
  ['<?p \ud800', 'malformed-xml'],
  ['<S>\ud800', 'malformed-xml'],
  ['<S>a<!-- c -->b<![CDATA[<c>]]></S>', 'none'],
  ['<?xml version="1.0" encoding="utf-8"?><Objs Version="1.1.0.1"><S>x</S></Objs>', 'none'],
  ['<S>1</S><S>2</S>', 'none'],
  ['<I32> +5 </I32>', 'none'],
  ['<B>1</B>', 'none'],
  ['<G>{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}</G>', 'none'],
  ['<BA>AA\n E=</BA>', 'none'],
  ['<Obj><Obj RefId="1"><MS><I32 N="a">1</I32></MS></Obj></Obj>', 'none'],
  ['<S', 'malformed-xml'],
  ['<S>', 'malformed-xml'],
  ['<S></I32>', 'malformed-xml'],
  ['<S>&nbsp;</S>', 'malformed-xml'],
  ['<S>\u0001</S>', 'malformed-xml'],
  ['<S>\ud800</S>', 'malformed-xml'],
  ['<Nil N="a" N="b"/>', 'malformed-xml'],
  [laughs, 'forbidden-xml'],
  ['<!DOCTYPE S SYSTEM "file:///etc/passwd"><S>x</S>', 'forbidden-xml'],
  [`<Nil ${Array.from({ length: 1000 }, (_, index) => `a${index}="x"`).join(' ')}/>`, 'forbidden-xml'],
  ['text', 'unexpected-element'],
  ['<Unknown/>', 'unexpected-element'],
  ['<SemanticVersion>7.1.2</SemanticVersion>', 'unexpected-element'],
  ['<constructor/>', 'unexpected-element'],
  ['<S><S>x</S></S>', 'unexpected-element'],
  ['<LST/>', 'unexpected-element'],
  ['<Obj>text</Obj>', 'unexpected-element'],
  ['<Obj><Nil/></Obj>', 'unexpected-element'],
  ['<Obj><I32>1</I32><I32>2</I32></Obj>', 'unexpected-element'],
  ['<Obj><LST/><DCT/></Obj>', 'unexpected-element'],
  ['<Obj><MS><S>no name</S></MS></Obj>', 'unexpected-element'],
  ['<Obj><Props><MS N="a"/></Props></Obj>', 'unexpected-element'],
  ['<Obj><DCT><S>x</S></DCT></Obj>', 'unexpected-element'],
  ['<Obj><DCT><En><S N="Key">a</S></En></DCT></Obj>', 'unexpected-element'],
  ['<Obj><DCT><En><Nil N="Key"/><S N="Value">a</S></En></DCT></Obj>', 'unexpected-element'],
  ['<Obj><DCT><En><S N="Value">a</S><S N="Key">a</S></En></DCT></Obj>', 'unexpected-element'],
  ['<Obj><TN><S>x</S></TN></Obj>', 'unexpected-element'],
  ['<T>x</T>', 'unexpected-element'],
  ['<Objs><Objs/></Objs>', 'unexpected-element'],
  ['<Objs/><S>x</S>', 'unexpected-element'],
  ['<Objs Version="2.0"/>', 'unexpected-element'],
  ['<Ref RefId="0"/>', 'unknown-reference'],
  ['<Ref/>', 'unknown-reference'],
  ['<Ref RefId="__proto__"/>', 'unknown-reference'],
  ['<Obj RefId="0"><TNRef RefId="0"/></Obj>', 'unknown-reference'],
  ['<I32>2147483648</I32>', 'invalid-value'],
  ['<I32>1.0</I32>', 'invalid-value'],
  ['<I32></I32>', 'invalid-value'],
  ['<I64>9223372036854775808</I64>', 'invalid-value'],
  [`<I64>${'9'.repeat(1_000_000)}</I64>`, 'invalid-value'],
  ['<U64>-1</U64>', 'invalid-value'],
  ['<By>256</By>', 'invalid-value'],
  ['<C>65536</C>', 'invalid-value'],
  ['<B>True</B>', 'invalid-value'],
  ['<Db>0x10</Db>', 'invalid-value'],
  ['<D>1e3</D>', 'invalid-value'],
  ['<D>79228162514264337593543950336</D>', 'invalid-value'],
  ['<DT>2023-02-29T00:00:00</DT>', 'invalid-value'],
  ['<DT>2024-01-01T24:00:00</DT>', 'invalid-value'],
  ['<TS>1.02:03:04</TS>', 'invalid-value'],
  ['<TS>P99999999D</TS>', 'invalid-value'],
  ['<G>f81d4fae</G>', 'invalid-value'],
  ['<Version>1</Version>', 'invalid-value'],
  ['<BA>AAE</BA>', 'invalid-value'],
  ['<PR><AV>only</AV></PR>', 'invalid-value'],
  [nested(100), 'none'],
  [nested(101), 'too-deep'],
  [nested(100_000), 'too-deep'],
  [`<Obj><MS>${'<MS N="a">'.repeat(101)}`, 'too-deep'],
];

describe('text', () => {
  test.each(texts.map(([text, code]) => ({ start: text.slice(0, 60), text, code })))(
    '$start: $code',
    ({ text, code }) => {
      expect(codeOf(() => parseClixml(text))).toBe(code);
    },
  );

  test('over the limit is refused before it is parsed', () => {
    expect(codeOf(() => parseClixml('<S>12345</S>', { maxSize: 11 }))).toBe('too-large');
    expect(codeOf(() => parseClixml(new Uint8Array(20 * 1024 * 1024)))).toBe('too-large');
  });

  test('that is not UTF-8 is refused', () => {
    expect(codeOf(() => parseClixml(new Uint8Array([0x3c, 0xff])))).toBe('malformed-xml');
  });

  test('without exactly one value is refused if one is expected', () => {
    expect(codeOf(() => parseClixmlValue(''))).toBe('unexpected-element');
    expect(codeOf(() => parseClixmlValue('<Nil/><Nil/>'))).toBe('unexpected-element');
  });

  test.each([
    ['many objects', '<Obj/>'],
    ['many empty sets', '<Obj><MS/></Obj>'],
    ['many properties', '<Obj><MS><Nil N="a"/></MS></Obj>'],
    ['many references to type names', '<Obj><TNRef RefId="0"/></Obj>'],
    ['one long comment', '<!---->'],
    ['one long text', 'x'],
    ['character references', '&#65;'],
  ])(
    'full of %s, up to the size limit, is read or refused without hanging',
    (_name, part) => {
      const start = '<Objs><Obj RefId="0"><TN RefId="0"><T>A</T></TN></Obj>';
      const text = start + part.repeat(Math.floor((16 * 1024 * 1024 - 100) / part.length)) + '</Objs>';
      expect(['none', 'unexpected-element']).toContain(codeOf(() => parseClixml(text)));
    },
    20_000,
  );

  test('whose references expand to very many values is only expanded by toPlain', () => {
    let text = '<Obj RefId="0"><LST><S>ha</S></LST></Obj>';
    for (let level = 1; level < 60; level++) {
      text += `<Obj RefId="${level}"><LST>${`<Ref RefId="${level - 1}"/>`.repeat(10)}</LST></Obj>`;
    }
    const values = parseClixml(text);
    expect(values).toHaveLength(60);
    expect(codeOf(() => toPlain(values[59] ?? null))).toBe('too-large');
  });
});

const values: [what: string, value: PsValue][] = [
  ['a fraction as Int32', 1.5],
  ['too large an Int32', 2 ** 31],
  ['NaN as Int32', NaN],
  ['too large an Int64', 2n ** 63n],
  ['too large a Byte', new PsScalar('By', 256)],
  ['two characters as one', new PsScalar('C', 'ab')],
  ['markup as a Guid', new PsScalar('G', '<S>')],
  ['markup as a time', new PsScalar('DT', '<S>')],
  ['null as a key', psDictionary([[null, 1]])],
  ['a member set on its own', new PsMemberSet(new Map())],
];

describe('a value that CLIXML cannot hold', () => {
  test.each(values)('%s is refused', (_what, value) => {
    expect(codeOf(() => writeClixml([value]))).toBe('invalid-value');
  });

  test('as the base of two objects is refused, because PowerShell does not support references there', () => {
    const base = psList([]);
    expect(codeOf(() => writeClixml([base, new PsObject({ base })]))).toBe('invalid-value');
  });

  test('is too deep', () => {
    let value = psList([]);
    for (let depth = 0; depth < 100_000; depth++)
      value = new PsObject({ base: new PsSequence('LST', [value]) });
    expect(codeOf(() => writeClixml([value]))).toBe('too-deep');
  });
});
