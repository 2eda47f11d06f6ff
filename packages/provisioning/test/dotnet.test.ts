import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { openings } from './support/vectors.ts';

const run = promisify(execFile);
const found = spawnSync('pwsh', ['-NoLogo', '-NoProfile', '-Version']).status === 0;
const isRequired = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');
const skip = !found && !isRequired;

/** The reader does not check the document, so for it these are opened. */
const ofDocument = ['document', 'section', 'completed'];

describe.skipIf(skip)(`a reader on .NET${skip ? ' (skipped: there is no pwsh on PATH)' : ''}`, () => {
  let results: { readonly result: string; readonly code?: string; readonly plaintext?: string }[] = [];

  beforeAll(async () => {
    const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
    const args = ['-NoLogo', '-NoProfile', '-File', path('support/open-vectors.ps1'), path('../vectors')];
    const { stdout } = await run('pwsh', args, { maxBuffer: 16_777_216 });
    results = JSON.parse(stdout) as typeof results;
  });

  test.each(openings.map((vector, index) => ({ ...vector, index })))(
    'opens or refuses a sealed text as its vector says: $why',
    ({ index, result, code, plaintext }) => {
      const actual = results[index];
      if (code !== undefined && ofDocument.includes(code)) expect(actual?.result).toBe('opened');
      else expect({ result: actual?.result, code: actual?.code }).toEqual({ result, code });
      if (plaintext !== undefined) expect(actual?.plaintext).toBe(plaintext);
    },
  );
});
