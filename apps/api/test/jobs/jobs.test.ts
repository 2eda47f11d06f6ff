import {
  Job,
  JobAccepted,
  vmActionNames,
  vmActions,
  isActionAllowed,
  type JournalEntry,
} from '@aether-v/types';
import { Check } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guid, vmFacts } from '../support/facts.ts';
import { paceInterval } from '../../src/jobs/host-pace.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

let clock: FakeClock;
let hv: JobHost;
let service: TestApp;

beforeEach(async () => {
  clock = new FakeClock();
  hv = new JobHost('hv01', clock, 8);
  service = await startTestApp({ hosts: [hv.host], clock });
});

afterEach(() => service.app.close());

async function start(at: number, headers: Record<string, string> = {}): Promise<Job> {
  const response = await service.post(`/api/v1/vms/${guid(at)}/start`, {}, headers);
  expect(response.statusCode, response.body).toBe(202);
  const body: unknown = response.json();
  if (!Check(JobAccepted, body)) throw new Error(response.body);
  expect(response.headers['location']).toBe(`/api/v1/jobs/${body.job.id}`);
  return body.job;
}

async function read(jobId: string): Promise<Job> {
  return (await service.get(`/api/v1/jobs/${jobId}`)).json<Job>();
}

const reach = (jobId: string, state: Job['state']): Promise<void> =>
  until(() => service.store.get('job', jobId)?.state === state);

function entry(operationId: string): JournalEntry {
  return {
    operationId,
    op: 'vm.start',
    state: 'running',
    vmId: guid(1),
    actor: 'Local administrator',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: null,
    percent: null,
    message: null,
  };
}

describe('a power action', () => {
  test('creates a job with the id of the host’s operation, with progress, log and end', async () => {
    const { id } = await start(1);
    await until(() => hv.running.has(guid(1)));
    expect(hv.asked('vm.start')[0]).toMatchObject({
      id,
      request: { vmId: guid(1) },
      actor: 'Local administrator',
    });
    hv.say(guid(1), { type: 'progress', percent: 40, message: 'Starting' });
    hv.say(guid(1), { type: 'log', at: '2026-01-01T00:00:00Z', level: 'info', message: 'Asked vmms.' });
    await until(() => service.store.get('job', id)?.percent === 40);
    await clock.advance(paceInterval);
    expect(service.store.get('job', id)?.log.length).toBe(1);
    expect(await read(id)).toMatchObject({
      state: 'running',
      percent: 40,
      message: 'Starting',
      title: 'Start VM-1',
    });
    hv.succeed(guid(1));
    await reach(id, 'succeeded');
    const job = await read(id);
    expect(Check(Job, job)).toBe(true);
    expect(job).toMatchObject({
      percent: 100,
      error: null,
      hostId: 'hv01',
      subject: { kind: 'vm', id: guid(1), name: 'VM-1' },
    });
  });

  test('keeps the host’s error of its failure', async () => {
    const { id } = await start(1);
    await until(() => hv.running.has(guid(1)));
    const error = { code: 'wrong-state', message: 'The VM is Running.', remedy: null };
    hv.say(guid(1), { type: 'error', error });
    await reach(id, 'failed');
    expect((await read(id)).error).toEqual(error);
  });

  test('every command of the table has a route, which accepts the states of the table', async () => {
    for (const state of ['Off', 'Running', 'Paused', 'Saved', 'Stopping'] as const) {
      for (const action of vmActionNames) {
        const vm = vmFacts(guid(1), { name: 'VM-1', state });
        hv.host.setVm(vm);
        await until(() => service.store.get('vm', guid(1))?.state === state);
        const response = await service.post(`/api/v1/vms/${guid(1)}/${action}`);
        const allowed = isActionAllowed(action, vm);
        expect([state, action, response.statusCode]).toEqual([state, action, allowed ? 202 : 409]);
        if (!allowed) {
          expect(response.json()).toMatchObject({ code: 'wrong-state', state });
          continue;
        }
        const { job } = response.json<JobAccepted>();
        await until(() => hv.running.has(guid(1)));
        expect(hv.host.envelopes.at(-1)?.op).toBe(vmActions[action].op);
        hv.succeed(guid(1));
        await reach(job.id, 'succeeded');
      }
    }
  });

  test('passes force to shutdown only', async () => {
    hv.host.setVm(vmFacts(guid(1), { name: 'VM-1', state: 'Running' }));
    await until(() => service.store.get('vm', guid(1))?.state === 'Running');
    expect((await service.post(`/api/v1/vms/${guid(1)}/stop`, { force: true })).statusCode).toBe(422);
    expect((await service.post(`/api/v1/vms/${guid(1)}/shutdown`, { force: 'yes' })).statusCode).toBe(422);
    expect((await service.post(`/api/v1/vms/${guid(1)}/shutdown`, { force: true })).statusCode).toBe(202);
    await until(() => hv.running.has(guid(1)));
    expect(hv.asked('vm.shutdown')[0]?.request).toEqual({ vmId: guid(1), force: true });
  });

  test('is refused for unknown VMs, and if it is already in progress', async () => {
    expect((await service.post(`/api/v1/vms/${guid(99)}/start`)).statusCode).toBe(404);
    await start(1);
    const second = await service.post(`/api/v1/vms/${guid(1)}/start`);
    expect([second.statusCode, second.json<{ code: string }>().code]).toEqual([409, 'already-running']);
  });

  test('answers 503 with Retry-After while the host is unreachable', async () => {
    hv.host.fault = 'refuse';
    hv.host.cut();
    await until(() => service.store.get('host', 'hv01')?.connection.state === 'unreachable');
    const response = await service.post(`/api/v1/vms/${guid(1)}/start`);
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ code: 'host-unavailable' });
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('an idempotency key', () => {
  test('returns the same job for a repeated request, and refuses a different request', async () => {
    const first = await start(1, { 'idempotency-key': 'k1' });
    const again = await start(1, { 'idempotency-key': 'k1' });
    expect(again.id).toBe(first.id);
    const other = await service.post(`/api/v1/vms/${guid(2)}/start`, {}, { 'idempotency-key': 'k1' });
    expect(other.statusCode).toBe(422);
    const bad = await service.post(`/api/v1/vms/${guid(2)}/start`, {}, { 'idempotency-key': 'a b' });
    expect(bad.statusCode).toBe(422);
    await until(() => hv.running.has(guid(1)));
    expect(hv.asked('vm.start')).toHaveLength(1);
  });

  test('has a different name on the host for another request, which may outlive the service’s memory', async () => {
    await start(1, { 'idempotency-key': 'k1' });
    await until(() => hv.running.has(guid(1)));
    const restarted = await startTestApp({ hosts: [hv.host], clock });
    await restarted.post(`/api/v1/vms/${guid(2)}/start`, {}, { 'idempotency-key': 'k1' });
    await until(() => hv.running.has(guid(2)));
    const [first, second] = hv.asked('vm.start').map(({ idempotencyKey }) => idempotencyKey);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(second).not.toBe(first);
    await restarted.app.close();
  });
});

describe('lanes', () => {
  test('run four operations on a host at once, and the next when one ends', async () => {
    const jobs: Job[] = [];
    for (let at = 1; at <= 6; at += 1) jobs.push(await start(at));
    await until(() => hv.running.size === 4);
    expect(jobs.map((job) => service.store.get('job', job.id)?.state)).toEqual([
      ...Array<string>(4).fill('running'),
      ...Array<string>(2).fill('queued'),
    ]);
    hv.succeed(guid(2));
    await until(() => hv.running.has(guid(5)));
    expect(hv.running.size).toBe(4);
  });

  test('run operations on one VM in turn, except one that breaks a hang', async () => {
    hv.host.setVm(vmFacts(guid(1), { name: 'VM-1', state: 'Running' }));
    await until(() => service.store.get('vm', guid(1))?.state === 'Running');
    const act = async (action: string): Promise<string> =>
      (await service.post(`/api/v1/vms/${guid(1)}/${action}`)).json<JobAccepted>().job.id;
    await act('shutdown');
    await until(() => hv.asked('vm.shutdown').length === 1);
    const save = await act('save');
    await act('stop');
    await until(() => hv.asked('vm.stop').length === 1);
    expect(service.store.get('job', save)?.state).toBe('queued');
    expect(hv.asked('vm.save')).toEqual([]);
  });
});

describe('cancelling', () => {
  test('ends a waiting job at once, without contacting the host', async () => {
    for (let at = 1; at <= 4; at += 1) await start(at);
    const { id } = await start(5);
    const response = await service.post(`/api/v1/jobs/${id}/cancel`);
    expect(response.statusCode).toBe(202);
    expect(response.json<JobAccepted>().job).toMatchObject({ state: 'cancelled', cancelRequested: true });
    await until(() => hv.running.size === 4);
    hv.succeed(guid(1));
    const after = await start(6);
    await reach(after.id, 'running');
    expect(hv.asked('vm.start').map((envelope) => envelope.id)).not.toContain(id);
    expect((await service.post(`/api/v1/jobs/${id}/cancel`)).json()).toMatchObject({
      code: 'wrong-state',
      state: 'cancelled',
    });
  });

  test('marks a running job on its host, which ends it', async () => {
    const { id } = await start(1);
    await until(() => hv.running.has(guid(1)));
    await service.post(`/api/v1/jobs/${id}/cancel`);
    await until(() => hv.cancelled.includes(id));
    expect(await read(id)).toMatchObject({ state: 'running', cancelRequested: true });
    hv.say(guid(1), { type: 'error', error: { code: 'cancelled', message: 'Cancelled.', remedy: null } });
    await reach(id, 'cancelled');
    expect(await read(id)).toMatchObject({ error: null, cancelOutcome: 'cancelled' });
  });

  test('a cancel request reports that it came too late if the operation completes regardless', async () => {
    const { id } = await start(1);
    await until(() => hv.running.has(guid(1)));
    expect(await read(id)).toMatchObject({ cancellable: false, cancelOutcome: null });
    hv.host.setVm(vmFacts(guid(1), { name: 'VM-1', state: 'Starting' }));
    await service.post(`/api/v1/jobs/${id}/cancel`);
    await until(() => hv.cancelled.includes(id));
    hv.succeed(guid(1));
    await reach(id, 'succeeded');
    expect(await read(id)).toMatchObject({
      cancelRequested: true,
      cancelOutcome: 'too-late',
      message: 'The cancel request came too late: the operation was completed.',
    });
  });

  test('is too late as soon as the host reports that it cannot cancel, and the job continues', async () => {
    hv.acceptsCancel = false;
    const { id } = await start(1);
    await until(() => hv.running.has(guid(1)));
    await service.post(`/api/v1/jobs/${id}/cancel`);
    await until(() => service.store.get('job', id)?.cancelOutcome === 'too-late');
    expect(await read(id)).toMatchObject({ state: 'running', cancellable: false });
    const error = { code: 'guest-timeout', message: 'The guest did not act.', remedy: null };
    hv.say(guid(1), { type: 'error', error });
    await reach(id, 'failed');
    expect(await read(id)).toMatchObject({ cancelOutcome: 'too-late', error });
  });

  test('is offered while a job is queued, and while it runs if its operation can be undone', async () => {
    hv.host.setVm(vmFacts(guid(1), { name: 'VM-1', state: 'Running' }));
    await until(() => service.store.get('vm', guid(1))?.state === 'Running');
    const ids: string[] = [];
    for (const action of ['save', 'pause']) {
      const response = await service.post(`/api/v1/vms/${guid(1)}/${action}`);
      ids.push(response.json<JobAccepted>().job.id);
    }
    const offered = (): (boolean | undefined)[] => ids.map((id) => service.store.get('job', id)?.cancellable);
    await until(() => hv.running.has(guid(1)));
    expect(offered()).toEqual([true, true]);
    hv.succeed(guid(1));
    await until(() => hv.asked('vm.pause').length === 1);
    expect(offered()).toEqual([false, false]);
  });

  test('can be requested again if the host did not receive the request', async () => {
    const { id } = await start(1);
    await until(() => hv.running.has(guid(1)));
    hv.cancelFails = true;
    await service.post(`/api/v1/jobs/${id}/cancel`);
    await until(() => service.store.get('job', id)?.cancelRequested === false);
    expect((await read(id)).log.map((line) => line.level)).toEqual(['info', 'warning']);
    hv.cancelFails = false;
    await service.post(`/api/v1/jobs/${id}/cancel`);
    await until(() => hv.cancelled.includes(id));
    expect(await read(id)).toMatchObject({ cancelRequested: true });
  });
});

describe('a job whose host is lost', () => {
  async function loseHost(): Promise<Job> {
    const job = await start(1);
    await until(() => hv.running.has(guid(1)));
    hv.host.fault = 'refuse';
    hv.host.cut();
    await reach(job.id, 'unknown');
    return job;
  }

  async function bringBack(): Promise<void> {
    hv.host.fault = undefined;
    await clock.advance(300_000);
  }

  function note(id: string, state: JournalEntry['state'], more: Partial<JournalEntry> = {}): void {
    hv.journal.set(id, { ...entry(id), state, ...more });
  }

  test.each([
    ['succeeded', 'succeeded'],
    ['failed', 'failed'],
    ['cancelled', 'cancelled'],
  ] as const)('is unknown until the journal shows that it %s', async (journalled, state) => {
    const { id } = await loseHost();
    note(id, 'running');
    await bringBack();
    await reach(id, 'running');
    note(id, journalled, { finishedAt: '2026-01-01T00:00:09Z' });
    await clock.advance(10_000);
    await reach(id, state);
    expect((await read(id)).finishedAt).toBe('2026-01-01T00:00:09Z');
  });

  test('a job is followed to its end when the connection is lost again', async () => {
    const { id } = await loseHost();
    note(id, 'running');
    await bringBack();
    await reach(id, 'running');
    hv.host.fault = 'refuse';
    hv.host.cut();
    await clock.advance(60_000);
    await reach(id, 'unknown');
    note(id, 'succeeded', { finishedAt: '2026-01-01T00:00:09Z' });
    await bringBack();
    await reach(id, 'succeeded');
  });

  test('fails if the journal does not contain it, even some time later', async () => {
    const { id } = await loseHost();
    await bringBack();
    await reach(id, 'failed');
    expect((await read(id)).error).toMatchObject({
      code: 'host-unreachable',
      message: expect.stringContaining('did not start') as string,
    });
    expect(hv.asked('operation.status').length).toBeGreaterThan(1);
  });

  test('a job fails only after the host has barred its operation, in case it arrives late', async () => {
    const { id } = await loseHost();
    hv.cancelFails = true;
    await bringBack();
    expect((await read(id)).state).toBe('unknown');
    hv.cancelFails = false;
    await clock.advance(60_000);
    await reach(id, 'failed');
    expect(hv.cancelled).toEqual([id]);
  });

  test('is followed if it began just before it was to be barred', async () => {
    const { id } = await loseHost();
    hv.beforeCancel = () => note(id, 'running');
    await bringBack();
    await reach(id, 'running');
    expect((await read(id)).cancelRequested).toBe(true);
    note(id, 'cancelled', { finishedAt: '2026-01-01T00:00:09Z' });
    await clock.advance(10_000);
    await reach(id, 'cancelled');
  });

  test('is running if the journal contains it only a moment later', async () => {
    const { id } = await loseHost();
    hv.host.fault = undefined;
    for (let second = 0; hv.asked('operation.status').length === 0; second += 1) {
      if (second > 300) throw new Error('the journal is never asked');
      await clock.advance(1000);
    }
    note(id, 'running');
    await clock.advance(60_000);
    expect((await read(id)).state).toBe('running');
  });

  test('is queried again soon if the connection broke during the query', async () => {
    const { id } = await loseHost();
    note(id, 'succeeded', { finishedAt: '2026-01-01T00:00:09Z' });
    // Twice: a lost session is opened again unseen once.
    hv.cutsAtStatus = 2;
    hv.host.fault = undefined;
    for (let second = 0; hv.cutsAtStatus > 0; second += 1) {
      if (second > 300) throw new Error('the journal is never asked');
      await clock.advance(1000);
    }
    expect((await read(id)).state).toBe('unknown');
    await clock.advance(10_000);
    expect((await read(id)).state).toBe('succeeded');
  });

  test('is followed if its host reports that this operation is in progress', async () => {
    const { id } = await start(1);
    await until(() => hv.running.has(guid(1)));
    note(id, 'running');
    const error = { code: 'already-running', message: 'It is running here.', remedy: null };
    hv.say(guid(1), { type: 'error', error });
    await clock.advance(10_000);
    await reach(id, 'running');
    note(id, 'succeeded', { finishedAt: '2026-01-01T00:00:09Z' });
    await clock.advance(10_000);
    await reach(id, 'succeeded');
  });

  test('fails if its host reports that another operation is in progress', async () => {
    const { id } = await start(1);
    await until(() => hv.running.has(guid(1)));
    const error = { code: 'already-running', message: 'Another one is running here.', remedy: null };
    hv.say(guid(1), { type: 'error', error });
    await clock.advance(60_000);
    await reach(id, 'failed');
    expect((await read(id)).error).toEqual(error);
  });

  test('ignores an entry of another operation', async () => {
    const { id } = await loseHost();
    hv.journal.set(id, { ...entry('01976a3c-0000-7000-8000-0000000000ff'), state: 'succeeded' });
    await bringBack();
    expect((await read(id)).state).toBe('unknown');
  });

  test('does not block a new attempt if even the journal does not show its outcome', async () => {
    const { id } = await loseHost();
    note(id, 'unknown');
    await bringBack();
    expect((await read(id)).state).toBe('unknown');
    expect((await start(1)).id).not.toBe(id);
  });
});

describe('GET /jobs', () => {
  test('returns jobs newest first, filtered and page by page', async () => {
    const ids: string[] = [];
    for (let at = 1; at <= 5; at += 1) {
      ids.unshift((await start(at)).id);
      await clock.advance(10);
    }
    const list = async (query: string): Promise<string[]> =>
      (await service.get(`/api/v1/jobs${query}`)).json<{ items: Job[] }>().items.map((job) => job.id);
    expect(await list('')).toEqual(ids);
    expect(await list('?limit=2&offset=1')).toEqual(ids.slice(1, 3));
    expect(await list('?state=queued')).toEqual(ids.slice(0, 1));
    expect(await list(`?vmId=${guid(2)}`)).toEqual([ids[3]]);
    expect((await service.get('/api/v1/jobs?state=done')).statusCode).toBe(422);
  });

  test('restores jobs from before the service’s start from journals', async () => {
    const other = new JobHost('hv02', clock, 1);
    const id = '01976a3c-0000-7000-8000-000000000001';
    other.journal.set(id, {
      operationId: id,
      op: 'vm.stop',
      state: 'succeeded',
      vmId: guid(1),
      actor: 'Ada',
      startedAt: '2025-12-31T23:00:00Z',
      finishedAt: '2025-12-31T23:00:05Z',
      percent: 100,
      message: null,
    });
    const second = await startTestApp({ hosts: [other.host], clock });
    await until(() => second.store.get('job', id) !== undefined);
    expect(second.store.get('job', id)).toMatchObject({
      state: 'succeeded',
      actor: 'Ada',
      command: 'vm.stop',
      hostId: 'hv02',
    });
    await second.app.close();
  });

  test('ignores a host’s claims about VMs of other hosts', async () => {
    const owner = new JobHost('hv05', clock, 1);
    const liar = new JobHost('hv06', clock, 0);
    const id = '01976a3c-0000-7000-8000-000000000002';
    liar.journal.set(id, { ...entry(id), vmId: guid(1), actor: 'Ada' });
    const both = await startTestApp({ hosts: [owner.host, liar.host], clock });
    await until(() => both.store.get('job', id) !== undefined);
    expect(both.store.get('job', id)).toMatchObject({ hostId: 'hv06', subject: { id: null, name: null } });
    await both.app.close();
  });

  test('no more jobs are restored from a journal than are kept', async () => {
    const flooding = new JobHost('hv04', clock, 1);
    for (let at = 0; at < 50; at += 1) {
      const id = `01976a3c-0000-7000-8000-${String(at).padStart(12, '0')}`;
      flooding.journal.set(id, entry(id));
    }
    const small = await startTestApp({ hosts: [flooding.host], clock, environment: { JOB_HISTORY: '10' } });
    await until(() => small.store.rows('job').size > 0);
    await clock.advance(2000);
    expect(small.store.rows('job').size).toBe(10);
    await small.app.close();
  });

  test('removes the oldest ended jobs beyond the limit, a quarter of an hour after their end', async () => {
    const few = new JobHost('hv03', clock, 13);
    const small = await startTestApp({ hosts: [few.host], clock, environment: { JOB_HISTORY: '10' } });
    const ids: string[] = [];
    const startAndEnd = async (at: number): Promise<void> => {
      const { job } = (await small.post(`/api/v1/vms/${guid(at)}/start`)).json<JobAccepted>();
      ids.push(job.id);
      await until(() => few.running.has(guid(at)));
      few.succeed(guid(at));
      await until(() => small.store.get('job', job.id)?.state === 'succeeded');
      await clock.advance(10);
    };
    for (let at = 1; at <= 12; at += 1) await startAndEnd(at);
    expect(small.store.rows('job').size).toBe(12);
    await clock.advance(15 * 60_000);
    await startAndEnd(13);
    expect([...small.store.rows('job').keys()]).toEqual(ids.slice(3));
    const forgotten = await small.get(`/api/v1/jobs/${ids[0]}`);
    expect(forgotten.statusCode).toBe(404);
    expect(forgotten.json()).toMatchObject({
      detail: expect.stringContaining('no longer available') as string,
    });
    await small.app.close();
  });
});

describe('the audit', () => {
  test('the audit log records every requested mutation, accepted or refused, and the end of jobs', async () => {
    const { id } = await start(1);
    await until(() => hv.running.has(guid(1)));
    hv.succeed(guid(1));
    await reach(id, 'succeeded');
    await service.post(`/api/v1/vms/${guid(99)}/reset`);
    // Refused before its principal is known, so it is only counted.
    await service.post(`/api/v1/jobs/${id}/cancel`, {}, { origin: 'https://evil.example.com' });
    await until(() => service.audit.entries.length === 4);
    const actor = { id: 'local-administrator', name: 'Local administrator' };
    const vm = { kind: 'vm', id: guid(1), name: expect.any(String) as string };
    expect(service.audit.entries).toMatchObject([
      { action: 'vm.start', status: 'requested', actor, object: vm, job: null, clientIp: '127.0.0.1' },
      { action: 'vm.start', status: 'accepted', actor, object: vm, job: id, details: '202', method: 'POST' },
      { action: 'vm.start', status: 'succeeded', actor: { id: null, name: actor.name }, object: vm, job: id },
      // Refused before its handler, so that nothing was attempted.
      {
        action: 'vm.reset',
        status: 'refused',
        details: '404',
        actor,
        object: { kind: 'vm', id: guid(99), name: null },
      },
    ]);
  });
});
