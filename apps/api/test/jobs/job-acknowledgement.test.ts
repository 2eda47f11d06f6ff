import type { BulkAccepted, Job, JobAccepted, JobList, Problem } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { localAdministrator } from '../../src/auth/principal.ts';
import { childOperationId } from '../../src/common/operation-id.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const error = { code: 'agent-error', message: 'It broke.', remedy: null };

let clock: FakeClock;
let hv: JobHost;
let service: TestApp;

beforeEach(async () => {
  clock = new FakeClock();
  hv = new JobHost('hv01', clock, 3);
  service = await startTestApp({ hosts: [hv.host], clock });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await service.app.close();
});

const job = (id: string): Readonly<Job> | undefined => service.store.get('job', id);
const acknowledge = (id: string) => service.post(`/api/v1/jobs/${id}/acknowledge`);
const open = async (): Promise<string[]> => {
  const list = (await service.get('/api/v1/jobs?acknowledged=false')).json<JobList>();
  return list.items.map(({ id }) => id);
};

async function begin(): Promise<string> {
  const { id } = (await service.post(`/api/v1/vms/${guid(1)}/start`)).json<JobAccepted>().job;
  await until(() => hv.running.has(guid(1)));
  return id;
}

async function failed(): Promise<string> {
  const id = await begin();
  hv.say(guid(1), { type: 'error', error });
  await until(() => job(id)?.state === 'failed');
  return id;
}

describe('the acknowledgement of a job', () => {
  test('acknowledging a failed job states by whom and when, and takes it off the open failures', async () => {
    const id = await failed();
    expect(await open()).toEqual([id]);
    await clock.advance(5000);
    const at = new Date(clock.now()).toISOString();
    const response = await acknowledge(id);
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json<Job>()).toMatchObject({
      state: 'failed',
      acknowledgedBy: 'Local administrator',
      acknowledgedAt: at,
    });
    expect(await open()).toEqual([]);
    const list = (await service.get('/api/v1/jobs?acknowledged=true')).json<JobList>();
    expect(list.items.map((one) => one.id)).toEqual([id]);
    await clock.advance(5000);
    expect((await acknowledge(id)).json<Job>().acknowledgedAt).toBe(at);
  });

  test('the acknowledgement of an unknown outcome ends when the job turns out to have failed', async () => {
    const id = await begin();
    hv.host.fault = 'refuse';
    hv.host.cut();
    await until(() => job(id)?.state === 'unknown');
    expect((await acknowledge(id)).statusCode).toBe(200);
    expect(await open()).toEqual([]);
    const startedAt = new Date(clock.now()).toISOString();
    hv.journal.set(id, {
      operationId: id,
      op: 'vm.start',
      state: 'failed',
      vmId: guid(1),
      actor: 'Local administrator',
      startedAt,
      finishedAt: startedAt,
      percent: null,
      message: null,
      error: { code: 'agent-error', message: 'It broke.', remedy: null },
    });
    hv.host.fault = undefined;
    for (let turn = 0; turn < 50 && job(id)?.state !== 'failed'; turn += 1) await clock.advance(5000);
    expect(job(id)).toMatchObject({ state: 'failed', acknowledgedBy: null, acknowledgedAt: null });
    expect(await open()).toEqual([id]);
  });

  test('acknowledging a job with children includes those that failed', async () => {
    const vms = [1, 2].map((at) => ({ vmId: guid(at) }));
    const response = await service.post('/api/v1/vms/bulk', { command: 'vm.start', vms });
    const { job: parent } = response.json<BulkAccepted>();
    await until(() => hv.running.has(guid(1)));
    hv.say(guid(1), { type: 'error', error });
    await until(() => hv.running.has(guid(2)));
    hv.succeed(guid(2));
    await until(() => job(parent.id)?.state === 'failed');
    expect((await open()).toSorted()).toEqual([parent.id, childOperationId(parent.id, 1)].toSorted());
    await acknowledge(parent.id);
    expect(await open()).toEqual([]);
    expect(job(childOperationId(parent.id, 2))?.acknowledgedAt).toBeNull();
  });

  test('refuses to acknowledge a job that is running or has succeeded', async () => {
    const id = await begin();
    const refused = await acknowledge(id);
    expect([refused.statusCode, refused.json<Problem>().code]).toEqual([409, 'wrong-state']);
    hv.succeed(guid(1));
    await until(() => job(id)?.state === 'succeeded');
    expect((await acknowledge(id)).statusCode).toBe(409);
  });

  test('acknowledging a job requires the permission of its command', async () => {
    const id = await failed();
    vi.spyOn(localAdministrator.permissions, 'has').mockImplementation((one) => one === 'view');
    expect((await acknowledge(id)).statusCode).toBe(403);
    expect(job(id)?.acknowledgedAt).toBeNull();
  });

  test('the audit log records an acknowledgement', async () => {
    const id = await failed();
    await acknowledge(id);
    const action = 'POST /api/v1/jobs/:jobId/acknowledge';
    const entries = service.audit.entries.filter((entry) => entry.action === action);
    expect(entries.map(({ status, object }) => [status, object.id])).toEqual([
      ['requested', id],
      ['accepted', id],
    ]);
  });
});
