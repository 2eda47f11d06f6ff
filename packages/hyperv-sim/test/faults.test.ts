import { basic, RunspacePool, wsmanTransport } from '@aether-v/psrp/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startFleet, type Fault, type SimulatedFleet } from '../src/fleet/index.ts';
import { createFakeClock } from '../src/testing.ts';
import { envelope, parseLine } from './conversation.ts';
import { RawExchange } from './raw-exchange.ts';
import { smallFleetSpec } from './small-fleet.ts';

const account = { username: 'admin', password: 'secret' };
const clock = createFakeClock();
let fleet: SimulatedFleet;

beforeEach(async () => {
  fleet = await startFleet({ ...account, fleet: smallFleetSpec, clock });
});
afterEach(() => fleet.close());

function exchange(hostId = 'n1'): RawExchange {
  const url = fleet.hosts.find((host) => host.hostId === hostId)?.url ?? '';
  return new RawExchange(url, account.username, account.password);
}

function openPool(): Promise<RunspacePool> {
  const url = fleet.hostUrls[0] ?? '';
  return RunspacePool.open(wsmanTransport({ url, authenticator: basic(account.username, account.password) }));
}

interface Watch {
  outcome: 'pending' | 'ended well' | 'failed';
  readonly lines: unknown[];
  readonly ended: Promise<void>;
}

/** A watch whose reader has all there is to read and waits for more. */
async function beginWatch(pool: RunspacePool): Promise<Watch> {
  const request = envelope('watch', { reconcileSeconds: 60, usageSeconds: null });
  const pipeline = pool.invoke({ command: 'Invoke-AetherVOperation', parameters: { Request: request } });
  const synced = Promise.withResolvers<undefined>();
  const read = async (): Promise<void> => {
    for await (const line of pipeline.output) {
      watch.lines.push(line);
      if (JSON.stringify(line).includes('synced')) synced.resolve(undefined);
    }
    await pipeline.completed;
  };
  const watch: Watch = {
    outcome: 'pending',
    lines: [],
    ended: Promise.resolve()
      .then(read)
      .then(
        () => {
          watch.outcome = 'ended well';
        },
        () => {
          watch.outcome = 'failed';
        },
      ),
  };
  await synced.promise;
  return watch;
}

function arrived(count: number): Promise<void> {
  return vi.waitFor(() => expect(fleet.counters('n1').requests).toBe(count), { timeout: 60_000 });
}

async function isWell(hostId: string): Promise<void> {
  using one = exchange(hostId);
  await one.data();
  expect(one.received).toMatch(/^HTTP\/1\.1 200 OK[^]*IdentifyResponse/);
}

test('a host without a fault responds', () => isWell('n1'));

describe.each<[Fault['kind'], RegExp, boolean]>([
  ['refuse', /^$/, false],
  ['silent', /^$/, true],
  ['stall-headers', /^HTTP\/1\.1 200 OK\r\n[^]*Content-Le$/, true],
  ['stall-body', /Content-Length: 4096\r\n\r\n<s:Envelope/, true],
  ['cut-body', /Content-Length: 4096\r\n\r\n<s:Envelope/, false],
])('%s', (kind, said, holds) => {
  const fault = { kind } as Fault;

  test('affects new requests of its host only, until it is healed', async () => {
    fleet.setFault('n1', fault);
    using one = exchange();
    await arrived(1);
    if (holds) {
      if (kind !== 'silent') await one.data();
      await isWell('n2');
      expect(one.open).toBe(true);
      expect(one.received).toMatch(said);
      fleet.setFault('n1', null);
    }
    await one.closed();
    expect(one.received).toMatch(said);
    fleet.setFault('n1', null);
    await isWell('n1');
  });

  test('affects pending requests when it begins', async () => {
    await using pool = await openPool();
    const watch = await beginWatch(pool);
    fleet.setFault('n1', fault);
    if (holds) {
      await isWell('n2');
      expect(watch.outcome).toBe('pending');
      fleet.setFault('n1', null);
    }
    await watch.ended;
    expect(watch.outcome).toBe('failed');
  });
});

test('slow responds late but completely', async () => {
  fleet.setFault('n1', { kind: 'slow', delayMs: 5_000 });
  using one = exchange();
  await arrived(1);
  clock.advance(4_999);
  await isWell('n2');
  expect(one.received).toBe('');
  clock.advance(1);
  await one.data();
  expect(one.received).toMatch(/IdentifyResponse/);
});

test('receive-hangs responds to everything but Receive', async () => {
  await using pool = await openPool();
  const watch = await beginWatch(pool);
  fleet.setFault('n1', { kind: 'receive-hangs' });
  fleet.engine.createVm('n1', { name: 'UNHEARD', role: 'utility' });
  await isWell('n1');
  expect(watch.outcome).toBe('pending');
  expect(watch.lines.join()).not.toContain('UNHEARD');
  fleet.setFault('n1', null);
  await watch.ended;
  expect(watch.outcome).toBe('failed');
  expect(watch.lines.join()).not.toContain('UNHEARD');
});

test('a client that disconnects during a watch leaves nothing behind after its shell’s timeout', async () => {
  const pool = await openPool();
  const watch = await beginWatch(pool);
  fleet.setFault('n1', { kind: 'refuse' });
  await watch.ended;
  await pool.close().catch(() => undefined); // it cannot tell the host
  fleet.setFault('n1', null);
  expect(fleet.counters('n1').shells).toBe(1);
  await vi.waitFor(
    () => {
      clock.advance(3_600_000);
      expect(fleet.counters('n1').shells).toBe(0);
      expect(clock.pending).toBe(0);
    },
    { timeout: 60_000 },
  );
});

test('agent-error fails the given operations with the given error', async () => {
  fleet.setFault('n1', { kind: 'agent-error', code: 'internal', message: 'planted', ops: ['inventory'] });
  await using pool = await openPool();
  const ask = async (op: 'inventory' | 'agent.info'): Promise<unknown> => {
    const { output } = await pool
      .invoke({ command: 'Invoke-AetherVOperation', parameters: { Request: envelope(op) } })
      .collect();
    return parseLine(output.at(-1));
  };
  expect(await ask('inventory')).toMatchObject({
    type: 'error',
    error: { code: 'internal', message: 'planted' },
  });
  expect(await ask('agent.info')).toMatchObject({ type: 'result' });
});

test('quota refuses new shells but keeps open ones', async () => {
  await using pool = await openPool();
  fleet.setFault('n1', { kind: 'quota' });
  await expect(openPool()).rejects.toMatchObject({ code: 'quota' });
  const parameters = { Request: envelope('agent.info') };
  const { output } = await pool.invoke({ command: 'Invoke-AetherVOperation', parameters }).collect();
  expect(parseLine(output.at(-1))).toMatchObject({ type: 'result' });
});

test('language-mode is visible in agent.info', async () => {
  await using pool = await openPool();
  const ask = async (): Promise<unknown> => {
    const parameters = { Request: envelope('agent.info') };
    const { output } = await pool.invoke({ command: 'Invoke-AetherVOperation', parameters }).collect();
    return parseLine(output.at(-1));
  };
  expect(await ask()).toMatchObject({ result: { languageMode: 'FullLanguage' } });
  fleet.setFault('n1', { kind: 'language-mode' });
  expect(await ask()).toMatchObject({ result: { languageMode: 'ConstrainedLanguage', hostId: 'n1' } });
});

test('clock-skew shifts every time that the host reports, and no other text', async () => {
  fleet.engine.createVm('n1', { name: '2026-01-14', role: 'utility', state: 'Running' });
  await using pool = await openPool();
  const ask = async (): Promise<string> => {
    const parameters = { Request: envelope('inventory') };
    const { output } = await pool.invoke({ command: 'Invoke-AetherVOperation', parameters }).collect();
    return output.map((line) => JSON.stringify({ ...parseLine(line), op: '' })).join();
  };
  const times = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
  const right = await ask();
  fleet.setFault('n1', { kind: 'clock-skew', seconds: -3_600 });
  const wrong = await ask();
  const told = right.match(times) ?? [];
  expect(told.length).toBeGreaterThan(0);
  expect((wrong.match(times) ?? []).map((time) => Date.parse(time) + 3_600_000)).toEqual(
    told.map((time) => Date.parse(time)),
  );
  expect(wrong.replace(times, '')).toBe(right.replace(times, ''));
});
