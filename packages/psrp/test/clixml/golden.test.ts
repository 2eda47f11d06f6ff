import { describe, expect, test } from 'vitest';
import { parseClixml, parseClixmlValue, writeClixml } from '@aether-v/psrp/clixml';
import { asJson, asString, readPowerShellJson, typeNames } from './support/dotnet-view.ts';
import { goldens } from './support/golden.ts';

describe('values written by PowerShell', () => {
  test('there are 48', () => {
    expect(goldens).toHaveLength(48);
  });

  test.each(goldens)('$file: a round trip preserves the value', (golden) => {
    const value = parseClixmlValue(golden.text);
    expect(parseClixmlValue(writeClixml([value]))).toStrictEqual(value);
  });

  test.each(goldens)('$file: the bytes match PowerShell’s, except for indentation', (golden) => {
    const values = parseClixml(golden.text);
    expect(writeClixml(values, { wrapper: true })).toBe(golden.compact);
  });

  test.each(goldens)('$file: types, text and JSON match PowerShell’s description', (golden) => {
    const value = parseClixmlValue(golden.text);
    expect(typeNames(value)).toEqual(golden.typeNames);
    // The manifest has the first 200 characters of a text.
    expect(asString(value).slice(0, 200)).toBe(golden.toString);
    if (golden.deserialisedJson !== null) {
      // Of a TimeSpan and a Version, asJson works out some parts; of everything else, all.
      expect({ json: readPowerShellJson(golden.deserialisedJson) }).toMatchObject({ json: asJson(value) });
    }
  });

  test.each(goldens)(
    '$file: bytes with a byte-order mark, and the bare element, are read the same',
    (golden) => {
      const value = parseClixmlValue(golden.text);
      const bare = golden.compact.replace(/^<Objs[^>]*>(.*)<\/Objs>$/s, '$1');
      expect(parseClixmlValue(Buffer.from(`\ufeff${golden.text}`))).toStrictEqual(value);
      expect(parseClixmlValue(bare)).toStrictEqual(value);
    },
  );
});
