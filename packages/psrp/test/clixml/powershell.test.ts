import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClixmlValue, writeClixml, type PsValue } from '@aether-v/psrp/clixml';
import { anyString } from './support/arbitrary.ts';
import { readPowerShellJson } from './support/dotnet-view.ts';
import { goldens } from './support/golden.ts';
import { deserialize, hasPwsh } from './support/powershell.ts';

const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');
const reason = hasPwsh ? '' : ' (skipped: there is no pwsh on the path)';

describe.skipIf(!hasPwsh && !required)(`PowerShell reads what we write${reason}`, () => {
  it('every golden, with the types and the JSON that its own text gives', async () => {
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

  it('strings and names of every UTF-16 code unit, and writes them as we do', async () => {
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
});
