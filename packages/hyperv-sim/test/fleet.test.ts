import { basic, RunspacePool, wsmanTransport } from '@aether-v/psrp/client';
import { InventoryItem } from '@aether-v/types';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startFleet, type SimulatedFleet } from '../src/fleet/index.ts';
import { envelope, parseLine } from './conversation.ts';

const account = { username: 'admin', password: 'pässword:with colon' };
const itemCheck = Compile(InventoryItem);
let fleet: SimulatedFleet;

beforeAll(async () => {
  fleet = await startFleet({ ...account, seed: 'e2e' });
});
afterAll(() => fleet.close());

function openPool(hostId: string, password = account.password): Promise<RunspacePool> {
  const url = fleet.hosts.find((host) => host.hostId === hostId)?.url ?? '';
  const transport = wsmanTransport({ url, authenticator: basic(account.username, password) });
  return RunspacePool.open(transport, { maxRunspaces: 5 });
}

function invocation(op: Parameters<typeof envelope>[0], request: unknown = {}) {
  return { command: 'Invoke-AetherVOperation', parameters: { Request: envelope(op, request) } };
}

test('every host has its own path on one port', async () => {
  expect(new Set(fleet.hostUrls.map((url) => new URL(url).host)).size).toBe(1);
  await Promise.all(
    fleet.hosts.map(async ({ hostId, name }) => {
      await using pool = await openPool(hostId);
      const { output } = await pool.invoke(invocation('agent.info')).collect();
      expect(parseLine(output[0])).toMatchObject({ type: 'result', result: { hostId, name } });
    }),
  );
  for (const { hostId } of fleet.hosts) expect(fleet.counters(hostId).shells).toBe(0);
});

test('agent.info on a warm pool costs one Command and one Receive', async () => {
  await using pool = await openPool('hv-03');
  await pool.invoke(invocation('agent.info')).collect();
  const seen = (): unknown => {
    const { command, receive, send, create, signal } = fleet.counters('hv-03').byAction;
    return { command, receive, send, create, signal };
  };
  await vi.waitFor(() => expect(fleet.counters('hv-03').byAction.signal).toBeGreaterThan(0), {
    timeout: 60_000,
  });
  fleet.resetCounters('hv-03');
  await pool.invoke(invocation('agent.info')).collect();
  await vi.waitFor(() => expect(seen()).toEqual({ command: 1, receive: 1, send: 0, create: 0, signal: 1 }), {
    timeout: 60_000,
  });
});

test('a wrong password is refused', async () => {
  await expect(openPool('hv-01', 'wrong')).rejects.toMatchObject({ code: 'access-denied' });
});

test.each([
  ['another command', { command: 'Get-VM' }, 'CommandNotFoundException'],
  ['a script', { script: 'Get-VM | Stop-VM' }, 'ScriptsNotAllowed'],
  [
    'the command without its parameter',
    { command: 'Invoke-AetherVOperation' },
    'ParameterArgumentValidationError,Invoke-AetherVOperation',
  ],
])('%s is refused like in PowerShell', async (_what, wrong, fullyQualifiedErrorId) => {
  await using pool = await openPool('hv-01');
  await expect(pool.invoke(wrong).collect()).rejects.toMatchObject({
    errorRecord: { fullyQualifiedErrorId },
  });
});

test('an inventory arrives completely', async () => {
  await using pool = await openPool('hv-02');
  const { output } = await pool.invoke(invocation('inventory')).collect();
  const lines = output.map((line) => parseLine(line));
  const vms = lines.flatMap((line) =>
    line.type === 'item' && itemCheck.Check(line.item) && line.item.kind === 'vm' ? [line.item.vm.name] : [],
  );
  expect(vms).toEqual(fleet.engine.vms('hv-02').map(({ name }) => name));
});

test('a watch reports external changes, and is ended on the host when its pool closes', async () => {
  const subscribed = vi.spyOn(fleet.engine, 'subscribe');
  const pool = await openPool('hv-12');
  const pipeline = pool.invoke(invocation('watch', { reconcileSeconds: 3_600, usageSeconds: null }));
  pipeline.completed.catch(() => undefined);
  const vm = fleet.engine.vms('hv-12')[0];
  let renamed = false;
  for await (const text of pipeline.output) {
    const line = parseLine(text);
    if (line.type !== 'item' || !itemCheck.Check(line.item)) continue;
    if (line.item.kind === 'synced') fleet.engine.renameVm('hv-12', vm?.vmId ?? '', 'RENAMED-AT-HOST');
    renamed = line.item.kind === 'vm' && line.item.vm.name === 'RENAMED-AT-HOST';
    if (renamed) break;
  }
  expect(renamed).toBe(true);
  await pool.close();
  expect(fleet.counters('hv-12').shells).toBe(0);
  expect(subscribed).toHaveBeenCalledTimes(1);
  subscribed.mockRestore();
});

test('a VM is started over WinRM, with progress', async () => {
  await using pool = await openPool('hv-03');
  const vm = fleet.engine.vms('hv-03').find(({ name }) => name === 'SQL-TEST-01');
  const { output } = await pool.invoke(invocation('vm.start', { vmId: vm?.vmId })).collect();
  const lines = output.map((line) => parseLine(line));
  expect(lines.filter(({ type }) => type === 'progress').length).toBeGreaterThan(0);
  expect(lines.at(-1)).toMatchObject({ type: 'result', result: { state: 'Running' } });
  expect(fleet.engine.vm('hv-03', vm?.vmId ?? '')?.state).toBe('Running');
});
