import { describe, expect, test } from 'vitest';
import { ErrorInfo, type Envelope } from '@aether-v/types';
import { Check } from 'typebox/value';
import type { OperationLine } from '../../../src/host-adapter/agent/host-operations.ts';
import { defaultHostGatewayLimits, HostGateway } from '../../../src/host-adapter/connect/host-gateway.ts';
import { HostOperationError } from '../../../src/host-adapter/errors/host-operation-error.ts';
import { guid } from '../../support/facts.ts';
import { fakeConnector, FakeHost } from '../../support/fake-agents.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

const vmId = guid(1);
const done = { type: 'result', result: { vmId, state: 'Running' } };

function setUp(names: readonly string[] = ['hv1']): {
  clock: FakeClock;
  hosts: FakeHost[];
  host: FakeHost;
  gateway: HostGateway;
} {
  const clock = new FakeClock();
  const hosts = names.map((name) => new FakeHost(name, clock));
  const gateway = new HostGateway({
    endpoints: hosts.map((host) => host.endpoint),
    connector: fakeConnector(hosts),
    clock,
    random: () => 0.5,
  });
  const [host] = hosts;
  if (host === undefined) throw new RangeError('a fleet without hosts');
  return { clock, hosts, host, gateway };
}

function call(clock: FakeClock, timeout = 60_000): { actor: string; deadline: Date } {
  return { actor: 'test', deadline: new Date(clock.now() + timeout) };
}

/** How a call ended, without an unhandled rejection in between. */
function outcome<T>(promise: Promise<T>): Promise<T | HostOperationError> {
  return promise.catch((error: unknown) => error as HostOperationError);
}

describe('HostGateway', () => {
  test('sends the contract’s envelope, and returns lines and result', async () => {
    const { clock, host, gateway } = setUp();
    host.respond = () => [{ type: 'progress', percent: 50, message: 'Starting' }, done];
    const lines: OperationLine<'vm.start'>[] = [];
    const result = await gateway.invoke(
      host.endpoint.address,
      'vm.start',
      { vmId },
      {
        ...call(clock),
        note: { text: '{}', mac: 'a'.repeat(64) },
        onLine: (line) => void lines.push(line),
      },
    );
    expect(result).toEqual(done.result);
    expect(lines).toMatchObject([{ type: 'progress', percent: 50, seq: 0 }]);
    expect(host.envelopes).toEqual([
      {
        contract: 2,
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/) as string,
        op: 'vm.start',
        // Two seconds less than ours, so that the host's own word arrives in time.
        timeoutSeconds: 58,
        actor: 'test',
        note: { text: '{}', mac: 'a'.repeat(64) },
        request: { vmId },
      },
    ]);
  });

  test('gives a host only the time left when the operation is sent', async () => {
    const { clock, host, gateway } = setUp();
    const { operationsPerHost } = defaultHostGatewayLimits;
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    host.respond = async function* () {
      await finished;
      yield done;
    };
    const calls = Array.from({ length: operationsPerHost + 1 }, () =>
      gateway.invoke(host.endpoint.address, 'vm.start', { vmId }, call(clock)),
    );
    await clock.advance(30_500);
    expect(host.envelopes).toHaveLength(operationsPerHost);
    finish();
    await Promise.all(calls);
    expect(host.envelopes.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([
      ...Array.from({ length: operationsPerHost }, () => 58),
      27,
    ]);
  });

  test('finds a host by its address and by its agent’s id, and refuses a second address with that id', async () => {
    const { clock, hosts, gateway } = setUp(['hv1', 'hv2']);
    const [one, two] = hosts.map((host) => host.endpoint.address);
    expect(gateway.identify(one ?? '', 'hv-one')).toMatchObject({ accepted: true });
    expect(gateway.identify(two ?? '', 'hv-one')).toMatchObject({ accepted: false, holder: one });
    await expect(gateway.invoke('hv-one', 'agent.info', {}, call(clock))).resolves.toMatchObject({
      hostId: 'hv1',
    });
    expect(gateway.identify(one ?? '', 'renamed')).toMatchObject({ accepted: true });
    await expect(gateway.invoke('hv-one', 'agent.info', {}, call(clock))).rejects.toMatchObject({
      code: 'not-found',
      began: false,
    });
  });

  test('uses one handshake for all concurrent operations', async () => {
    const { clock, host, gateway } = setUp();
    const calls = Array.from({ length: 20 }, () =>
      gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock)),
    );
    await Promise.all(calls);
    await gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock));
    expect(host.handshakes).toBe(1);
  });

  test('silently replaces a session that was lost while idle', async () => {
    const { clock, host, gateway } = setUp();
    await gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock));
    host.cut();
    await expect(gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock))).resolves.toBeDefined();
    expect(host.handshakes).toBe(2);
    expect(host.sessionsOpen).toBe(1);
  });

  test('does not repeat an operation that may have begun', async () => {
    const { clock, host, gateway } = setUp();
    await gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock));
    host.respond = async function* () {
      yield* [];
      await new Promise(() => undefined);
    };
    const ended = outcome(gateway.invoke(host.endpoint.address, 'vm.start', { vmId }, call(clock)));
    await settle();
    host.cut();
    await expect(ended).resolves.toMatchObject({ code: 'host-unreachable', began: true });
    expect(host.envelopes.filter((envelope: Envelope) => envelope.op === 'vm.start')).toHaveLength(1);
  });

  test('returns the error that the host reports', async () => {
    const { clock, host, gateway } = setUp();
    const error = { code: 'wrong-state', message: 'It is off.', remedy: null };
    host.respond = () => [{ type: 'error', error }];
    await expect(
      gateway.invoke(host.endpoint.address, 'vm.stop', { vmId }, call(clock)),
    ).rejects.toMatchObject({
      code: 'wrong-state',
      reported: true,
      began: true,
      info: error,
    });
  });

  test('truncates a host’s error text to what rows can hold', () => {
    const long = new HostOperationError('agent-error', 'x'.repeat(9999), {
      began: true,
      remedy: 'y'.repeat(9999),
    });
    expect(Check(ErrorInfo, long.info)).toBe(true);
  });

  test('refuses lines after the result', async () => {
    const { clock, host, gateway } = setUp();
    host.respond = () => [done, done];
    await expect(
      gateway.invoke(host.endpoint.address, 'vm.stop', { vmId }, call(clock)),
    ).rejects.toMatchObject({
      code: 'contract-violation',
    });
  });

  test('returns a result even if the stream does not end after it', async () => {
    const { clock, host, gateway } = setUp();
    host.respond = async function* () {
      yield done;
      await new Promise(() => undefined);
    };
    const result = gateway.invoke(host.endpoint.address, 'vm.stop', { vmId }, call(clock));
    await clock.advance(10_000);
    await expect(result).resolves.toEqual(done.result);
  });

  test('reads further only when the listener is done', async () => {
    const { clock, host, gateway } = setUp();
    let produced = 0;
    host.respond = function* () {
      for (let percent = 0; percent < 10; percent += 1) {
        produced += 1;
        yield { type: 'progress', percent, message: '' };
      }
      yield done;
    };
    let goOn = (): void => undefined;
    const onLine = (): Promise<void> => new Promise((resolve) => (goOn = resolve));
    const result = gateway.invoke(host.endpoint.address, 'vm.start', { vmId }, { ...call(clock), onLine });
    await settle();
    expect(produced).toBe(1);
    for (let line = 0; line < 10; line += 1) {
      goOn();
      await settle();
    }
    await expect(result).resolves.toEqual(done.result);
  });

  test('ends with the reason of its signal', async () => {
    const { clock, host, gateway } = setUp();
    host.fault = 'first-line';
    const controller = new AbortController();
    const ended = outcome(
      gateway.invoke(host.endpoint.address, 'agent.info', {}, { ...call(clock), signal: controller.signal }),
    );
    await settle();
    controller.abort(new Error('enough'));
    await expect(ended).resolves.toMatchObject({ message: 'enough' });
  });

  test.each([
    ['a handshake', 'connect', 20_000, false],
    ['the first line', 'first-line', 50_000, true],
  ] as const)('abandons %s that never comes', async (_, fault, limit, began) => {
    const { clock, host, gateway } = setUp();
    host.fault = fault;
    const ended = outcome(gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock, 3_600_000)));
    await clock.advance(limit - 1);
    expect(await Promise.race([ended, Promise.resolve('pending')])).toBe('pending');
    await clock.advance(1);
    await expect(ended).resolves.toMatchObject({ code: 'host-timeout', began });
    await settle();
    expect(host.sessionsOpen).toBe(0);
  });

  test('ends at its deadline, and reports whether the host may have begun', async () => {
    const { clock, host, gateway } = setUp();
    host.fault = 'connect';
    const early = outcome(gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock, 1000)));
    await clock.advance(1000);
    await expect(early).resolves.toMatchObject({
      code: 'host-timeout',
      began: false,
      message: 'The operation timed out before it was sent to the host.',
      remedy: 'Nothing was changed on the host. Check that the host responds, then try again.',
    });
    host.fault = undefined;
    await clock.advance(60_000);
    host.respond = async function* () {
      yield { type: 'progress', percent: 1, message: '' };
      await new Promise(() => undefined);
    };
    const late = outcome(gateway.invoke(host.endpoint.address, 'vm.start', { vmId }, call(clock, 1000)));
    await clock.advance(1000);
    await expect(late).resolves.toMatchObject({
      code: 'host-timeout',
      began: true,
      remedy: 'Check the host: the operation may still be running there.',
    });
  });

  test('stops calling an unreachable host, retries later, and recovers', async () => {
    const { clock, host, gateway } = setUp();
    host.fault = 'refuse';
    const attempt = (): Promise<unknown> =>
      outcome(gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock)));
    await expect(attempt()).resolves.toMatchObject({ code: 'host-unreachable', began: false });
    await expect(attempt()).resolves.toMatchObject({ code: 'host-unreachable' });
    await expect(attempt()).resolves.toMatchObject({
      code: 'host-unavailable',
      began: false,
      retryAfterSeconds: 2,
      cause: { code: 'host-unreachable' },
    });
    expect(host.handshakes).toBe(2);
    await clock.advance(1500);
    await expect(attempt()).resolves.toMatchObject({ code: 'host-unreachable' });
    await clock.advance(1500);
    await expect(attempt()).resolves.toMatchObject({ code: 'host-unavailable' });
    host.fault = undefined;
    await clock.advance(60_000);
    await expect(attempt()).resolves.toMatchObject({ hostId: 'hv1' });
    await expect(attempt()).resolves.toMatchObject({ hostId: 'hv1' });
    expect(host.handshakes).toBe(4);
  });

  test('hung hosts do not occupy the places of healthy hosts', async () => {
    const names = Array.from({ length: 40 }, (_, number) => `hv${String(number)}`);
    const { clock, hosts, gateway } = setUp(names);
    const hung = hosts.slice(0, 20);
    for (const host of hung) host.fault = 'connect';
    const failed = Promise.all(
      hung.map((host) => outcome(gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock)))),
    );
    await clock.advance(120_000);
    await failed;
    const suspects = hung.map((host) =>
      outcome(gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock))),
    );
    await settle();
    const good = hosts
      .slice(20)
      .map((host) => gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock)));
    // No time passes: they must not wait for any hung one.
    expect(await Promise.all(good)).toHaveLength(20);
    expect(hung.reduce((sum, host) => sum + host.handshakes, 0)).toBe(
      20 + defaultHostGatewayLimits.suspect.handshakes,
    );
    await clock.advance(200_000);
    await Promise.all(suspects);
  });

  test('ends all operations when closed', async () => {
    const { clock, host, gateway } = setUp();
    host.respond = async function* () {
      yield { type: 'progress', percent: 1, message: '' };
      await new Promise(() => undefined);
    };
    const running = outcome(gateway.invoke(host.endpoint.address, 'vm.start', { vmId }, call(clock)));
    await settle();
    await gateway.close();
    await expect(running).resolves.toMatchObject({ code: 'shutting-down', began: true });
    await expect(gateway.invoke(host.endpoint.address, 'agent.info', {}, call(clock))).rejects.toMatchObject({
      code: 'shutting-down',
      began: false,
    });
    expect(host.sessionsOpen).toBe(0);
    expect(clock.waiting).toBe(0);
  });
});
