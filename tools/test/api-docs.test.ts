import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startFleet, type SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { VmList } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Running } from '../src/processes.ts';
import { ask, startService } from '../src/service.ts';
import { until } from '../src/stack.ts';

const run = promisify(execFile);
const password = 'api-docs';
const apiKey = 'a key of the examples, long enough to be one';
const page = await readFile(join(import.meta.dirname, '../../docs/api.md'), 'utf8');

/** A block of commands, and the JSON that the page shows as its output. */
interface Example {
  readonly title: string;
  readonly commands: string;
  readonly output: string | undefined;
}

/** Stands for any value in the output that the page shows. */
const anything = '…';

const headings = [...page.matchAll(/^## (.+)$/gm)];
const examples = [...page.matchAll(/```sh\n([^]*?)```(?:\n\n```json\n([^]*?)```)?/g)].map(
  ({ index, 1: commands = '', 2: output }): Example => {
    const heading = headings.findLast((one) => one.index < index)?.[1] ?? '';
    const [first = ''] = commands.split('\n').filter((line) => /\b(?:call|send|ended)\b.*"/.test(line));
    return { title: `${heading}: ${first.trim()}`, commands, output };
  },
);

const missing = ['bash', 'curl', 'jq'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);
const required = (process.env.AETHER_REQUIRE ?? '').split(',');
const skip = missing.length > 0 && !missing.some((tool) => required.includes(tool));
const note = skip ? ` (skipped: there is no ${missing.join(', ')})` : '';

let fleet: SimulatedFleet;
let service: Running<string>;
let folder: string;
const outputs: string[] = [];

beforeAll(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), 'api-docs-'));
  fleet = await startFleet({ username: 'aether-v', password });
  service = await startService({
    HYPERV_HOSTS: fleet.hostUrls.join(','),
    WINRM_USERNAME: 'aether-v',
    WINRM_PASSWORD: password,
    API_KEY: apiKey,
  });
  const vms = fleet.engine.hostIds.flatMap((hostId) => fleet.engine.vms(hostId));
  await until('the fleet is read', async () => (await ask<VmList>(service, '/vms')).total === vms.length);
  // One shell, because later blocks use what earlier ones have defined.
  const script = examples.map(({ commands }) => `${commands}\nprintf '\\036'`).join('\n');
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: folder,
    timeout: 200_000,
    env: { ...process.env, AETHER_URL: service.ready, AETHER_KEY: apiKey },
  }).catch((error: unknown) => {
    const { stdout: out, stderr } = error as { stdout: string; stderr: string };
    return { stdout: `${out}\nThe commands failed: ${stderr}` };
  });
  outputs.push(...stdout.split('\u001E'));
}, 300_000);

afterAll(async () => {
  if (skip) return;
  await service[Symbol.asyncDispose]();
  await fleet.close();
  await rm(folder, { recursive: true });
});

/** Replaces values of the shown output that stand for anything by the actual ones. */
function filledIn(shown: unknown, actual: unknown): unknown {
  if (shown === anything && actual !== undefined) return actual;
  if (Array.isArray(shown))
    return shown.map((one, at) => filledIn(one, (actual as unknown[] | undefined)?.[at]));
  if (typeof shown !== 'object' || shown === null) return shown;
  const values = (actual ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(shown).map(([name, one]: [string, unknown]) => [name, filledIn(one, values[name])]),
  );
}

describe('the examples of docs/api.md', () => {
  test('the page shows the output of its examples', () => {
    expect(examples.filter(({ output }) => output !== undefined).length).toBeGreaterThan(10);
  });

  test.skipIf(skip).each(examples.map((example, at) => ({ ...example, at })))(
    `$title${note}`,
    ({ output, at }) => {
      const text = outputs[at] ?? `It did not run. ${outputs.at(-1) ?? ''}`;
      expect(outputs.length, outputs.at(-1)).toBeGreaterThan(at + 1);
      if (output === undefined) return;
      const actual: unknown = JSON.parse(text);
      expect(actual).toMatchObject(filledIn(JSON.parse(output), actual) as object);
    },
  );
});
