import type { Job, JobAccepted, JobList, Problem } from '@aether-v/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EquippedHost } from '../support/equipped-host.ts';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const vmId = guid(7);
const environment = { SERVICE_KEY: 'a key of the service that is long enough' };

let clock: FakeClock;
let host: EquippedHost;
let service: TestApp;

beforeEach(async () => {
  clock = new FakeClock();
  host = new EquippedHost('hv1', clock);
  service = await startTestApp({ hosts: [host.host], clock, environment });
});

afterEach(() => service.app.close());

const stateOf = (id: string): string | undefined => service.store.get('job', id)?.state;

/** Starts a creation, and lets its host report the VM. */
async function creating(): Promise<Job> {
  const { job } = (await service.post('/api/v1/vms', { name: 'APP-07' })).json<JobAccepted>();
  await until(() => host.running.has(''));
  host.host.setVm(vmFacts(vmId, { name: 'APP-07', state: 'Off', startedAt: null }));
  await until(() => service.store.get('vm', vmId) !== undefined);
  return job;
}

const jobsOfVm = async (): Promise<string[]> =>
  (await service.get(`/api/v1/jobs?vmId=${vmId}`)).json<JobList>().items.map(({ id }) => id);

test.each(['checkpoints', 'start', 'disks'])(
  'a VM that is being created refuses commands (%s) and names the job',
  async (path) => {
    const { id } = await creating();
    const body = path === 'disks' ? { disk: { sizeBytes: 2 ** 30, type: 'Dynamic' } } : {};
    const response = await service.post(`/api/v1/vms/${vmId}/${path}`, body);
    const { code, detail } = response.json<Problem>();
    expect([response.statusCode, code]).toEqual([409, 'already-running']);
    expect(detail).toBe(
      `APP-07 is being created: job ${id} (Create APP-07 on HV1). Wait until the job has ended, or cancel it.`,
    );
  },
);

test('a VM takes commands when its creation has ended', async () => {
  const { id } = await creating();
  host.say('', { type: 'error', error: { code: 'out-of-space', message: 'Full.', remedy: null } });
  await until(() => stateOf(id) === 'failed');
  expect((await service.post(`/api/v1/vms/${vmId}/checkpoints`)).statusCode).toBe(202);
});

test('the jobs of a VM contain its creation, while it runs and after it failed', async () => {
  const { id } = await creating();
  expect(await jobsOfVm()).toEqual([id]);
  host.say('', { type: 'error', error: { code: 'out-of-space', message: 'Full.', remedy: null } });
  await until(() => stateOf(id) === 'failed');
  expect(await jobsOfVm()).toEqual([id]);
});

test('a VM that has the name of a running creation already is not taken for the new one', async () => {
  host.host.setVm(vmFacts(vmId, { name: 'APP-07', state: 'Off', startedAt: null }));
  await until(() => service.store.get('vm', vmId) !== undefined);
  await service.post('/api/v1/vms', { name: 'APP-07' });
  await until(() => host.running.has(''));
  host.host.setVm(vmFacts(vmId, { name: 'APP-07', state: 'Off', startedAt: null, notes: 'changed' }));
  await until(() => service.store.get('vm', vmId)?.notes === 'changed');
  expect((await service.post(`/api/v1/vms/${vmId}/start`)).statusCode).toBe(202);
  expect(await jobsOfVm()).toHaveLength(1);
});

test('a VM refuses commands after a restart of the service, while its host still creates it', async () => {
  const { id } = await creating();
  const [{ op, actor, note } = { op: '', actor: '', note: undefined }] = host.asked('vm.create');
  await service.app.close();
  host.journal.set(id, {
    ...{ operationId: id, op, actor, vmId, startedAt: new Date(clock.now()).toISOString(), finishedAt: null },
    ...{ state: 'running', percent: 50, message: null },
    ...(note === undefined ? {} : { note }),
  });
  service = await startTestApp({ hosts: [host.host], clock, environment });
  await until(() => stateOf(id) === 'running');
  const { code, detail } = (await service.post(`/api/v1/vms/${vmId}/start`)).json<Problem>();
  expect([code, detail]).toEqual(['already-running', expect.stringContaining(id)]);
  expect(await jobsOfVm()).toEqual([id]);
});
