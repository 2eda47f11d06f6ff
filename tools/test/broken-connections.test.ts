import type { EngineClock } from '@aether-v/hyperv-sim/engine';
import { startFleet, type SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { Host, Job, JobAccepted, VmSummary } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Running } from '../src/processes.ts';
import { ask, startService } from '../src/service.ts';
import { until } from '../src/stack.ts';
import { startTcpProxy, type TcpProxy } from '../src/tcp-proxy.ts';

const hostIds = ['hv-01', 'hv-02', 'hv-03'];
const runsPerHost = 10;
const password = 'broken-connections';

/** Fifteen seconds here correspond to a minute on the host; the service runs in real time. */
const speed = 4;
const fastClock: EngineClock = {
  now: () => Date.now() * speed,
  schedule: (delay, action) => {
    const timer = setTimeout(action, Math.min(delay / speed, 2 ** 31 - 1)).unref();
    return () => clearTimeout(timer);
  },
};

/** Returns a generator of numbers in [0, 1) from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a connection that breaks during vm.start', () => {
  let fleet: SimulatedFleet;
  let service: Running<string>;
  const proxies = new Map<string, TcpProxy>();
  /** Jobs whose outcome was unknown to the service for a while. */
  const lost = new Set<string>();
  /** How often each VM entered the state Starting. */
  const starts = new Map<string, number>();

  beforeAll(async () => {
    fleet = await startFleet({ username: 'aether-v', password, clock: fastClock });
    const urls: string[] = [];
    for (const hostId of hostIds) {
      const url = new URL(fleet.hosts.find((host) => host.hostId === hostId)?.url ?? '');
      const proxy = await startTcpProxy(Number(url.port));
      proxies.set(hostId, proxy);
      url.port = String(proxy.port);
      urls.push(url.href);
      for (let run = 0; run < runsPerHost; run++) {
        fleet.engine.createVm(hostId, { name: nameOf(run), role: 'utility', state: 'Off', memoryGb: 1 });
      }
    }
    const before = new Map<string, string>();
    fleet.engine.subscribe(({ hostId, vmId }) => {
      const state = fleet.engine.vm(hostId, vmId)?.state ?? '';
      if (state === 'Starting' && before.get(vmId) !== 'Starting') {
        starts.set(vmId, (starts.get(vmId) ?? 0) + 1);
      }
      before.set(vmId, state);
    });
    service = await startService({
      HYPERV_HOSTS: urls.join(','),
      WINRM_USERNAME: 'aether-v',
      WINRM_PASSWORD: password,
    });
    await until('all hosts are read', async () => {
      const { items } = await ask<{ items: Host[] }>(service, '/hosts');
      return items.every(({ connection }) => connection.state === 'connected');
    });
  });

  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await Promise.all([...proxies.values()].map((proxy) => proxy[Symbol.asyncDispose]()));
    await fleet.close();
  });

  const nameOf = (run: number): string => `CUT-${String(run).padStart(2, '0')}`;

  async function start(vm: VmSummary): Promise<Job> {
    for (;;) {
      try {
        return (await ask<JobAccepted>(service, `/vms/${vm.id}/start`, 'POST', {})).job;
      } catch (error) {
        // The host of the previous run is not reachable yet.
        if (!String(error).includes('host-unavailable')) throw error;
        await pause(200);
      }
    }
  }

  /** One run: the host's connections break at some moment of the operation, and work again later. */
  async function runOnce(hostId: string, vm: VmSummary, random: () => number): Promise<Job> {
    const proxy = proxies.get(hostId);
    if (proxy === undefined) throw new RangeError(hostId);
    const { id } = await start(vm);
    const read = (): Promise<Job> => ask<Job>(service, `/jobs/${id}`);
    // Half of the runs break while the response is being received, the others at any time after the request.
    if (random() < 0.5) {
      await until('the job reports progress', async () => (await read()).message !== null);
    } else await pause(random() * 60);
    proxy.cut();
    await pause(random() * 1500);
    proxy.heal();
    await until(
      'the job ends',
      async () => {
        const { id: jobId, state, finishedAt } = await read();
        if (state === 'unknown') lost.add(jobId);
        return finishedAt !== null;
      },
      120_000,
    );
    return read();
  }

  test.each(hostIds.map((hostId, at) => [hostId, at] as const))(
    `%s: ${runsPerHost} jobs end as their VMs did, each started at most once`,
    { concurrent: true, timeout: 400_000 },
    async (hostId, at) => {
      const { items } = await ask<{ items: VmSummary[] }>(service, `/vms?limit=500&hostId=${hostId}`);
      for (let run = 0; run < runsPerHost; run++) {
        const vm = items.find(({ name }) => name === nameOf(run));
        if (vm === undefined) throw new Error(`${hostId} has no ${nameOf(run)}`);
        const job = await runOnce(hostId, vm, randomOf(1000 * at + run));
        const seen = { run, state: job.state, error: job.error?.code, starts: starts.get(vm.vmId) ?? 0 };
        const expected =
          job.state === 'succeeded'
            ? { run, state: 'succeeded', error: undefined, starts: 1 }
            : { run, state: 'failed', error: 'host-unreachable', starts: 0 };
        expect(seen).toEqual(expected);
        expect(fleet.engine.vm(hostId, vm.vmId)?.state).toBe(job.state === 'succeeded' ? 'Running' : 'Off');
      }
    },
  );

  test('the connections broke while jobs ran', () => {
    expect(lost.size).toBeGreaterThan(runsPerHost / 2);
  });
});
