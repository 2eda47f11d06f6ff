import type { Job, JobAccepted, Plan, Vm, VmFacts } from '@aether-v/types';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../src/stack.ts';
import { vmSpec } from '../support/hosts.ts';
import { randomRequest, type MakeRequest } from '../support/random-requests.ts';
import { ServedFleet, type ApiRequest } from '../support/served-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';

const isLong = process.env['AETHER_LONG'] === '1';
const runs = isLong ? 2000 : 100;

let served: ServedFleet;

beforeAll(async () => {
  const clustered = { clustered: true } as const;
  served = await ServedFleet.start(
    smallFleet({
      N1: [
        vmSpec('A', { ...clustered, state: 'Running' }),
        vmSpec('B', { ...clustered, disksGb: [40, 10], dvd: null }),
        vmSpec('C', { ...clustered, checkpoints: [{ name: 'one', ageHours: 9 }] }),
        vmSpec('D', { ...clustered, state: 'Saved' }),
      ],
      N2: [vmSpec('E', { ...clustered, state: 'Paused' }), vmSpec('F', { ...clustered, fixedDisks: true })],
      ALONE: [
        vmSpec('G', { state: 'Running', disksGb: [20, 5] }),
        vmSpec('H', { generation: 1 }),
        vmSpec('I', { state: 'Running', checkpoints: [{ name: 'one', ageHours: 9 }] }),
        vmSpec('J', { network: null }),
      ],
    }),
  );
});

afterAll(() => served[Symbol.asyncDispose]());

/** The parts of a VM on which checks of the service depend. */
function facts(vm: Vm | VmFacts): unknown {
  const {
    vmId,
    name,
    state,
    activity,
    processors,
    memory,
    disks,
    checkpoints,
    networkAdapters,
    clusterRole,
  } = vm;
  return {
    ...{ vmId, name, state, activity, processors, memory, role: clusterRole?.ownerNode },
    disks: disks.map(({ id, path }) => [id, path]),
    adapters: networkAdapters.map(({ id }) => id),
    checkpoints: checkpoints.map(({ id, name: title }) => [id, title]),
  };
}

/** The time that guests take at most to start, in simulated milliseconds. */
const guestStart = 120_000;

function isQuiet({ state, activity, startedAt, integrationServices }: VmFacts): boolean {
  if (activity !== null || !['Off', 'Running', 'Paused', 'Saved'].includes(state)) return false;
  if (state !== 'Running' || startedAt === null) return true;
  const shutdown = integrationServices.find(({ kind }) => kind === 'Shutdown');
  const { clock } = served.fleet.engine;
  // A VM without an operating system never answers.
  return shutdown?.status === 'Ok' || clock.now() - Date.parse(startedAt) > guestStart;
}

/** Returns what still changes in the fleet, or is not shown by the service yet. */
async function unrest(): Promise<{ readonly rows: Vm[]; readonly reasons: unknown[] }> {
  const { engine } = served.fleet;
  const known = engine.hostIds.flatMap((hostId) => engine.vms(hostId).map((vm) => ({ hostId, vm })));
  const { items } = (await served.send<{ items: Vm[] }>({ method: 'GET', path: '/vms?limit=500' })).body;
  const rows = await Promise.all(
    items.map(async ({ id }) => (await served.send<Vm>({ method: 'GET', path: `/vms/${id}` })).body),
  );
  const restless = known
    .filter(({ vm }) => !isQuiet(vm))
    .map(({ vm: { name, state, activity } }) => ({ name, state, activity }));
  const unshown = known.flatMap(({ hostId, vm }): unknown[] => {
    const row = rows.find((one) => one.vmId === vm.vmId && one.hostId === hostId);
    if (row === undefined || row.moving) return [{ name: vm.name, row }];
    const [shown, is] = [facts(row), facts(vm)];
    return JSON.stringify(shown) === JSON.stringify(is) ? [] : [{ shown, is }];
  });
  const removed = items.length === known.length ? [] : [`${items.length} rows, ${known.length} VMs`];
  return { rows, reasons: [...restless, ...unshown, ...removed] };
}

/** Waits until no VM changes any more and the service shows them all; returns their rows. */
async function stillFleet(): Promise<Vm[]> {
  let last = await unrest();
  await until('the fleet is still', async () => {
    last = await unrest();
    return last.reasons.length === 0;
  }).catch((error: unknown) => {
    throw new Error(JSON.stringify(last.reasons), { cause: error });
  });
  return last.rows;
}

async function planOf(request: ApiRequest): Promise<Plan | number> {
  const path = `${request.path}${request.path.includes('?') ? '&' : '?'}dryRun=true`;
  const { status, body } = await served.send<Plan>({ ...request, path });
  return status === 200 ? body : status;
}

/** Returns the state in which the job of a request ends, with its error, or the status with which it is refused. */
async function outcomeOf(request: ApiRequest): Promise<Pick<Job, 'state' | 'error'> | number> {
  const { status, body } = await served.send<JobAccepted>(request);
  if (status !== 202) return status;
  let job = body.job;
  await until('the job has ended', async () => {
    job = (await served.send<Job>({ method: 'GET', path: `/jobs/${job.id}` })).body;
    return job.finishedAt !== null;
  });
  return { state: job.state, error: job.error };
}

test(
  `on a still fleet, a plan is ok exactly if the command succeeds, and plans change nothing (${runs} commands)`,
  async () => {
    const seen = { ok: 0, refused: 0 };
    const property = fc.asyncProperty(fc.nat(100), randomRequest, async (at, make: MakeRequest) => {
      const rows = await stillFleet();
      const vm = rows[at % rows.length];
      if (vm === undefined) return;
      const request = make(vm, rows);
      const before = served.state();
      const plan = await planOf(request);
      expect(served.state()).toEqual(before);
      const outcome = await outcomeOf(request);
      const isOk = typeof plan !== 'number' && plan.ok;
      const succeeded = typeof outcome !== 'number' && outcome.state === 'succeeded';
      seen[isOk ? 'ok' : 'refused'] += 1;
      expect(succeeded, JSON.stringify({ request, vm: facts(vm), plan, outcome })).toBe(isOk);
      if (typeof plan === 'number') expect(outcome).toBe(plan);
      if (!isOk) {
        await stillFleet();
        expect(served.state()).toEqual(before);
      }
    });
    // What a command does depends on those before, so that a failure cannot be made smaller.
    const seed = Number(process.env['AETHER_SEED'] ?? 1);
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
    // Both outcomes must be frequent for the comparison to mean something.
    expect(Math.min(seen.ok, seen.refused)).toBeGreaterThan(runs / 10);
  },
  isLong ? 3_600_000 : 600_000,
);
