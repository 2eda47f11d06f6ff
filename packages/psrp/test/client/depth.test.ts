import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import {
  psDictionary,
  psEnum,
  psList,
  PsMemberSet,
  PsObject,
  psObject,
  writeClixml,
  type PsValue,
} from '../../src/clixml/index.ts';
import { RunspacePool, type PsrpTransport } from '../../src/client/index.ts';
import { processTransport } from '../../src/process/index.ts';
import { createPsrpShell } from '../../src/server/index.ts';
import { LoopbackTransport } from './support/loopback-transport.ts';

const hasPowerShell =
  spawnSync('pwsh', ['-v']).status === 0 || (process.env['AETHER_REQUIRE'] ?? '').includes('pwsh');

/** Levels that a value adds by each of its kinds of content. */
const wraps: Readonly<Record<string, (value: PsValue) => PsValue>> = {
  list: (value) => psList([value]),
  dictionary: (value) => psDictionary({ a: value }),
  'extended property': (value) => psObject({ a: value }),
  'adapted property': (value) => new PsObject({ adapted: new Map([['a', value]]) }),
};

function nested(depth: number, innermost: PsValue = 1, wrap = wraps['list'] ?? ((value) => value)): PsValue {
  let value = innermost;
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
}

const memberSet = new PsObject({ extended: new Map([['set', new PsMemberSet(new Map([['a', 1]]))]]) });

describe('CLIXML', () => {
  test.each(Object.keys(wraps))('is written with up to 49 levels of a %s', (kind) => {
    const wrap = wraps[kind];
    expect(() => writeClixml([nested(48, 1, wrap)])).not.toThrow();
    expect(() => writeClixml([nested(49, 1, wrap)])).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });

  test('counts levels like PowerShell: the number of an enum and a member set do not count, but the content of the set does', () => {
    expect(() => writeClixml([nested(48, psEnum('System.DayOfWeek', 1, 'Monday'))])).not.toThrow();
    expect(() => writeClixml([nested(47, memberSet)])).not.toThrow();
    expect(() => writeClixml([nested(48, memberSet)])).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });
});

const peers: Readonly<Record<string, { transport: () => PsrpTransport; script: string; skip: boolean }>> = {
  'our own server': {
    transport: () =>
      new LoopbackTransport(
        createPsrpShell({
          commands: {
            test: async ({ input, write }) => {
              for await (const _ of input);
              await write('ok');
            },
            deep: ({ write }) => write(nested(60)),
          },
        }),
      ),
    script: '',
    skip: false,
  },
  'real PowerShell': {
    transport: () => processTransport(),
    script: 'param($Value) $null = @($input); "ok"',
    skip: !hasPowerShell,
  },
};

describe('a value nested too deep for PowerShell', () => {
  for (const [peer, { transport, script, skip }] of Object.entries(peers)) {
    const title = skip ? ' (skipped: no pwsh on PATH)' : '';
    test.skipIf(skip)(`is not sent to ${peer}, but the deepest permitted one is${title}`, async () => {
      await using pool = await RunspacePool.open(transport());
      const run = (parameters: Record<string, PsValue>, input?: PsValue[]) =>
        pool
          .invoke(
            script === '' ? { command: 'test', parameters } : { script, parameters },
            input && { input },
          )
          .collect();
      const tooDeep = { code: 'object-too-deep' };
      expect((await run({ Value: nested(42) })).output).toEqual(['ok']);
      await expect(run({ Value: nested(43) })).rejects.toMatchObject(tooDeep);
      expect((await run({}, [nested(48)])).output).toEqual(['ok']);
      await expect(run({}, [nested(49)])).rejects.toMatchObject(tooDeep);
      expect((await run({})).output).toEqual(['ok']);
    });
  }

  test('is not written by a served command either: its pipeline fails with an error', async () => {
    await using pool = await RunspacePool.open(peers['our own server']?.transport() ?? processTransport());
    await expect(pool.invoke({ command: 'deep' }).collect()).rejects.toMatchObject({
      code: 'pipeline-failed',
      message: expect.stringContaining('49 levels') as string,
    });
  });
});
