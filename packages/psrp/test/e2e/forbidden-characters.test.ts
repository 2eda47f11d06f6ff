import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { psDictionary, psList, toPlain, type PsValue } from '../../src/clixml/index.ts';
import { RunspacePool, type PsrpTransport } from '../../src/client/index.ts';
import { processTransport } from '../../src/process/index.ts';
import { createPsrpShell } from '../../src/server/index.ts';
import { LoopbackTransport } from '../client/support/loopback-transport.ts';

const seed = Number(process.env['AETHER_SEED'] ?? Date.now() % 2 ** 31);
const values = process.env['AETHER_LONG'] === '1' ? 10_000 : 300;
const hasPowerShell =
  spawnSync('pwsh', ['-v']).status === 0 || (process.env['AETHER_REQUIRE'] ?? '').includes('pwsh');

const forbidden = fc
  .oneof(
    fc.integer({ min: 0, max: 0x1f }),
    fc.integer({ min: 0xd800, max: 0xdfff }),
    fc.constantFrom(0xfffe, 0xffff),
  )
  .map((code) => String.fromCharCode(code));
const text = fc
  .tuple(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    forbidden,
    fc.string({ unit: 'binary', maxLength: 8 }),
  )
  .map((parts) => parts.join(''));
const value: fc.Arbitrary<PsValue> = fc.oneof(
  text,
  fc.array(text, { minLength: 1, maxLength: 3 }).map((items) => psList(items)),
  text.map((content) => psDictionary({ content })),
);

const echo = createPsrpShell({
  commands: {
    echo: async ({ input, write }) => {
      for await (const item of input) await write(item);
    },
  },
});

const peers: Readonly<Record<string, { transport: () => PsrpTransport; script: string; skip: boolean }>> = {
  'our own server': { transport: () => new LoopbackTransport(echo), script: '', skip: false },
  'real PowerShell': {
    transport: () => processTransport(),
    script: 'process { , $_ }',
    skip: !hasPowerShell,
  },
};

describe(`${values} values, each with a character that XML forbids (seed ${seed})`, () => {
  for (const [name, { transport, script, skip }] of Object.entries(peers)) {
    test.skipIf(skip)(
      `survive a round trip through ${name}${skip ? ' (skipped: no pwsh on PATH)' : ''}`,
      async () => {
        await using pool = await RunspacePool.open(transport());
        const sent = fc.sample(value, { numRuns: values, seed });
        const invocation = script === '' ? { command: 'echo' } : { script };
        for (let at = 0; at < sent.length; at += 250) {
          const input = sent.slice(at, at + 250);
          const { output } = await pool.invoke(invocation, { input }).collect();
          expect(output.map((item) => toPlain(item))).toEqual(input.map((item) => toPlain(item)));
        }
        expect(pool.state).toBe('Opened');
      },
    );
  }
});
