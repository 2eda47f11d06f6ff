import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { RunspacePool, type Invocation } from '../../src/client/index.ts';
import { processTransport, relayBackend } from '../../src/process/index.ts';
import { transportTo } from '../client/connect.ts';
import { Harness } from '../server/harness.ts';

const found = spawnSync('pwsh', ['-v']).status === 0;
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');
const title = found || required ? '' : ' (skipped: there is no pwsh on PATH)';

const configuration = fileURLToPath(new URL('../../testdata/jea/answers.pssc', import.meta.url));
const args = ['-s', '-NoLogo', '-NoProfile', '-ConfigurationFile', configuration];

describe.skipIf(!found && !required)(`an endpoint restricted like JEA${title}`, () => {
  test('runs its command with a parameter, and refuses scripts and other commands', async () => {
    await using harness = await Harness.start({ backend: relayBackend(() => processTransport({ args })) });
    await using pool = await RunspacePool.open(transportTo(harness));
    const call = { command: 'Get-Answer', parameters: { Question: 'all' } };
    expect((await pool.invoke(call).collect()).output).toEqual(['all: 42']);
    const refusal = (invocation: Invocation, fullyQualifiedErrorId: string) =>
      expect(pool.invoke(invocation).completed).rejects.toMatchObject({
        code: 'pipeline-failed',
        errorRecord: { fullyQualifiedErrorId },
      });
    await refusal({ script: 'Get-Answer -Question all' }, 'ScriptsNotAllowed');
    await refusal({ command: 'Get-Process' }, 'CommandNotFoundException');
    expect((await pool.invoke(call).collect()).output).toEqual(['all: 42']);
  });
});
