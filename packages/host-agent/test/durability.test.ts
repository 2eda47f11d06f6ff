import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Bridge } from './bridge/bridge.ts';
import { operationId } from './conformance/stage.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { agentEnvironment } from './support/agent-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('strace');
const untraced = spawnSync('strace', ['-V']).status !== 0 && !required;
const reason = skipReason || (untraced ? ' (skipped: there is no strace)' : '');

/** What a process asked of the kernel, in its order: a file that was flushed or got another name, and a call to Hyper-V. */
type Event =
  | { readonly kind: 'flush'; readonly file: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'call'; readonly method: string };

function eventsOf(trace: string): Event[] {
  return trace.split('\n').flatMap((line): Event[] => {
    const [, flushed] = /f(?:data)?sync\(\d+<([^>]+)>/.exec(line) ?? [];
    if (flushed !== undefined) return [{ kind: 'flush', file: flushed }];
    const [, from, to] = /(?:rename|renameat2?|linkat|link)\(.*?"([^"]+)".*?"([^"]+)"/.exec(line) ?? [];
    if (from !== undefined && to !== undefined) return [{ kind: 'rename', from, to }];
    const [, method] = /(?:sendto|sendmsg|write)\(.*MethodName\W+(\w+)/.exec(line) ?? [];
    return method === undefined ? [] : [{ kind: 'call', method }];
  });
}

/** The system calls of a PowerShell process that carries out one operation on a host with a VM. */
async function trace(change: Record<string, unknown>): Promise<{ id: string; events: readonly Event[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'durability-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const clock = createFakeClock();
  const engine = new HyperVEngine({ clock, seed: 'durability', fleet: fleetOf([small('A')]) });
  onTestFinished(() => engine.dispose());
  const advance = (milliseconds: number): void => clock.advance(milliseconds);
  await using bridge = await Bridge.open({ engine, hostId: 'n1', advance });
  const id = operationId(1);
  const request = { vmId: engine.vms('n1')[0]?.vmId };
  const envelope = { contract: 2, id, op: 'vm.start', timeoutSeconds: 60, actor: 'ann', request, ...change };
  const script = `Import-Module -Name (Join-Path -Path $env:STUB_FOLDER -ChildPath 'AetherV.Stub.psm1') -Global
    Use-StubClock -Module (Import-Module -Name AetherV.HostAgent -PassThru)
    Invoke-AetherVOperation -Request $env:REQUEST`;
  const output = join(folder, 'trace');
  const calls = 'fsync,fdatasync,rename,renameat,renameat2,link,linkat,sendto,sendmsg,write';
  const child = spawn(
    'strace',
    // Threads, paths of descriptors, no messages of its own, long texts.
    ['-f', '-y', '-qq', '-s', '4096', '-e', `trace=${calls}`, '-o', output].concat([
      'pwsh',
      '-NoLogo',
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      script,
    ]),
    {
      env: {
        ...agentEnvironment,
        STUB_BRIDGE: bridge.url,
        AETHERV_AGENT_DATA: join(folder, 'data'),
        REQUEST: JSON.stringify(envelope),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await new Promise((resolve) => child.on('close', resolve));
  expect(said).toContain('"type":"result"');
  return { id, events: eventsOf(readFileSync(output, 'utf8')) };
}

describe.skipIf(skip || untraced)(
  `what the agent has on disk before it acts${reason}`,
  { timeout: 240_000 },
  () => {
    test('journal, key and fence are flushed, also by their final names, before the first change of a VM', async () => {
      const { id, events } = await trace({ fence: 7, idempotencyKey: 'key-1' });
      const acted = events.findIndex(
        (event) => event.kind === 'call' && event.method === 'RequestStateChange',
      );
      expect(acted).toBeGreaterThan(0);
      const before = events.slice(0, acted);

      const renames = before.flatMap((event, at) => (event.kind === 'rename' ? [{ ...event, at }] : []));
      const ours = renames.filter(({ from }) => from.endsWith('.tmp'));
      const folders = ours.map(({ to }) =>
        basename(to) === `${id}.json` ? 'journal' : basename(join(to, '..')),
      );
      expect(new Set(folders)).toEqual(new Set(['keys', 'journal']));
      for (const { from, to, at } of ours) {
        const flushed = before.findIndex((event) => event.kind === 'flush' && event.file === from);
        expect(flushed, `${from} is flushed before it is renamed`).toBeGreaterThanOrEqual(0);
        expect(flushed).toBeLessThan(at);
        const named = before.findIndex(
          (event, index) => index > at && event.kind === 'flush' && event.file === to,
        );
        expect(named, `${to} is flushed by that name`).toBeGreaterThan(at);
      }
      const fences = before.filter((event) => event.kind === 'flush' && basename(event.file) === 'fence');
      expect(fences).toHaveLength(1);
    });
  },
);
