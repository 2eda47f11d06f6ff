import { setTimeout } from 'node:timers/promises';
import type { FleetSpec } from '@aether-v/hyperv-sim/engine';
import { startFleet, type SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { Host, Job, JobList, VmList } from '@aether-v/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort, type Running } from '../src/processes.ts';
import { ask, startService } from '../src/service.ts';
import { until } from '../src/stack.ts';
import { hostSpec, vmSpec } from './support/hosts.ts';
import { alone, contradictions, entriesOf, pathsOf, type ServiceState } from './support/kills/agreement.ts';
import { Load } from './support/kills/load.ts';
import { Random } from './support/kills/random.ts';
import type { Step } from './support/kills/steps.ts';

const isLong = process.env['AETHER_LONG'] === '1';
const kills = isLong ? 20 : 2;
const seed = Number(process.env['AETHER_SEED'] ?? 1);
const password = 's3cret';
const settleTimeout = 180_000;

const node = { ...hostSpec, cluster: 'CL1' };
const clustered = { clustered: true, memoryGb: 1, disksGb: [10] };
const spec: FleetSpec = {
  clusters: [
    {
      name: 'CL1',
      domain: 'example.org',
      functionalLevel: 13,
      volumes: [{ name: 'V1', sizeGb: 8_192, freeGb: 4_096 }],
    },
  ],
  hosts: [
    { ...node, name: 'N1' },
    { ...node, name: 'N2' },
    { ...hostSpec, name: alone.toUpperCase(), cluster: null },
  ],
  networks: { servers: { switchName: 'Production', vlan: 20, subnet: '10.0.0' } },
  vms: {
    N1: [vmSpec('ONE', clustered), vmSpec('TWO', { ...clustered, state: 'Running' })],
    N2: [vmSpec('THREE', clustered)],
    [alone.toUpperCase()]: [vmSpec('FOUR')],
  },
};

let fleet: SimulatedFleet;
let settings: Record<string, string>;
const steps: Step[] = [];

beforeAll(async () => {
  const failures = ({ hostId, action, vmId }: Step): null => {
    steps.push({ hostId, action, vmId });
    return null;
  };
  fleet = await startFleet({ username: 'aether-v', password, fleet: spec, failures });
  settings = {
    PORT: String(await freePort()),
    HYPERV_HOSTS: fleet.hostUrls.join(','),
    WINRM_USERNAME: 'aether-v',
    WINRM_PASSWORD: password,
    WINRM_ALLOW_PLAIN_HTTP: 'true',
    SERVICE_KEY: 'the same key for every start of the service',
    JOB_HISTORY: '10000',
  };
});
afterAll(() => fleet.close());

/** Returns what the service reports, all pages. */
async function stateOf(service: Running<string>): Promise<ServiceState> {
  const jobs: Job[] = [];
  for (let total = 1; jobs.length < total;) {
    const page = await ask<JobList>(service, `/jobs?limit=500&offset=${jobs.length}`);
    jobs.push(...page.items);
    total = page.items.length === 0 ? 0 : page.total;
  }
  return { jobs, vms: (await ask<VmList>(service, '/vms?limit=1000')).items };
}

async function started(): Promise<Running<string>> {
  const service = await startService(settings);
  await until(
    'every host is read',
    async () => {
      const { items } = await ask<{ items: Host[] }>(service, '/hosts');
      return (
        items.length === 3 &&
        items.every(({ connection, facts }) => connection.state === 'connected' && facts !== null)
      );
    },
    settleTimeout,
  );
  return service;
}

const unfinished = (): number => entriesOf(fleet).filter(({ finishedAt }) => finishedAt === null).length;

/** A load without one of these would prove less than the test states. */
const kinds = ['create', 'checkpoint', 'move', 'bulk', 'delete', 'cancel'];

test(
  `service, journals and engine agree after each of ${kills} kills in a random load`,
  async () => {
    console.log(`Seed ${seed} (repeat with AETHER_SEED=${seed}).`);
    const random = new Random(seed);
    const load = new Load(fleet, random);
    const initialPaths = new Set(pathsOf(fleet).keys());
    let service = await started();
    let interrupting = 0;
    for (let kill = 1; kill <= kills; kill += 1) {
      const ending = new AbortController();
      const running = load.run(service.ready, ending.signal);
      await setTimeout(random.integer(3_000, 9_000));
      const isLast = kill === kills;
      const isLoaded = (): boolean => {
        const accepted = (kind: string): boolean => (load.sent.get(kind)?.accepted ?? 0) > 0;
        return unfinished() > 0 && (!isLast || kinds.every(accepted));
      };
      await until(
        'a host works, and the load has sent every kind',
        () => Promise.resolve(isLoaded()),
        180_000,
      );
      await service.stop('SIGKILL');
      if (unfinished() > 0) interrupting += 1;
      ending.abort();
      await running;
      service = await started();
      let found: string[] = [];
      const agrees = async (): Promise<boolean> => {
        await setTimeout(500);
        found = contradictions(fleet, await stateOf(service), { steps, initialPaths });
        return found.length === 0;
      };
      await until('all agree', agrees, settleTimeout).catch((error: unknown) => {
        throw new Error(`After kill ${kill}: ${found.join('\n')}\n${service.output().slice(-4_000)}`, {
          cause: error,
        });
      });
    }
    await service.stop();
    console.log(JSON.stringify(Object.fromEntries(load.sent)));
    console.log(`${interrupting} of ${kills} kills found an operation of a host unfinished.`);
    for (const kind of kinds) expect(load.sent.get(kind)?.accepted, kind).toBeGreaterThan(0);
    // An operation can end between the look at the journals and the kill.
    expect(interrupting).toBeGreaterThan(kills / 2 - 1);
  },
  isLong ? 3_600_000 : 600_000,
);
