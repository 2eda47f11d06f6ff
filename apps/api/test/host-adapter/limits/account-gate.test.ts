import { describe, expect, test } from 'vitest';
import { HostGateway } from '../../../src/host-adapter/connect/host-gateway.ts';
import { HostOperationError } from '../../../src/host-adapter/errors/host-operation-error.ts';
import {
  AccountGate,
  refusalWait,
  refusesCredentials,
} from '../../../src/host-adapter/limits/account-gate.ts';
import { endpointAt } from '../../support/endpoints.ts';
import { fakeConnector, FakeHost } from '../../support/fake-agents.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

const minute = 60_000;
const wrong = HostOperationError.of('bad-password', { began: false });
const never = new AbortController().signal;

/** Hosts of one account, and the moments (in minutes) at which each was tried. */
class Fleet {
  readonly clock = new FakeClock();
  readonly hosts: readonly FakeHost[];
  readonly gateway: HostGateway;
  readonly tried: number[] = [];
  /** What a host says to the account; null accepts it. */
  verdict: (host: string) => HostOperationError | null = () => wrong;
  readonly #start = this.clock.now();

  constructor(count: number, scheme: 'basic' | 'kerberos' = 'basic') {
    this.hosts = Array.from({ length: count }, (_, at) => new FakeHost(`hv${String(at)}`, this.clock));
    const agents = fakeConnector(this.hosts);
    this.gateway = new HostGateway({
      endpoints: this.hosts.map((host) => endpointAt(host.endpoint.address, scheme)),
      connector: {
        open: (endpoint, signal) => {
          const verdict = this.verdict(endpoint.target.kind === 'local' ? '' : endpoint.target.url.hostname);
          if (verdict === null) return agents.open(endpoint, signal);
          this.tried.push((this.clock.now() - this.#start) / minute);
          return Promise.reject(verdict);
        },
      },
      clock: this.clock,
      random: () => 0.5,
    });
  }

  host(at: number): FakeHost {
    const host = this.hosts[at];
    if (host === undefined) throw new RangeError('no such host');
    return host;
  }

  /** Asks every host who it is; how each answered. */
  async askAll(hosts = this.hosts): Promise<string[]> {
    const asked = Promise.all(hosts.map((host) => this.ask(host)));
    await this.clock.advance(0);
    return asked;
  }

  async ask({ endpoint }: FakeHost): Promise<string> {
    const call = { actor: 'test', deadline: new Date(this.clock.now() + minute) };
    try {
      return (await this.gateway.invoke(endpoint.address, 'agent.info', {}, call)).hostId;
    } catch (error) {
      return error instanceof HostOperationError ? error.code : String(error);
    }
  }
}

describe('credentials that no host accepts', () => {
  test('are tried on two of many hosts at startup, then on one with exponential backoff', async () => {
    const fleet = new Fleet(100);
    const answers = await fleet.askAll();
    expect(answers.filter((answer) => answer === 'access-denied')).toHaveLength(2);
    expect(answers.filter((answer) => answer === 'host-unavailable')).toHaveLength(98);
    for (let passed = 0; passed < 180; passed += 1) {
      await fleet.clock.advance(minute);
      await fleet.askAll();
    }
    expect(fleet.tried).toEqual([0, 0, 1, 3, 7, 15, 31, 63, 123]);
  });

  test('are tried on a single host with exponential backoff', async () => {
    const fleet = new Fleet(1);
    for (let second = 0; second < 3 * 60 * 60; second += 15) {
      await fleet.askAll();
      await fleet.clock.advance(15_000);
    }
    expect(fleet.tried).toEqual([0, 1, 3, 7, 15, 31, 63, 123]);
  });

  test('are reported with the time of the next attempt', async () => {
    const fleet = new Fleet(3);
    await fleet.askAll();
    const call = { actor: 'test', deadline: new Date(fleet.clock.now() + minute) };
    const { endpoint } = fleet.host(2);
    await expect(fleet.gateway.invoke(endpoint.address, 'agent.info', {}, call)).rejects.toMatchObject({
      code: 'host-unavailable',
      retryAfterSeconds: 60,
      message: expect.stringContaining(wrong.message) as string,
      remedy: wrong.remedy,
    });
  });

  test('work at once after they are corrected', async () => {
    const fleet = new Fleet(50);
    await fleet.askAll();
    fleet.verdict = () => null;
    await fleet.clock.advance(minute);
    expect(await fleet.askAll(fleet.hosts.slice(2))).toEqual(
      fleet.hosts.slice(2).map(({ hostId }) => hostId),
    );
  });
});

describe('a single host that refuses', () => {
  test('does not delay others, and is tried with exponential backoff', async () => {
    const fleet = new Fleet(50);
    fleet.verdict = (host) => (host === 'hv0' ? wrong : null);
    const answers = await fleet.askAll();
    expect(answers[0]).toBe('access-denied');
    expect(answers.slice(1)).toEqual(fleet.hosts.slice(1).map(({ hostId }) => hostId));
    for (let second = 0; second < 60 * 60; second += 15) {
      await fleet.clock.advance(15_000);
      await fleet.ask(fleet.host(0));
    }
    expect(fleet.tried).toEqual([0, 1, 3, 7, 15, 31]);
  });

  test('does not delay a host that returns while all others have sessions', async () => {
    const fleet = new Fleet(10);
    fleet.verdict = () => null;
    await fleet.askAll();
    fleet.verdict = (host) => (host === 'hv0' ? wrong : null);
    fleet.host(0).cut();
    for (let second = 0; second < 20 * 60; second += 15) {
      await fleet.ask(fleet.host(0));
      await fleet.clock.advance(15_000);
    }
    expect(fleet.tried).toEqual([0, 1, 3, 7, 15]);
    fleet.host(5).cut();
    expect(await fleet.ask(fleet.host(5))).toBe('hv5');
  });

  test('delays returning hosts together with a second one that refuses', async () => {
    const fleet = new Fleet(10);
    fleet.verdict = (host) => (host === 'hv0' || host === 'hv1' ? wrong : null);
    await fleet.askAll();
    await fleet.clock.advance(minute);
    await fleet.askAll();
    for (let hour = 0; hour < 48; hour += 1) {
      await fleet.clock.advance(60 * minute);
      await fleet.askAll(fleet.hosts.slice(0, 2));
      fleet.host(5).cut();
      expect(await fleet.ask(fleet.host(5))).toBe('hv5');
    }
  });
});

test('an account that is refused later is tried on one host at a time', async () => {
  const fleet = new Fleet(50);
  fleet.verdict = () => null;
  await fleet.askAll();
  fleet.verdict = () => wrong;
  for (const host of fleet.hosts) host.cut();
  const answers: string[] = [];
  for (const host of fleet.hosts) answers.push(await fleet.ask(host));
  expect(answers.filter((answer) => answer === 'access-denied')).toHaveLength(2);
});

test('inconclusive attempts delay no other host', async () => {
  const fleet = new Fleet(50);
  fleet.verdict = () => HostOperationError.of('not-allowed', { began: false });
  const answers = await fleet.askAll();
  expect(new Set(answers)).toEqual(new Set(['access-denied']));
  expect(fleet.tried).toHaveLength(50);
});

test('a slow attempt delays the next one only briefly', async () => {
  const clock = new FakeClock();
  const gate = new AccountGate(clock);
  const first = await gate.enter('a', 'trusted', never);
  (await gate.enter('b', 'trusted', never)).refused(wrong);
  let entered = false;
  void gate.enter('c', 'trusted', never).then(() => (entered = true));
  await settle();
  expect(entered).toBe(false);
  await clock.advance(3000);
  expect(entered).toBe(true);
  first.accepted();
  await expect(gate.enter('d', 'trusted', never)).resolves.toBeDefined();
});

test('a wait for an account can be aborted', async () => {
  const gate = new AccountGate(new FakeClock());
  await gate.enter('a', 'trusted', never);
  await gate.enter('b', 'trusted', never);
  const stop = new AbortController();
  const waiting = gate.enter('c', 'trusted', stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('the backoff doubles from a minute to an hour', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 99].map((refusals) => refusalWait(refusals) / minute)).toEqual([
    1, 2, 4, 8, 16, 32, 60, 60, 60,
  ]);
});

test('refused credentials are distinguished from other connection problems', () => {
  const verdict = (problem: Parameters<typeof HostOperationError.of>[0]): boolean =>
    refusesCredentials(HostOperationError.of(problem, { began: false }));
  expect(
    (['access-denied', 'bad-password', 'account-closed', 'client-unknown'] as const).map(verdict),
  ).toEqual([true, true, true, true]);
  expect(
    (['not-allowed', 'clock-skew', 'no-credentials', 'refused', 'kdc-unreachable'] as const).map(verdict),
  ).toEqual([false, false, false, false, false]);
});
