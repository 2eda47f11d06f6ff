import {
  roles,
  type JobAccepted,
  type JobList,
  type Permission,
  type Problem,
  type Role,
} from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { canReadJob } from '../../src/auth/job-access.ts';
import { localAdministrator } from '../../src/auth/principal.ts';
import { newOperationId } from '../../src/common/operation-id.ts';
import { JobRows } from '../../src/jobs/job-rows.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const ofHost = newOperationId(Date.parse('2026-01-01T00:00:00Z'));
let app: TestApp;
let started: string;

beforeEach(async () => {
  const clock = new FakeClock();
  const host = new JobHost('hv1', clock, 2);
  host.journal.set(ofHost, {
    operationId: ofHost,
    op: 'host.configure',
    state: 'running',
    vmId: null,
    actor: 'ann',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: null,
    percent: null,
    message: null,
  });
  app = await startTestApp({ hosts: [host.host], clock, environment: { JOB_HISTORY: '10' } });
  await until(() => app.store.get('job', ofHost) !== undefined);
  started = (await app.post(`/api/v1/vms/${guid(1)}/start`)).json<JobAccepted>().job.id;
});

afterEach(async () => {
  vi.restoreAllMocks();
  await app.app.close();
});

function become(...permissions: readonly Permission[]): void {
  vi.spyOn(localAdministrator.permissions, 'has').mockImplementation((one) => permissions.includes(one));
}

const listed = async (): Promise<JobList> => (await app.get('/api/v1/jobs')).json<JobList>();

describe('a job of an operation without a command', () => {
  test('is readable by an admin', async () => {
    become(...roles.admin);
    expect(await listed()).toMatchObject({ total: 2 });
    expect((await app.get(`/api/v1/jobs/${ofHost}`)).statusCode).toBe(200);
  });

  test.each(['reader', 'writer'] as const)('is unknown to a %s', async (role) => {
    become(...roles[role]);
    expect(await listed()).toMatchObject({ total: 1, items: [{ id: started }] });
    for (const url of [`/api/v1/jobs/${ofHost}`, `/api/v1/jobs/${ofHost}/log`]) {
      const hidden = (await app.get(url)).json<Problem>();
      const unknown = (await app.get(url.replace(ofHost, started.replace(/.$/, 'x')))).json<Problem>();
      expect(hidden).toMatchObject({
        status: 404,
        code: 'not-found',
        detail: unknown.detail.replace(/\S+\.$/, `${ofHost}.`),
      });
    }
    const cancelled = await app.post(`/api/v1/jobs/${ofHost}/cancel`);
    expect(cancelled.statusCode).toBe(404);
  });

  test('is unknown to a reader also after its removal', async () => {
    const rows = app.app.get(JobRows);
    const row = app.store.get('job', ofHost);
    if (row === undefined) throw new Error('The job is missing.');
    const idOf = (second: number): string =>
      newOperationId(Date.parse('2026-01-01T00:00:00Z') + second * 1000);
    const ids = Array.from({ length: 12 }, (_, at) => idOf(at));
    for (const id of ids) rows.addHistory({ ...row, id, state: 'succeeded', finishedAt: row.createdAt });
    const removed = ids.find((id) => rows.forgotten(id) !== undefined) ?? '';
    const detail = async (): Promise<string> =>
      (await app.get(`/api/v1/jobs/${removed}`)).json<Problem>().detail;
    expect(await detail()).toContain('no longer available');
    become(...roles.reader);
    expect(await detail()).toBe(`There is no job with the id ${removed}.`);
  });
});

describe('a cancel request', () => {
  test('is refused without the permission of the command, which the problem names', async () => {
    become('view');
    const response = await app.post(`/api/v1/jobs/${started}/cancel`);
    expect(response.json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect(response.json<Problem>().detail).toContain('lacks the permission power');
    expect(app.store.get('job', started)?.cancelRequested).toBe(false);
  });

  test('is accepted with the permission of the command', async () => {
    become('view', 'power');
    expect((await app.post(`/api/v1/jobs/${started}/cancel`)).statusCode).toBe(202);
  });
});

describe('a principal', () => {
  const withRole = (role: Role) => ({ id: role, name: role, permissions: new Set<Permission>(roles[role]) });

  test.each(['vm.start', 'vm.delete'])('of every role reads jobs of %s', (command) => {
    for (const role of ['reader', 'writer', 'admin'] as const) {
      expect(canReadJob(withRole(role), { command })).toBe(true);
    }
  });
});
