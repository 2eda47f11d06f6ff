import { describe, expect, test } from 'vitest';
import {
  customObjectTypeNames,
  dictionaryEntry,
  listItems,
  parseClixmlValue,
  primitiveOf,
  property,
  psDictionary,
  psEnum,
  psList,
  psObject,
  PsObject,
  PsScalar,
  toPlain,
  writeClixml,
} from '@aether-v/psrp/clixml';

describe('numbers are written like in .NET', () => {
  // What XmlConvert.ToString of .NET 10 gave.
  test.each([
    [1e14, '100000000000000'],
    [1e16, '10000000000000000'],
    [1e17, '1E+17'],
    [123456789012345680, '1.2345678901234568E+17'],
    [12345678901234568, '12345678901234568'],
    [0.0001, '0.0001'],
    [0.00001, '1E-05'],
    [0.000012345, '1.2345E-05'],
    [1.5e300, '1.5E+300'],
    [5e-324, '5E-324'],
    [-0, '-0'],
    [Infinity, 'INF'],
    [-Infinity, '-INF'],
    [NaN, 'NaN'],
  ])('Double %d: %s', (value, text) => {
    expect(writeClixml([new PsScalar('Db', value)])).toBe(`<Db>${text}</Db>`);
  });

  test.each([
    [1e8, '100000000'],
    [1e9, '1E+09'],
    [123456789, '123456790'],
    [1.17549435e-38, '1.1754944E-38'],
    [0.0001, '0.0001'],
    [0.00001, '1E-05'],
    [1.1, '1.1'],
    [3.4028235e38, '3.4028235E+38'],
    [1e-45, '1E-45'],
    [1234567.9, '1234567.9'],
  ])('Single %d: %s', (value, text) => {
    expect(writeClixml([new PsScalar('Sg', value)])).toBe(`<Sg>${text}</Sg>`);
  });
});

describe('escapes are read like in .NET', () => {
  // What XmlConvert.DecodeName gave.
  test.each([
    ['_X0041_', 'A'],
    ['_x00e9_', 'é'],
    ['_x0001F600_', '😀'],
    ['_x00000041_', 'A'],
    ['_x0110FFFF_', '_x0110FFFF_'],
    ['_x005F_x0041_', '_x0041_'],
    ['_x041_', '_x041_'],
    ['__x0041_', '_A'],
  ])('%s', (text, expected) => {
    expect(parseClixmlValue(`<S>${text}</S>`)).toBe(expected);
  });
});

describe('look-ups are case-insensitive, like in PowerShell', () => {
  const object = new PsObject({ adapted: new Map([['Name', 'a']]), extended: new Map([['State', 1]]) });

  test('of properties, adapted and extended', () => {
    expect(property(object, 'NAME')).toBe('a');
    expect(property(object, 'state')).toBe(1);
    expect(property(object, 'other')).toBeUndefined();
    expect(property('text', 'Length')).toBeUndefined();
  });

  test('of dictionary keys, the exact match first', () => {
    const dictionary = psDictionary([
      ['KEY', 1],
      ['key', 2],
    ]);
    expect(dictionaryEntry(dictionary, 'key')).toBe(2);
    expect(dictionaryEntry(dictionary, 'Key')).toBe(1);
    expect(dictionaryEntry(object, 'key')).toBeUndefined();
  });
});

describe('parts of values', () => {
  test('items and primitives', () => {
    expect(listItems(psList([1, 2]))).toEqual([1, 2]);
    expect(listItems(psDictionary({}))).toBeUndefined();
    expect(primitiveOf(psEnum('System.DayOfWeek', 2, 'Tuesday'))).toBe(2);
    expect(primitiveOf(new PsObject({ base: psEnum('E', 3) }))).toBe(3);
    expect(primitiveOf(psList([]))).toBeUndefined();
  });
});

describe('a plain value', () => {
  test('is suitable for people and JSON', () => {
    const value = psObject(
      {
        name: 'vm',
        memory: 4_294_967_296n,
        large: 2n ** 63n - 1n,
        load: new PsScalar('Db', 0.5),
        single: new PsScalar('Sg', Math.fround(1.1)),
        none: new PsScalar('Db', NaN),
        created: new PsScalar('DT', '2024-02-29T23:59:59Z'),
        day: psEnum('System.DayOfWeek', 2, 'Tuesday'),
        tags: psList(['a', psDictionary({ k: 1 })]),
        bytes: new Uint8Array([1, 2]),
        notes: null,
      },
      customObjectTypeNames,
    );
    expect(toPlain(value)).toEqual({
      name: 'vm',
      memory: 4_294_967_296,
      large: '9223372036854775807',
      load: 0.5,
      single: 1.1,
      none: 'NaN',
      created: '2024-02-29T23:59:59Z',
      day: 'Tuesday',
      tags: ['a', { k: 1 }],
      bytes: [1, 2],
      notes: null,
    });
  });

  test('gets no other prototype from a name, and no cycle', () => {
    const value = psObject([['__proto__', psObject({ polluted: true })]]);
    const plain = toPlain(value) as Record<string, unknown>;
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
    expect(plain['polluted']).toBeUndefined();
    const loop = psObject({});
    loop.extended = new Map([['self', loop]]);
    expect(toPlain(loop)).toEqual({ self: null });
  });
});
