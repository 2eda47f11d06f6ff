import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseClixmlValue, PsScalar, writeClixml, type PsValue } from '@aether-v/psrp/clixml';
import { anyString } from './support/arbitrary.ts';
import { readPowerShellJson } from './support/dotnet-view.ts';
import { goldens } from './support/golden.ts';
import { deserialize, hasPwsh } from './support/powershell.ts';

const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');
const reason = hasPwsh ? '' : ' (skipped: there is no pwsh on the path)';

describe.skipIf(!hasPwsh && !required)(`PowerShell reads our output${reason}`, () => {
  test('every golden file, with the types and the JSON that its own text gives', async () => {
    const ours = goldens.map(({ text }) => writeClixml([parseClixmlValue(text)], { wrapper: true }));
    const answers = await deserialize(ours);
    expect(answers).toHaveLength(goldens.length);
    for (const [index, golden] of goldens.entries()) {
      const answer = answers[index];
      expect(answer?.error, golden.file).toBeUndefined();
      expect(answer?.typeNames ?? null, golden.file).toEqual(golden.deserialisedTypeNames);
      if (golden.deserialisedJson === null) continue;
      const json = readPowerShellJson(answer?.json ?? '');
      expect(json, golden.file).toEqual(readPowerShellJson(golden.deserialisedJson));
    }
  }, 60_000);

  test('strings of every UTF-16 code unit, and writes them identically', async () => {
    const strings = fc.sample(
      // U+FFFE and U+FFFF it reads, but cannot write.
      anyString.filter((text) => !/[\ufffe\uffff]/.test(text)),
      { numRuns: 500, seed: 7 },
    );
    const everyUnit = Array.from({ length: 256 }, (_, page) =>
      Array.from({ length: 256 }, (_unit, index) => String.fromCharCode(page * 256 + index))
        .filter((unit) => unit < '\ufffe')
        .join(''),
    );
    const texts = [...strings, ...everyUnit].map((text) => writeClixml([text], { wrapper: true }));
    const answers = await deserialize(texts);
    expect(answers).toHaveLength(texts.length);
    const read = answers.map(({ clixml = '' }): PsValue => parseClixmlValue(clixml));
    expect(read).toStrictEqual([...strings, ...everyUnit]);
    expect(answers.map(({ clixml = '' }) => clixml.replace(/>\r?\n\s*</g, '><').trim())).toStrictEqual(texts);
  }, 60_000);

  test('numbers, characters and identifiers, and writes them identically', async () => {
    const scalars = fc.sample(
      fc.oneof(
        fc.double().map((value) => new PsScalar('Db', value)),
        // fast-check prefers the ends of the range of a double; these are the numbers that people have.
        fc.integer().map((value) => new PsScalar('Db', value / 1000)),
        fc
          .tuple(fc.integer(), fc.nat(40))
          .map(([value, power]) => new PsScalar('Db', value * 10 ** (power - 20))),
        fc.float().map((value) => new PsScalar('Sg', value)),
        fc.integer().map((value) => new PsScalar('Sg', Math.fround(value / 1000))),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => new PsScalar('U64', value)),
        fc.integer({ min: -128, max: 127 }).map((value) => new PsScalar('SB', value)),
        fc.nat(0xffff).map((unit) => new PsScalar('C', String.fromCharCode(unit))),
        fc.uuid().map((value) => new PsScalar('G', value)),
      ),
      { numRuns: 1500, seed: 7 },
    );
    const texts = scalars.map((scalar) => writeClixml([scalar], { wrapper: true }));
    const answers = await deserialize(texts);
    const theirs = answers.map(({ clixml = '' }) => clixml.replace(/>\r?\n\s*</g, '><').trim());
    expect(theirs.map((text) => parseClixmlValue(text))).toStrictEqual(scalars);
    // A Single may be as near to two shortest texts, of which .NET takes the even one and JavaScript the greater.
    const others = (_text: string, index: number): boolean => scalars[index]?.tag !== 'Sg';
    expect(theirs.filter(others)).toStrictEqual(texts.filter(others));
  }, 60_000);
});
