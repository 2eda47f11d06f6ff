import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { getEventListeners, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { lifeName, RunspacePool, sweepShells, wsmanTransport } from '../../src/client/index.ts';
import { hostAuthenticator, startHost } from '../e2e/host.ts';
import { bytes } from '../server/fake-backend.ts';
import { FakeClock, Harness, until } from '../server/harness.ts';
import { clientOf, failure, never, transportTo } from './connect.ts';

const namePrefix = 'Aether-V:rack-7';
const [earlier, present, other] = [randomUUID(), randomUUID(), randomUUID()];

/** Opens a shell of this name, with nobody behind it any more. */
async function orphan(harness: Harness, name: string | undefined): Promise<string> {
  const shellId = randomUUID().toUpperCase();
  const client = clientOf(harness);
  await client.request(
    {
      action: 'create',
      resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
      shellId,
      ...(name === undefined ? {} : { name }),
      idleTimeoutMs: 600_000,
      noProfile: true,
      protocolVersion: '2.3',
      creation: bytes('x'),
    },
    never,
  );
  await client.close();
  return shellId;
}

test('deletes only shells of earlier runs', async () => {
  await using harness = await Harness.start();
  const left = [lifeName(namePrefix, earlier), lifeName(namePrefix, randomUUID())];
  const kept = [
    lifeName(namePrefix, present),
    lifeName(namePrefix, other),
    lifeName('Aether-V:rack-71', earlier),
    lifeName('Aether-V', earlier),
    `${namePrefix}:`,
    `${namePrefix}:not an id`,
    namePrefix,
    'Remote Shell',
    undefined,
  ];
  const orphans: string[] = [];
  for (const name of left) orphans.push(await orphan(harness, name));
  for (const name of kept) await orphan(harness, name);
  const client = clientOf(harness);
  const { deleted, failed } = await sweepShells(client, { namePrefix, living: [present, other] });
  expect(new Set(deleted.map(({ shellId }) => shellId))).toEqual(new Set(orphans));
  expect(failed).toEqual([]);
  expect((await client.shells()).map(({ name }) => name)).toEqual(kept);
  expect(await sweepShells(client, { namePrefix, living: [present, other] })).toEqual({
    deleted: [],
    failed: [],
  });
  await client.close();
});

test('a killed service leaves a shell that its next run sweeps, while a live pool continues', async () => {
  await using host = await startHost();
  const open = (name: string) =>
    RunspacePool.open(wsmanTransport({ url: host.url, authenticator: hostAuthenticator }), { name });
  const script = fileURLToPath(new URL('support/open-pool.ts', import.meta.url));
  const service = spawn(process.execPath, [script, host.url, lifeName(namePrefix, earlier)]);
  const isGone = once(service, 'exit');
  await once(service.stdout, 'data');
  service.kill('SIGKILL');
  await isGone;
  await until(() => host.sockets.size === 0);
  expect(host.listener.shellCount).toBe(1);
  await using living = await open(lifeName(namePrefix, present));
  const client = clientOf({ url: host.url }, { authenticator: hostAuthenticator });
  const { deleted } = await sweepShells(client, { namePrefix, living: [present] });
  expect(deleted).toMatchObject([{ name: lifeName(namePrefix, earlier) }]);
  expect(host.listener.shellCount).toBe(1);
  const { output } = await living
    .invoke({ command: 'Get-AgentInfo', parameters: { Request: 'x' } })
    .collect();
  expect(output).toEqual(['agent for x']);
  await client.close();
});

test('spares a run that begins while the shells are listed', async () => {
  const living = new Set<string>();
  await using harness = await Harness.start({
    intercept: async ({ action }, next) => {
      if (action === 'enumerate') {
        living.add(present);
        await orphan(harness, lifeName(namePrefix, present));
      }
      return next();
    },
  });
  await orphan(harness, lifeName(namePrefix, earlier));
  const client = clientOf(harness);
  const { deleted } = await sweepShells(client, { namePrefix, living });
  expect(deleted).toMatchObject([{ name: lifeName(namePrefix, earlier) }]);
  expect(harness.listener.shellCount).toBe(1);
  await client.close();
});

test('spares shells with a recent request, if requested', async () => {
  const clock = new FakeClock();
  await using harness = await Harness.start({ clock });
  const shellId = await orphan(harness, lifeName(namePrefix, earlier));
  const client = clientOf(harness);
  const sweep = () => sweepShells(client, { namePrefix, living: [present], minInactivityMs: 90_000 });
  clock.advance(89_000);
  expect((await sweep()).deleted).toEqual([]);
  clock.advance(1_000);
  expect((await sweep()).deleted).toMatchObject([{ shellId }]);
  await client.close();
});

describe('a shell', () => {
  test('that cannot be deleted does not prevent the deletion of others', async () => {
    let refused = '';
    await using harness = await Harness.start({
      intercept: ({ action, shellId }, next) => {
        if (action !== 'delete' || shellId !== refused) return next();
        return Promise.resolve({ status: 403, headers: {}, body: Buffer.alloc(0) });
      },
    });
    const names = Array.from({ length: 5 }, () => lifeName(namePrefix, randomUUID()));
    const ids: string[] = [];
    for (const name of names) ids.push(await orphan(harness, name));
    refused = ids[2] ?? '';
    const client = clientOf(harness);
    const { deleted, failed } = await sweepShells(client, { namePrefix, living: [present] });
    expect(deleted).toHaveLength(4);
    expect(failed).toMatchObject([{ shell: { shellId: refused }, error: { code: 'access-denied' } }]);
    await client.close();
  });

  test('that has ended in the meantime counts as deleted', async () => {
    await using harness = await Harness.start({
      intercept: async ({ action }, next) => {
        if (action === 'delete') await next();
        return next();
      },
    });
    await orphan(harness, lifeName(namePrefix, earlier));
    const client = clientOf(harness);
    const { deleted, failed } = await sweepShells(client, { namePrefix, living: [present] });
    expect([deleted.length, failed.length]).toEqual([1, 0]);
    await client.close();
  });
});

describe.each(['enumerate', 'delete'] as const)('a host that does not respond %s', (silent) => {
  const start = () =>
    Harness.start({
      intercept: ({ action }, next) => (action === silent ? Promise.resolve(undefined) : next()),
    });

  test('is abandoned after the time limit', async () => {
    await using harness = await start();
    await orphan(harness, lifeName(namePrefix, earlier));
    const client = clientOf(harness);
    const sweep = sweepShells(client, { namePrefix, living: [present], timeoutMs: 50 });
    expect(await failure(sweep)).toMatchObject({ code: 'timeout' });
    await client.close();
  });

  test('is abandoned with its caller', async () => {
    await using harness = await start();
    await orphan(harness, lifeName(namePrefix, earlier));
    const client = clientOf(harness);
    const controller = new AbortController();
    const { signal } = controller;
    const sweep = sweepShells(client, { namePrefix, living: [present], signal });
    const rejected = expect(sweep).rejects.toThrow('shutting down');
    await until(() => harness.listener.traffic.byAction[silent] === 1);
    controller.abort(new Error('shutting down'));
    await rejected;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await client.close();
  });
});

test.each([
  ['', earlier],
  ['Aether-V/7', earlier],
  ['x'.repeat(40), earlier],
  [namePrefix, ''],
  [namePrefix, 'not an id'],
])('the prefix %j with the id %j is not a valid name', (prefix, lifeId) => {
  expect(() => lifeName(prefix, lifeId)).toThrow(TypeError);
});

test('a pool carries the name to its host unchanged', async () => {
  await using harness = await Harness.start();
  const transport = transportTo(harness);
  const name = lifeName(namePrefix, present);
  await transport.open({ poolId: randomUUID(), creation: bytes('x'), name }, never);
  expect(harness.backend.shells[0]?.opening.name).toBe(name);
  await transport.close();
});
