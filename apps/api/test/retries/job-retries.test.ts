import type { BulkAccepted, BulkPlan, Job, JobAccepted, JobLog, Plan, Problem } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { localAdministrator } from '../../src/auth/principal.ts';
import { childOperationId } from '../../src/common/operation-id.ts';
import { JobRequests } from '../../src/jobs/job-requests.ts';
import { JobRows } from '../../src/jobs/job-rows.ts';
import { disk, guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { threeHosts } from '../support/family.ts';
import type { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const environment = { SERVICE_KEY: 'a key of the service that is long enough' };
const error = { code: 'agent-error', message: 'It broke.', remedy: null };

let clock: FakeClock;
let hosts: [JobHost, JobHost, JobHost];
let service: TestApp;

/** Three hosts with a VM each that is off. */
beforeEach(async () => {
  clock = new FakeClock();
  hosts = threeHosts(clock);
  service = await start();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await service.app.close();
});

function start(): Promise<TestApp> {
  return startTestApp({ hosts: hosts.map(({ host }) => host), clock, environment });
}

const job = (id: string): Readonly<Job> | undefined => service.store.get('job', id);
const hostOf = (number: number): JobHost => hosts[(number - 1) as 0 | 1 | 2];
const runs = (number: number): boolean => hostOf(number).running.has(guid(number));
const retry = (id: string) => service.post(`/api/v1/jobs/${id}/retry`);

/** Waits until the VM's operation runs, and lets it fail. */
async function fail(number: number, id: string): Promise<void> {
  await until(() => runs(number));
  hostOf(number).say(guid(number), { type: 'error', error });
  await until(() => job(id)?.state === 'failed');
}

/** Sends a command about a VM. */
async function send(number: number, action: string, body: object = {}): Promise<string> {
  const response = await service.post(`/api/v1/vms/${guid(number)}/${action}`, body);
  expect(response.statusCode, response.body).toBe(202);
  return response.json<JobAccepted>().job.id;
}

async function retried(id: string): Promise<BulkAccepted> {
  const response = await retry(id);
  expect(response.statusCode, response.body).toBe(202);
  const accepted = response.json<BulkAccepted>();
  expect(response.headers['location']).toBe(`/api/v1/jobs/${accepted.job.id}`);
  return accepted;
}

async function refusal(id: string): Promise<Problem> {
  const response = await retry(id);
  expect(response.statusCode, response.body).toBeGreaterThanOrEqual(400);
  return response.json<Problem>();
}

describe('the retry of a failed job', () => {
  test('retrying a failed job creates a job with the same request, and each links to the other', async () => {
    hostOf(1).host.setVm(vmFacts(guid(1), { name: 'VM-1', state: 'Running' }));
    await until(() => service.store.get('vm', guid(1))?.state === 'Running');
    const id = await send(1, 'shutdown', { force: true });
    await fail(1, id);
    const { job: next, refused } = await retried(id);
    expect(next).toMatchObject({ title: 'Shut down VM-1', retryOf: id, retriedBy: null });
    expect(refused).toEqual([]);
    expect(job(id)).toMatchObject({ retriedBy: next.id, state: 'failed' });
    await until(() => runs(1));
    const requests = hostOf(1).asked('vm.shutdown');
    expect(requests.map(({ request }) => request)).toEqual(
      [1, 2].map(() => ({ vmId: guid(1), force: true })),
    );
    hostOf(1).succeed(guid(1));
    await until(() => job(next.id)?.state === 'succeeded');
  });

  test('the audit log records a retry with its job', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    const { job: next } = await retried(id);
    const action = 'POST /api/v1/jobs/:jobId/retry';
    const last = service.audit.entries.slice(-4);
    expect(last.map((entry) => [entry.action, entry.status, entry.object.id, entry.job])).toEqual([
      [action, 'requested', id, null],
      ['vm.start', 'requested', guid(1), null],
      ['vm.start', 'accepted', guid(1), next.id],
      [action, 'accepted', id, next.id],
    ]);
    expect(new Set(last.map(({ request }) => request)).size).toBe(1);
  });

  test('the audit log records a retry as refused if its command is refused', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    hostOf(1).host.setVm(vmFacts(guid(1), { name: 'VM-1', state: 'Running' }));
    await until(() => service.store.get('vm', guid(1))?.state === 'Running');
    await refusal(id);
    const last = service.audit.entries.slice(-3);
    expect(last.map(({ action, status, object, details }) => [action, status, object.id, details])).toEqual([
      ['vm.start', 'requested', guid(1), null],
      ['vm.start', 'refused', guid(1), '409'],
      ['POST /api/v1/jobs/:jobId/retry', 'refused', id, '409'],
    ]);
  });

  test.each(['cancel', 'acknowledge'])('refuses unknown query parameters of %s', async (action) => {
    const id = await send(1, 'start');
    await fail(1, id);
    const response = await service.post(`/api/v1/jobs/${id}/${action}?dryRun=true`);
    expect(response.statusCode).toBe(422);
    expect(job(id)).toMatchObject({ retriedBy: null, acknowledgedBy: null });
  });

  test('refuses a retry that the current state of the VM does not allow', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    hostOf(1).host.setVm(vmFacts(guid(1), { name: 'VM-1', state: 'Running' }));
    await until(() => service.store.get('vm', guid(1))?.state === 'Running');
    expect(await refusal(id)).toMatchObject({ code: 'wrong-state', state: 'Running' });
    expect(job(id)?.retriedBy).toBeNull();
  });

  test('retrying a deletion confirms the name and reads the other hosts again', async () => {
    const path = '\\\\fs01\\vms\\shared.vhdx';
    for (const at of [1, 2]) {
      const facts = { name: `VM-${at}`, state: 'Off', startedAt: null, disks: [disk(path)] } as const;
      hostOf(at).host.setVm(vmFacts(guid(at), { ...facts, disks: [...facts.disks] }));
    }
    await until(() => service.store.get('vm', guid(2))?.disks.length === 1);
    const url = `/api/v1/vms/${guid(1)}?name=VM-1&deleteDisks=true`;
    const { id } = (await service.send({ method: 'DELETE', url })).json<JobAccepted>().job;
    await fail(1, id);
    await retried(id);
    await until(() => runs(1));
    expect(hostOf(1).asked('vm.delete')[1]?.request).toMatchObject({ name: 'VM-1', keep: [path] });
  });

  test('a connection test can be retried while its host is unreachable', async () => {
    const test = await service.post('/api/v1/hosts/hv01/test');
    const { id } = test.json<JobAccepted>().job;
    await until(() => hostOf(1).running.has(''));
    hostOf(1).say('', { type: 'error', error });
    await until(() => job(id)?.state === 'failed');
    hostOf(1).host.fault = 'refuse';
    hostOf(1).host.cut();
    await until(() => service.store.get('host', 'hv01')?.connection.state !== 'connected');
    expect((await retried(id)).job).toMatchObject({ command: 'host.test', retryOf: id, hostId: 'hv01' });
  });

  test('a job can be retried after a restart, and the link survives another restart', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    await service.app.close();
    service = await start();
    await until(() => job(id)?.state === 'failed');
    const { job: next } = await retried(id);
    await until(() => runs(1));
    await service.app.close();
    service = await start();
    await until(() => job(next.id) !== undefined && job(id) !== undefined);
    expect(job(next.id)?.retryOf).toBe(id);
    expect(job(id)?.retriedBy).toBe(next.id);
  });
});

describe('a retry that is repeated with its key', () => {
  const key = { 'idempotency-key': 'one-key' };
  const keyed = (id: string) => service.post(`/api/v1/jobs/${id}/retry`, {}, key);

  test('returns the same retry for a repeated request with its key', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    const [first, twin] = await Promise.all([keyed(id), keyed(id)]);
    const { job: next } = first.json<BulkAccepted>();
    await until(() => runs(1));
    const second = await keyed(id);
    expect([first, twin, second].map(({ statusCode }) => statusCode)).toEqual([202, 202, 202]);
    expect([twin, second].map((one) => one.json<BulkAccepted>().job.id)).toEqual([next.id, next.id]);
    expect(hostOf(1).asked('vm.start')).toHaveLength(2);
  });

  test('refuses the key of a retry for another job, and for an ordinary command', async () => {
    const [id, other] = [await send(1, 'start'), await send(2, 'start')];
    await fail(1, id);
    await fail(2, other);
    expect((await keyed(id)).statusCode).toBe(202);
    const refused = await keyed(other);
    expect(refused.statusCode).toBe(422);
    expect(refused.json<Problem>().errors).toMatchObject([{ field: 'Idempotency-Key' }]);
    expect((await service.post(`/api/v1/vms/${guid(1)}/start`, {}, key)).statusCode).toBe(422);
  });

  test('returns the same retry for a repeated request with its key after a restart', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    const { job: next } = (await keyed(id)).json<BulkAccepted>();
    await until(() => runs(1));
    await service.app.close();
    service = await start();
    await until(() => job(id)?.state === 'failed');
    expect((await keyed(id)).json<BulkAccepted>().job.id).toBe(next.id);
  });
});

describe('the dry run of a retry', () => {
  const plan = (id: string) => service.post(`/api/v1/jobs/${id}/retry?dryRun=true`);

  /** Lets hosts check operations without finding anything in their way. */
  beforeEach(() => {
    for (const { host } of hosts) {
      const { respond } = host;
      host.respond = (envelope) =>
        envelope.op === 'operation.check'
          ? [{ type: 'result', result: { refusals: [], deletes: [], remaining: [] } }]
          : respond(envelope);
    }
  });

  test('the dry run of a retry returns the plan of its command, and changes nothing', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    const before = service.audit.entries.length;
    const response = await plan(id);
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json<Plan>()).toMatchObject({
      ok: true,
      title: 'Start VM-1',
      refusals: [],
      hostId: 'hv01',
    });
    expect(job(id)?.retriedBy).toBeNull();
    expect(service.audit.entries).toHaveLength(before);
  });

  test('the dry run of a retry lists the refusals of its command', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    hostOf(1).host.setVm(vmFacts(guid(1), { name: 'VM-1', state: 'Running' }));
    await until(() => service.store.get('vm', guid(1))?.state === 'Running');
    expect((await plan(id)).json<Plan>()).toMatchObject({ ok: false, refusals: [{ code: 'wrong-state' }] });
  });

  test('the dry run of a retry with children returns a plan for each that did not succeed', async () => {
    const body = { command: 'vm.start', vms: [1, 2, 3].map((at) => ({ vmId: guid(at) })) };
    const { job: parent } = (await service.post('/api/v1/vms/bulk', body)).json<BulkAccepted>();
    await until(() => runs(1) && runs(2) && runs(3));
    hostOf(1).succeed(guid(1));
    for (const at of [2, 3]) hostOf(at).say(guid(at), { type: 'error', error });
    await until(() => job(parent.id)?.state === 'failed');
    const { ok, items } = (await plan(parent.id)).json<BulkPlan>();
    expect([ok, items.map(({ title }) => title)]).toEqual([true, ['Start VM-2', 'Start VM-3']]);
    expect(job(parent.id)?.retriedBy).toBeNull();
  });

  test('refuses the dry run of a retry of a job that has succeeded', async () => {
    const id = await send(1, 'start');
    await until(() => runs(1));
    hostOf(1).succeed(guid(1));
    await until(() => job(id)?.state === 'succeeded');
    expect((await plan(id)).json<Problem>()).toMatchObject({ code: 'wrong-state', status: 409 });
  });
});

describe('a job that cannot be retried', () => {
  test.each([
    ['is running', 'This job is running.', () => Promise.resolve()],
    [
      'has succeeded',
      'This job succeeded.',
      async (id: string) => {
        hostOf(1).succeed(guid(1));
        await until(() => job(id)?.state === 'succeeded');
      },
    ],
    [
      'has an unknown outcome',
      'The outcome of this job is unknown',
      async (id: string) => {
        hostOf(1).host.fault = 'refuse';
        hostOf(1).host.cut();
        await until(() => job(id)?.state === 'unknown');
      },
    ],
  ])('refuses to retry a job that %s, with the reason', async (_what, reason, act) => {
    const id = await send(1, 'start');
    await until(() => runs(1));
    await act(id);
    const problem = await refusal(id);
    expect(problem).toMatchObject({ code: 'wrong-state', state: job(id)?.state });
    expect(problem.detail).toContain(reason);
  });

  test('refuses to retry a job a second time, and names its retry', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    const { job: next } = await retried(id);
    await fail(1, next.id);
    const problem = await refusal(id);
    expect(problem.code).toBe('conflict');
    expect(problem.detail).toContain(next.id);
    expect((await retried(next.id)).job.retryOf).toBe(next.id);
  });

  test('refuses to retry a job whose request contained a secret, and says so', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    service.app.get(JobRequests).restore(id, {}, true);
    const problem = await refusal(id);
    expect(problem).toMatchObject({ code: 'conflict' });
    expect(problem.detail).toContain('contained a secret');
  });

  test('refuses to retry a job that another program started on the host', async () => {
    await service.app.close();
    const at = new Date(clock.now()).toISOString();
    const id = childOperationId('01900000-0000-7000-8000-000000000000', 1);
    hostOf(1).journal.set(id, {
      operationId: id,
      op: 'vm.start',
      state: 'failed',
      vmId: guid(1),
      actor: 'someone',
      startedAt: at,
      finishedAt: at,
      percent: null,
      message: null,
      error: { code: 'agent-error', message: 'No.', remedy: null },
    });
    service = await start();
    await until(() => job(id) !== undefined);
    expect((await refusal(id)).detail).toContain('not started by this service');
  });

  test('refuses a retry if the caller lacks the permission of its command', async () => {
    const id = await send(1, 'start');
    await fail(1, id);
    vi.spyOn(localAdministrator.permissions, 'has').mockImplementation((one) => one === 'view');
    expect(await refusal(id)).toMatchObject({ code: 'forbidden' });
  });
});

describe('the retry of a job with children', () => {
  const body = { command: 'vm.start', vms: [1, 2, 3].map((at) => ({ vmId: guid(at) })) };

  /** Starts three VMs, of which the second and third fail. */
  async function twoFail(): Promise<string> {
    const { job: parent } = (await service.post('/api/v1/vms/bulk', body)).json<BulkAccepted>();
    await until(() => runs(1) && runs(2) && runs(3));
    hostOf(1).succeed(guid(1));
    for (const at of [2, 3]) hostOf(at).say(guid(at), { type: 'error', error });
    await until(() => job(parent.id)?.state === 'failed');
    return parent.id;
  }

  test('retrying a job with children runs only those that did not succeed', async () => {
    const id = await twoFail();
    const { job: next } = await retried(id);
    expect(next).toMatchObject({ title: 'Start 2 VMs', retryOf: id, children: { total: 2 } });
    expect(job(id)?.retriedBy).toBe(next.id);
    await until(() => runs(2) && runs(3));
    for (const at of [2, 3]) hostOf(at).succeed(guid(at));
    await until(() => job(next.id)?.state === 'succeeded');
    expect(hosts.map((host) => host.asked('vm.start').length)).toEqual([1, 2, 2]);
  });

  test('retrying a job with children leaves out those that are refused now', async () => {
    const id = await twoFail();
    hostOf(3).host.setVm(vmFacts(guid(3), { name: 'VM-3', state: 'Running' }));
    await until(() => service.store.get('vm', guid(3))?.state === 'Running');
    const { job: next, refused } = await retried(id);
    expect(next).toMatchObject({ title: 'Start 1 VM', children: { total: 1 } });
    expect(refused).toMatchObject([{ vmId: guid(3), name: 'VM-3', refusals: [{ code: 'wrong-state' }] }]);
  });

  test('refuses to retry a job with children if all of them are refused now', async () => {
    const id = await twoFail();
    for (const at of [2, 3]) hostOf(at).host.setVm(vmFacts(guid(at), { name: `VM-${at}`, state: 'Running' }));
    await until(() => [2, 3].every((at) => service.store.get('vm', guid(at))?.state === 'Running'));
    expect((await refusal(id)).refused).toHaveLength(2);
    expect(job(id)?.retriedBy).toBeNull();
  });

  test('the retry of a job with children says how many are no longer available', async () => {
    const id = await twoFail();
    service.app.get(JobRows).disown(childOperationId(id, 2));
    const { job: next } = await retried(id);
    const remark = '1 of the 2 children that did not succeed are no longer available, and are not retried.';
    expect(next).toMatchObject({ title: 'Start 1 VM', message: remark });
    const log = (await service.get(`/api/v1/jobs/${next.id}/log`)).json<JobLog>();
    expect(log.items.map(({ message }) => message)).toContain(remark);
  });

  test('the retry of a job with children returns the same job for the same key, also after a restart', async () => {
    const id = await twoFail();
    const key = { 'idempotency-key': 'one-key' };
    const keyed = () => service.post(`/api/v1/jobs/${id}/retry`, {}, key);
    const { job: next } = (await keyed()).json<BulkAccepted>();
    await until(() => runs(2) && runs(3));
    expect((await keyed()).json<BulkAccepted>().job.id).toBe(next.id);
    await service.app.close();
    service = await start();
    await until(() => job(next.id) !== undefined && job(id)?.state === 'failed');
    expect((await keyed()).json<BulkAccepted>().job.id).toBe(next.id);
  });

  test('a single child can be retried', async () => {
    const id = await twoFail();
    const child = childOperationId(id, 2);
    const { job: next } = await retried(child);
    expect(next).toMatchObject({ retryOf: child, parentId: null, title: 'Start VM-2' });
  });

  test('a child that was retried alone is left out of the retry of its parent', async () => {
    const id = await twoFail();
    const alone = await retried(childOperationId(id, 2));
    const { job: next, refused } = await retried(id);
    expect(next).toMatchObject({ title: 'Start 1 VM', children: { total: 1 } });
    expect(refused).toMatchObject([{ name: 'VM-2', refusals: [{ code: 'conflict' }] }]);
    expect(refused[0]?.refusals[0]?.message).toContain(alone.job.id);
  });

  test('a child cannot be retried alone after the retry of its parent', async () => {
    const id = await twoFail();
    const { job: next } = await retried(id);
    const { code, detail } = await refusal(childOperationId(id, 3));
    expect([code, detail]).toEqual(['conflict', expect.stringContaining(next.id)]);
  });

  /** Retries a job with children, and holds it while the audit log records the attempts. */
  const heldRetry = async (id: string) => {
    const { entries } = service.audit;
    const before = entries.length;
    const end = service.audit.hold('vm.start');
    const late = retry(id);
    await until(() => entries.slice(before).some(({ object }) => object.name === 'VM-3'));
    end.forLater();
    return { late, end };
  };

  test('two retries of one parent at the same time create one job', async () => {
    const id = await twoFail();
    const { late, end } = await heldRetry(id);
    await retried(id);
    end.forAll();
    expect((await late).statusCode).toBe(409);
    const { entries } = service.audit;
    const refused = entries.filter(({ action, status }) => action === 'vm.start' && status === 'refused');
    expect(refused.map(({ object, details }) => [object.name, details])).toEqual([
      ['VM-2', '409'],
      ['VM-3', '409'],
    ]);
  });

  test('refuses the retry of a job with children while one of them is being retried alone', async () => {
    const id = await twoFail();
    const { late, end } = await heldRetry(id);
    const alone = await retried(childOperationId(id, 2));
    end.forAll();
    const { code, detail } = (await late).json<Problem>();
    expect([code, detail]).toEqual([
      'conflict',
      expect.stringContaining(`VM-2 was retried alone: job ${alone.job.id}`),
    ]);
    expect(job(id)?.retriedBy).toBeNull();
    const { job: next, refused } = await retried(id);
    expect([next.title, refused.map(({ name }) => name)]).toEqual(['Start 1 VM', ['VM-2']]);
    await until(() => runs(2) && runs(3));
    expect(hostOf(2).asked('vm.start')).toHaveLength(2);
  });

  test('a job with children can be retried after a restart, and the link survives another restart', async () => {
    const id = await twoFail();
    await service.app.close();
    service = await start();
    await until(() => job(id)?.state === 'failed');
    const { job: next } = await retried(id);
    await until(() => runs(2) && runs(3));
    await service.app.close();
    service = await start();
    await until(() => job(next.id) !== undefined && job(id)?.state === 'failed');
    expect(job(id)?.retriedBy).toBe(next.id);
    expect(job(next.id)?.retryOf).toBe(id);
  });
});
