import type { BulkAccepted, Job, JobAccepted, JobList } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/stack.ts';
import { vmSpec } from '../support/hosts.ts';
import { ServedFleet } from '../support/served-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';

let served: ServedFleet;

beforeAll(async () => {
  const running = { clustered: true, state: 'Running' } as const;
  served = await ServedFleet.start(
    smallFleet({
      N1: [vmSpec('BULK-1', running), vmSpec('BULK-2', running), vmSpec('BULK-OFF', { clustered: true })],
      N2: [vmSpec('BULK-3', running)],
      ALONE: [vmSpec('TAKEN'), vmSpec('NOTED')],
    }),
  );
});

afterAll(() => served[Symbol.asyncDispose]());

const post = <T>(path: string, body: object = {}) => served.send<T>({ method: 'POST', path, body });
const jobs = async (query: string): Promise<Job[]> =>
  (await served.send<JobList>({ method: 'GET', path: `/jobs?${query}` })).body.items;

async function ended(id: string): Promise<Job> {
  let job: Job | undefined;
  await until(`the job ${id} has ended`, async () => {
    job = (await served.send<Job>({ method: 'GET', path: `/jobs/${id}` })).body;
    return job.finishedAt !== null;
  });
  return job as Job;
}

/** Creates a VM with a name that the host already has, which fails on the host. */
async function failedCreation(name: string): Promise<Job> {
  const job = await served.run({ method: 'POST', path: '/vms', body: { name, host: 'alone' } });
  expect(job).toMatchObject({ state: 'failed', error: { code: 'conflict' } });
  return job;
}

const statesOf = (names: readonly string[]) => names.map((name) => served.facts(name).state);

describe('POST /vms/bulk', () => {
  test('POST /vms/bulk turns off the VMs of several hosts, and leaves out a VM that is off', async () => {
    const names = ['BULK-1', 'BULK-2', 'BULK-3', 'BULK-OFF'];
    const vms = await Promise.all(names.map(async (name) => ({ vmId: (await served.vmNamed(name)).id })));
    const plan = await post('/vms/bulk?dryRun=true', { command: 'vm.stop', vms });
    expect(plan.status).toBe(200);
    expect(statesOf(names)).toEqual(['Running', 'Running', 'Running', 'Off']);
    const { status, body } = await post<BulkAccepted>('/vms/bulk', { command: 'vm.stop', vms });
    expect(status, JSON.stringify(body)).toBe(202);
    expect(body.refused).toMatchObject([{ vmId: vms[3]?.vmId }]);
    expect((await ended(body.job.id)).state).toBe('succeeded');
    expect(statesOf(names)).toEqual(['Off', 'Off', 'Off', 'Off']);
    const children = await jobs(`parentId=${body.job.id}`);
    expect(children.map(({ title, state, hostId }) => [title, state, hostId]).toSorted()).toEqual([
      ['Turn off BULK-1', 'succeeded', 'n1'],
      ['Turn off BULK-2', 'succeeded', 'n1'],
      ['Turn off BULK-3', 'succeeded', 'n2'],
    ]);
    for (const name of names) await served.shown(name, ({ state }) => state === 'Off');
  });
});

describe('POST /jobs/{jobId}/cancel', () => {
  test('POST /jobs/{jobId}/cancel ends a creation in progress, and its VM and files are removed', async () => {
    const before = served.state();
    // The host writes a large disk for so long that the cancellation is not too late.
    const disks = [{ sizeBytes: 500 * 1024 ** 3, type: 'Fixed' }];
    const { body } = await post<JobAccepted>('/vms', { name: 'STOPPED', host: 'alone', disks });
    await until('the host creates the VM', () => Promise.resolve(served.inEngine('STOPPED') !== undefined));
    const { status } = await post<JobAccepted>(`/jobs/${body.job.id}/cancel`);
    expect(status).toBe(202);
    expect(await ended(body.job.id)).toMatchObject({ state: 'cancelled', cancelOutcome: 'cancelled' });
    expect(served.inEngine('STOPPED')).toBeUndefined();
    expect(served.state()).toEqual(before);
    expect((await jobs('state=cancelled')).map(({ id }) => id)).toEqual([body.job.id]);
  });
});

describe('POST /jobs/{jobId}/retry', () => {
  test('POST /jobs/{jobId}/retry repeats a failed creation, which creates the VM once its name is free', async () => {
    const failed = await failedCreation('TAKEN');
    const { vmId: old } = served.facts('TAKEN');
    await served.change({ method: 'DELETE', path: `/vms/${old}?name=TAKEN&deleteDisks=true` });
    const { status, body } = await post<JobAccepted>(`/jobs/${failed.id}/retry`);
    expect(status, JSON.stringify(body)).toBe(202);
    expect(await ended(body.job.id)).toMatchObject({ state: 'succeeded', retryOf: failed.id });
    const { hostId, vm } = served.inEngine('TAKEN') ?? {};
    expect(hostId).toBe('alone');
    expect(vm?.vmId).not.toBe(old);
    expect((await ended(failed.id)).retriedBy).toBe(body.job.id);
  });
});

describe('POST /jobs/{jobId}/acknowledge', () => {
  test('POST /jobs/{jobId}/acknowledge takes a failed job off the open failures, and changes no host', async () => {
    const { id } = await failedCreation('NOTED');
    const open = async (): Promise<string[]> => (await jobs('acknowledged=false')).map((job) => job.id);
    expect(await open()).toContain(id);
    const before = served.state();
    const { status, body } = await post<Job>(`/jobs/${id}/acknowledge`);
    expect([status, body.acknowledgedBy]).toEqual([200, 'Local administrator']);
    expect(await open()).not.toContain(id);
    expect((await jobs('acknowledged=true')).map((job) => job.id)).toEqual([id]);
    expect(served.state()).toEqual(before);
  });
});
