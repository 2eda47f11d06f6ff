import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { RunspacePool, wsmanTransport, basic } from '@aether-v/psrp/client';
import { systemClock } from '../../../src/common/clock.ts';
import type { HostEndpoint } from '../../../src/config/host-endpoint.ts';
import { Secret } from '../../../src/config/secret.ts';
import { serviceNameOf } from '../../../src/config/service-name.ts';
import { configuredConnector } from '../../../src/host-adapter/connect/configured-connector.ts';
import { HostGateway } from '../../../src/host-adapter/connect/host-gateway.ts';
import { reachSettings } from '../../support/endpoints.ts';
import { FakeHost } from '../../support/fake-agents.ts';
import { ServedHost, serveHosts } from '../../support/served-host.ts';

interface Service {
  readonly gateway: HostGateway;
  readonly said: readonly string[];
}

async function hostWithRoomFor(shellsPerUser: number): Promise<{ host: ServedHost; endpoint: HostEndpoint }> {
  const host = new ServedHost(new FakeHost('hv1', systemClock), undefined, { quotas: { shellsPerUser } });
  host.agent.respond = async function* (envelope) {
    yield { type: 'progress', percent: 10, message: envelope.op };
    await new Promise(() => undefined);
  };
  const served = await serveHosts([host]);
  onTestFinished(() => served[Symbol.asyncDispose]());
  const [endpoint] = served.endpoints;
  if (endpoint === undefined) throw new RangeError('no endpoint');
  return { host, endpoint };
}

function service(endpoint: HostEndpoint, serviceName: string | null): Service {
  const said: string[] = [];
  const account = { winrmUsername: 'operator', winrmPassword: new Secret('secret') };
  const connector = configuredConnector({ ...reachSettings, ...account, serviceName }, (message) => {
    said.push(message);
  });
  const gateway = new HostGateway({ endpoints: [endpoint], connector });
  onTestFinished(async () => {
    await gateway.close();
    connector.dispose?.();
  });
  return { gateway, said };
}

function ask({ gateway }: Service, { address }: HostEndpoint): Promise<unknown> {
  const call = { actor: 'test', deadline: new Date(Date.now() + 60_000) };
  return gateway.invoke(address, 'agent.info', {}, call);
}

/** A service that is killed while it watches the host and runs an operation there. */
async function killed({ address }: HostEndpoint, serviceName: string): Promise<void> {
  const script = fileURLToPath(new URL('../../support/hold-session.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@aether-v/source', script, address, serviceName], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const [said] = (await Promise.race([once(child.stdout, 'data'), gone])) as [unknown];
  expect(String(said)).toBe('open');
  child.kill('SIGKILL');
  await gone;
}

describe('a service that was killed', () => {
  test('leaves a host without room, which its next start frees', async () => {
    const { host, endpoint } = await hostWithRoomFor(1);
    await killed(endpoint, 'rack-7');
    expect(host.listener.shellCount).toBe(1);
    const startedAt = Date.now();
    const next = service(endpoint, 'rack-7');
    await expect(ask(next, endpoint)).resolves.toMatchObject({ hostId: 'hv1' });
    console.info(`The host is used again ${String(Date.now() - startedAt)} ms after the new start.`);
    expect(next.said).toEqual([expect.stringMatching(/deleted orphaned shells .*: 1\.$/)]);
    expect(host.listener.shellCount).toBe(1);
    // Neither its watch nor its operation goes on at the host.
    await vi.waitUntil(() => host.agent.watching === 0, { timeout: 60_000 });
  }, 60_000);

  test('has its shells swept even if there is room', async () => {
    const { host, endpoint } = await hostWithRoomFor(25);
    await killed(endpoint, 'rack-7');
    const next = service(endpoint, 'rack-7');
    await ask(next, endpoint);
    await vi.waitUntil(() => host.listener.shellCount === 1, { timeout: 20_000 });
    expect(next.said).toHaveLength(1);
    await expect(ask(next, endpoint)).resolves.toMatchObject({ hostId: 'hv1' });
  }, 60_000);

  test('does not delete the shells of others, even without room', async () => {
    const { host, endpoint } = await hostWithRoomFor(1);
    await killed(endpoint, 'rack-7');
    for (const name of ['rack-71', 'rack', null]) {
      await expect(ask(service(endpoint, name), endpoint)).rejects.toMatchObject({
        problem: 'quota-shells',
      });
    }
    expect(host.listener.shellCount).toBe(1);
  }, 60_000);
});

test('shells of others are kept and continue to work', async () => {
  const { host, endpoint } = await hostWithRoomFor(25);
  const other = service(endpoint, 'rack-8');
  await ask(other, endpoint);
  const transport = wsmanTransport({ url: endpoint.address, authenticator: basic('operator', 'secret') });
  await using stranger = await RunspacePool.open(transport, { name: 'Aether-V' });
  const first = service(endpoint, 'rack-7');
  await ask(first, endpoint);
  expect(host.listener.shellCount).toBe(3);
  await vi.waitUntil(() => host.listener.traffic.byAction.enumerate === 2, { timeout: 20_000 });
  await ask(other, endpoint);
  expect(host.listener.shellCount).toBe(3);
  expect(stranger.state).toBe('Opened');
  expect([...first.said, ...other.said]).toEqual([]);
});

test('an orphaned shell of a lost connection makes room for the next one', async () => {
  const { host, endpoint } = await hostWithRoomFor(1);
  const only = service(endpoint, 'rack-7');
  await ask(only, endpoint);
  host.begin('refuse');
  await expect(ask(only, endpoint)).rejects.toMatchObject({ code: 'host-unreachable' });
  host.fault = undefined;
  await vi.waitUntil(
    () =>
      ask(only, endpoint).then(
        () => true,
        () => false,
      ),
    { timeout: 30_000, interval: 500 },
  );
  expect(host.listener.shellCount).toBe(1);
}, 60_000);

describe('the name of an installation', () => {
  const here = { hostName: 'mgmt01.example.org', machineId: 'a1' };
  const nameOf = (changes: object = {}, where = here): string | null =>
    serviceNameOf({ serviceName: null, bindAddress: '127.0.0.1', port: 8000, ...changes }, where);

  test('is the same after a restart, and fits into a shell name', () => {
    expect(nameOf()).toBe(nameOf());
    expect(nameOf()).toMatch(/^[\w.-]{1,40}$/);
    expect(nameOf({}, { ...here, hostName: 'ü'.repeat(300) })).toMatch(/^[\w.-]{1,40}$/);
  });

  test('differs between services that can run at the same time', () => {
    const names = [
      nameOf(),
      nameOf({ port: 8001 }),
      nameOf({ bindAddress: '127.0.0.2' }),
      nameOf({}, { ...here, hostName: 'mgmt02.example.org' }),
      nameOf({}, { ...here, machineId: 'b2' }),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test('is SERVICE_NAME, or none if another service could have the same', () => {
    expect(nameOf({ serviceName: 'rack-7' })).toBe('rack-7');
    expect(nameOf({ port: 0 })).toBeNull();
    expect(nameOf({}, { ...here, machineId: '' })).toBeNull();
  });
});
