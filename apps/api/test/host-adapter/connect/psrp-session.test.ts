import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { HostEndpoint } from '../../../src/config/host-endpoint.ts';
import { Secret } from '../../../src/config/secret.ts';
import type { AgentConnector } from '../../../src/host-adapter/agent/agent-session.ts';
import { configuredConnector } from '../../../src/host-adapter/connect/configured-connector.ts';
import { HostGateway } from '../../../src/host-adapter/connect/host-gateway.ts';
import { FleetCollector } from '../../../src/inventory/fleet-collector.ts';
import { FleetStore } from '../../../src/inventory/fleet-store.ts';
import { defaultSupervision } from '../../../src/inventory/host-supervisor.ts';
import { UsageStore } from '../../../src/inventory/usage-store.ts';
import { basicEndpoint, reachSettings } from '../../support/endpoints.ts';
import { guid, vmFacts } from '../../support/facts.ts';
import { FakeHost } from '../../support/fake-agents.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { oneHost, ServedHost, serveHosts, type WireFault } from '../../support/served-host.ts';

const vmId = guid(1);

function connector(password = 'secret'): AgentConnector {
  return configuredConnector({
    ...reachSettings,
    winrmUsername: 'operator',
    winrmPassword: new Secret(password),
    winrmCloseTimeout: 0.2,
  });
}

function gatewayTo(endpoints: readonly HostEndpoint[], password?: string): HostGateway {
  const gateway = new HostGateway({ endpoints, connector: connector(password) });
  onTestFinished(() => gateway.close());
  return gateway;
}

function call(): { actor: string; deadline: Date } {
  return { actor: 'test', deadline: new Date(Date.now() + 20_000) };
}

describe('operations over PowerShell Remoting', () => {
  test('run in one shell with one Command and one Receive each', async () => {
    const { host, endpoint } = await oneHost();
    const gateway = gatewayTo([endpoint]);
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).resolves.toMatchObject({
      hostId: 'hv1',
    });
    const before = host.listener.traffic.byAction;
    await gateway.invoke(endpoint.address, 'agent.info', {}, call());
    const after = host.listener.traffic.byAction;
    expect([
      after.create - before.create,
      after.command - before.command,
      after.receive - before.receive,
    ]).toEqual([0, 1, 1]);
  });

  test('fail alone if the host sends an unreadable object: others on the session continue', async () => {
    const { host, endpoint } = await oneHost();
    const started = Promise.withResolvers<undefined>();
    const end = Promise.withResolvers<undefined>();
    host.agent.respond = async function* ({ op }) {
      started.resolve(undefined);
      if (op === 'vm.stop') yield { type: 'progress', percent: 1, message: 'x'.repeat(5 * 1024 * 1024) };
      else await end.promise;
      yield { type: 'result', result: { vmId, state: 'Running' } };
    };
    const gateway = gatewayTo([endpoint]);
    const other = gateway.invoke(endpoint.address, 'vm.start', { vmId }, call());
    await started.promise;
    const { create } = host.listener.traffic.byAction;
    await expect(gateway.invoke(endpoint.address, 'vm.stop', { vmId }, call())).rejects.toMatchObject({
      code: 'contract-violation',
      problem: 'agent-contract',
      began: true,
    });
    end.resolve(undefined);
    await expect(other).resolves.toEqual({ vmId, state: 'Running' });
    await gateway.invoke(endpoint.address, 'agent.info', {}, call());
    expect(host.listener.traffic.byAction.create).toBe(create);
  });

  test('run in parallel and stream their lines', async () => {
    const { host, endpoint } = await oneHost();
    host.agent.respond = function* () {
      for (let percent = 0; percent < 100; percent += 10)
        yield { type: 'progress', percent, message: 'Starting' };
      yield { type: 'result', result: { vmId, state: 'Running' } };
    };
    const gateway = gatewayTo([endpoint]);
    const percents: (number | null)[] = [];
    const calls = Array.from({ length: 20 }, (_, number) =>
      gateway.invoke(
        endpoint.address,
        'vm.start',
        { vmId },
        {
          ...call(),
          onLine: (line) => {
            if (number === 0 && line.type === 'progress') percents.push(line.percent);
          },
        },
      ),
    );
    expect(await Promise.all(calls)).toEqual(calls.map(() => ({ vmId, state: 'Running' })));
    expect(percents).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(host.listener.shellCount).toBe(1);
    await gateway.close();
    expect(host.listener.shellCount).toBe(0);
  });

  test('are stopped on the host when their caller aborts', async () => {
    const { host, endpoint } = await oneHost();
    const gateway = gatewayTo([endpoint]);
    const stop = new AbortController();
    const heard = Promise.withResolvers<undefined>();
    const watching = gateway.invoke(
      endpoint.address,
      'watch',
      { reconcileSeconds: 60, usageSeconds: null },
      {
        ...call(),
        signal: stop.signal,
        onLine: () => heard.resolve(undefined),
      },
    );
    await heard.promise;
    stop.abort(new Error('enough'));
    await expect(watching).rejects.toThrow('enough');
    await vi.waitUntil(() => host.agent.watching === 0, { timeout: 60_000 });
  });

  test('fail with their connection, and the next one opens a new session', async () => {
    const { host, endpoint } = await oneHost();
    const gateway = gatewayTo([endpoint]);
    const watching = gateway.invoke(
      endpoint.address,
      'watch',
      { reconcileSeconds: 60, usageSeconds: null },
      {
        ...call(),
        onLine: (line) => {
          if (line.type === 'item' && line.item.kind === 'synced') host.begin('refuse');
        },
      },
    );
    await expect(watching).rejects.toMatchObject({ code: 'host-unreachable', began: true });
    host.fault = undefined;
    await vi.waitUntil(
      () =>
        gateway.invoke(endpoint.address, 'agent.info', {}, call()).then(
          () => true,
          () => false,
        ),
      { timeout: 60_000 },
    );
  });
});

describe('an operation that has begun', () => {
  test.each(['forget-shells', 'deny'] as const)(
    'has begun even if the host then refuses: %s',
    async (fault) => {
      const { host, endpoint } = await oneHost();
      host.agent.respond = async function* () {
        yield { type: 'progress', percent: 1, message: '' };
        await new Promise(() => undefined);
      };
      const gateway = gatewayTo([endpoint]);
      const running = gateway.invoke(
        endpoint.address,
        'vm.start',
        { vmId },
        { ...call(), onLine: () => host.begin(fault) },
      );
      await expect(running).rejects.toMatchObject({ began: true, reported: false });
    },
  );
});

describe('a host that cannot be used reports the problem', () => {
  test('the agent is missing', async () => {
    const endpoint = await serveWithout();
    const gateway = gatewayTo([endpoint]);
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).rejects.toMatchObject({
      code: 'agent-missing',
      began: false,
      remedy: expect.stringContaining('Install') as string,
    });
  });

  test('the agent fails', async () => {
    const { host, endpoint } = await oneHost();
    host.installed = false;
    const gateway = gatewayTo([endpoint]);
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).rejects.toMatchObject({
      code: 'agent-error',
      began: true,
      reported: false,
    });
  });

  test('a wrong password is not retried repeatedly', async () => {
    const { endpoint } = await oneHost();
    const gateway = gatewayTo([endpoint], 'wrong');
    const attempt = (): Promise<unknown> => gateway.invoke(endpoint.address, 'agent.info', {}, call());
    await expect(attempt()).rejects.toMatchObject({ code: 'access-denied', began: false });
    await expect(attempt()).rejects.toMatchObject({ code: 'host-unavailable', retryAfterSeconds: 60 });
  });

  test('the port is closed', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const endpoint = basicEndpoint(`http://127.0.0.1:${String(port)}/wsman`);
    await expect(
      gatewayTo([endpoint]).invoke(endpoint.address, 'agent.info', {}, call()),
    ).rejects.toMatchObject({
      code: 'host-unreachable',
      began: false,
      message: 'The host refuses connections to WinRM.',
    });
  });

  test('another server answers', async () => {
    const server = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const endpoint = basicEndpoint(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
    await expect(
      gatewayTo([endpoint]).invoke(endpoint.address, 'agent.info', {}, call()),
    ).rejects.toMatchObject({
      code: 'host-unreachable',
      began: false,
      message: 'The server at this address does not speak WS-Management.',
    });
  });

  test('Basic over plain HTTP to another machine is refused', async () => {
    const endpoint = basicEndpoint('http://192.0.2.1:5985/wsman');
    await expect(
      gatewayTo([endpoint]).invoke(endpoint.address, 'agent.info', {}, call()),
    ).rejects.toMatchObject({
      code: 'host-unreachable',
      message: 'The password would be sent in clear text.',
    });
  });
});

describe.each<[WireFault]>([['silent'], ['receive-hangs'], ['stall-body'], ['cut-body'], ['refuse']])(
  'one host with the fault %s',
  (fault) => {
    const interval = 60_000;

    test.each([
      ['from the start', true],
      ['later', false],
    ])('%s: every other host is read in every interval, with one handshake', async (_, fromStart) => {
      const clock = new FakeClock();
      const hosts = ['hv0', 'hv1', 'hv2', 'hv3'].map((name) => {
        const agent = new FakeHost(name, clock);
        agent.watches = false;
        agent.setVm(vmFacts(guid(Number(name.at(-1)))));
        return new ServedHost(agent);
      });
      const served = await serveHosts(hosts);
      const { endpoints } = served;
      const random = (): number => 0.5;
      const store = new FleetStore({ clock });
      const gateway = new HostGateway({ endpoints, connector: connector(), clock, random });
      const collector = new FleetCollector({
        endpoints,
        operations: gateway,
        directory: gateway,
        store,
        usage: new UsageStore(),
        clock,
        random,
        settings: { ...defaultSupervision, refreshInterval: interval },
      });
      const [bad, ...others] = hosts;
      if (fromStart) bad?.begin(fault);
      collector.start();
      // Real sockets and held time: each interval lasts until all others were read in it, or the test runs out of time.
      const allRead = (): boolean =>
        others.every(({ agent }) => collector.readAt(agent.hostId) === clock.now());
      await vi.waitUntil(allRead, { timeout: 10_000 });
      if (!fromStart) bad?.begin(fault);
      for (let round = 0; round < 10; round += 1) {
        await clock.advance(interval);
        await vi.waitUntil(allRead, { timeout: 10_000 });
      }
      expect(others.map(({ listener }) => listener.traffic.byAction.create)).toEqual([1, 1, 1]);
      const row = [...store.rows('host').values()].find((host) => host.address.includes('/hv0/'));
      expect(row?.connection.state).toBe('unreachable');
      expect(row?.connection.error?.code).toMatch(/^host-(timeout|unreachable)$/);
      await collector.stop();
      await gateway.close();
      await served[Symbol.asyncDispose]();
    });
  },
);

/** A host with PowerShell Remoting and no agent. */
async function serveWithout(): Promise<HostEndpoint> {
  const { createPsrpShell, basicAuthentication, routeByPath, WsmanListener } =
    await import('@aether-v/psrp/server');
  const listener = new WsmanListener({
    backend: createPsrpShell({ commands: {} }),
    authentication: basicAuthentication(() => true),
  });
  const server = createServer(routeByPath(() => listener));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await listener.close();
    server.closeAllConnections();
    server.close();
  });
  return basicEndpoint(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/wsman`);
}
