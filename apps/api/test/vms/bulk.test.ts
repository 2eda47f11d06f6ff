import type { BulkAccepted, BulkPlan, BulkRequest, Job, Problem } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PrincipalResolver } from '../../src/auth/principal-resolver.ts';
import { permissionsOfRoles } from '../../src/auth/principal.ts';
import { childOperationId } from '../../src/common/operation-id.ts';
import { sessionOf } from '../support/authentication.ts';
import { disk, guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { threeHosts } from '../support/family.ts';
import type { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const environment = { SERVICE_KEY: 'a key of the service that is long enough' };

let clock: FakeClock;
let hosts: JobHost[];
let service: TestApp;

/** Three hosts with a VM each that is off; the first also has VM 4, which runs. */
beforeEach(async () => {
  clock = new FakeClock();
  hosts = threeHosts(clock);
  hosts[0]?.host.vms.set(guid(4), vmFacts(guid(4), { name: 'VM-4', state: 'Running' }));
  service = await start();
});
afterEach(() => service.app.close());

function start(): Promise<TestApp> {
  return startTestApp({ hosts: hosts.map(({ host }) => host), clock, environment });
}

const vms = (...numbers: number[]): BulkRequest['vms'] => numbers.map((number) => ({ vmId: guid(number) }));
const send = (body: object, headers: Record<string, string> = {}, query = '') =>
  service.post(`/api/v1/vms/bulk${query}`, body, headers);
const job = (id: string): Readonly<Job> | undefined => service.store.get('job', id);
const runs = (number: number): boolean => hosts.some(({ running }) => running.has(guid(number)));
const starts = (): number => hosts.reduce((sum, host) => sum + host.asked('vm.start').length, 0);

async function accepted(body: object, headers: Record<string, string> = {}): Promise<BulkAccepted> {
  const response = await send(body, headers);
  expect(response.statusCode, response.body).toBe(202);
  const answer = response.json<BulkAccepted>();
  expect(response.headers['location']).toBe(`/api/v1/jobs/${answer.job.id}`);
  return answer;
}

describe('a command for several VMs', () => {
  test('a command for several VMs runs on the host of each VM as a child of one job', async () => {
    const { job: parent, refused } = await accepted({ command: 'vm.start', vms: vms(1, 2, 3) });
    expect(parent).toMatchObject({ title: 'Start 3 VMs', command: 'vm.start', children: { total: 3 } });
    expect(refused).toEqual([]);
    await until(() => runs(1) && runs(2) && runs(3));
    for (const [at, host] of hosts.entries()) host.succeed(guid(at + 1));
    await until(() => job(parent.id)?.state === 'succeeded');
    const { items } = (await service.get(`/api/v1/jobs?parentId=${parent.id}`)).json<{ items: Job[] }>();
    expect(items.map(({ subject, hostId, state }) => [subject.name, hostId, state]).toSorted()).toEqual([
      ['VM-1', 'hv01', 'succeeded'],
      ['VM-2', 'hv02', 'succeeded'],
      ['VM-3', 'hv03', 'succeeded'],
    ]);
  });

  test('a command for several VMs leaves out refused VMs and lists them in the response and the log', async () => {
    const body = { command: 'vm.start', vms: vms(4, 1, 99) };
    const { job: parent, refused } = await accepted(body);
    expect(refused).toMatchObject([
      { vmId: guid(4), name: 'VM-4', refusals: [{ code: 'wrong-state' }] },
      { vmId: guid(99), name: null, refusals: [{ code: 'not-found' }] },
    ]);
    expect(parent).toMatchObject({
      children: { total: 1 },
      message: '2 of 3 VMs were refused. The log lists them.',
    });
    const log = (await service.get(`/api/v1/jobs/${parent.id}/log`)).json<{ items: Job['log'] }>();
    expect(log.items.map(({ level, message }) => [level, message.split(':')[0]])).toEqual([
      ['warning', 'VM-4'],
      ['warning', guid(99)],
    ]);
    await until(() => runs(1));
    hosts[0]?.succeed(guid(1));
    await until(() => job(parent.id)?.state === 'succeeded');
    expect(job(parent.id)?.message).toContain('2 of 3');
  });

  test('refuses a command that is possible for none of its VMs, with the reasons for each', async () => {
    const response = await send({ command: 'vm.start', vms: vms(4, 99) });
    expect(response.statusCode).toBe(409);
    const problem = response.json<Problem>();
    expect(problem.refused).toMatchObject([
      { vmId: guid(4), refusals: [{ code: 'wrong-state' }] },
      { vmId: guid(99), refusals: [{ code: 'not-found' }] },
    ]);
    expect(problem.detail).toContain('"Start" is not possible for any of the 2 VMs. VM-4: VM-4 is Running');
    expect([...service.store.rows('job').values()]).toEqual([]);
  });

  test('a command for several VMs leaves out a VM on which it is already in progress', async () => {
    await service.post(`/api/v1/vms/${guid(1)}/start`);
    const { refused } = await accepted({ command: 'vm.start', vms: vms(1, 2) });
    expect(refused).toMatchObject([{ vmId: guid(1), refusals: [{ code: 'already-running' }] }]);
  });

  test('a command for several VMs leaves out the VMs of an unreachable host', async () => {
    const lost = hosts[1]?.host;
    if (lost !== undefined) lost.fault = 'refuse';
    lost?.cut();
    await until(() => service.store.get('host', 'hv02')?.connection.state !== 'connected');
    const { refused } = await accepted({ command: 'vm.start', vms: vms(1, 2) });
    expect(refused).toMatchObject([{ vmId: guid(2), refusals: [{ code: 'host-unavailable' }] }]);
  });

  test.each([
    ['the same VM twice', { command: 'vm.start', vms: vms(1, 2, 1) }, 'vms.2.vmId'],
    ['no VM', { command: 'vm.start', vms: [] }, 'vms'],
    [
      'more than 200 VMs',
      { command: 'vm.start', vms: vms(...Array.from({ length: 201 }, (_, at) => at)) },
      'vms',
    ],
    ['a command that is not for several VMs', { command: 'vm.update', vms: vms(1) }, 'command'],
    ['an option of another command', { command: 'vm.start', vms: vms(1), force: true }, 'force'],
    ['a deletion without the name of the VM', { command: 'vm.delete', vms: vms(1) }, 'vms.0.name'],
  ])('refuses a command for several VMs with %s', async (_what, body, field) => {
    const response = await send(body);
    expect(response.statusCode, response.body).toBe(422);
    expect(response.json<Problem>().errors?.map((error) => error.field)).toEqual([field]);
  });

  test('a command for several VMs passes its options to each VM', async () => {
    await accepted({ command: 'checkpoint.create', vms: vms(1, 2), checkpointName: 'Before the update' });
    await until(() => runs(1) && runs(2));
    const requests = hosts.flatMap((host) => host.asked('checkpoint.create').map(({ request }) => request));
    expect(requests).toEqual([1, 2].map((at) => ({ vmId: guid(at), name: 'Before the update' })));
  });
});

describe('the deletion of several VMs', () => {
  const targets = (...numbers: number[]) => numbers.map((at) => ({ vmId: guid(at), name: `VM-${at}` }));

  test('deleting several VMs leaves out a VM whose name differs', async () => {
    const body = { command: 'vm.delete', vms: [...targets(1), { vmId: guid(2), name: 'VM-1' }] };
    const { refused } = await accepted(body);
    expect(refused).toMatchObject([{ vmId: guid(2), refusals: [{ code: 'conflict' }] }]);
    expect(hosts[1]?.asked('vm.delete')).toEqual([]);
  });

  test('deleting several VMs keeps the files that other hosts need, for each VM', async () => {
    const path = '\\\\fs01\\vms\\shared.vhdx';
    for (const at of [1, 2]) {
      const facts = vmFacts(guid(at), {
        name: `VM-${at}`,
        state: 'Off',
        startedAt: null,
        disks: [disk(path)],
      });
      hosts[at - 1]?.host.setVm(facts);
    }
    await until(() => [1, 2].every((at) => service.store.get('vm', guid(at))?.disks.length === 1));
    await accepted({ command: 'vm.delete', vms: targets(1, 2), deleteDisks: true });
    await until(() => runs(1) && runs(2));
    for (const at of [1, 2]) {
      expect(hosts[at - 1]?.asked('vm.delete')[0]?.request).toMatchObject({
        vmId: guid(at),
        name: `VM-${at}`,
        deleteDisks: true,
        keep: [path],
      });
    }
  });
});

describe('a dry run for several VMs', () => {
  test('a dry run for several VMs returns a plan for each in the order of the request and changes nothing', async () => {
    let atOnce = 0;
    let most = 0;
    for (const { host } of hosts) {
      const { respond } = host;
      host.respond = (envelope) => {
        if (envelope.op !== 'operation.check') return respond(envelope);
        return (async function* check() {
          most = Math.max(most, (atOnce += 1));
          await Promise.resolve();
          atOnce -= 1;
          yield { type: 'result', result: { refusals: [], deletes: [], remaining: [] } };
        })();
      };
    }
    for (let at = 10; at < 30; at += 1)
      hosts[0]?.host.setVm(vmFacts(guid(at), { name: `VM-${at}`, state: 'Off' }));
    await until(() => service.store.get('vm', guid(29)) !== undefined);
    const numbers = [4, 99, 2, ...Array.from({ length: 20 }, (_, at) => at + 10)];
    const response = await send({ command: 'vm.start', vms: vms(...numbers) }, {}, '?dryRun=true');
    expect(response.statusCode, response.body).toBe(200);
    const { ok, items } = response.json<BulkPlan>();
    expect(ok).toBe(false);
    expect(items.map(({ subject }) => subject.id)).toEqual(numbers.map(guid));
    expect(items.slice(0, 3)).toMatchObject([
      { ok: false, refusals: [{ code: 'wrong-state' }], hostId: 'hv01' },
      { ok: false, refusals: [{ code: 'not-found' }], hostId: null, title: `Start ${guid(99)}` },
      { ok: true, refusals: [], hostId: 'hv02', title: 'Start VM-2' },
    ]);
    expect(items.slice(3).every((plan) => plan.ok)).toBe(true);
    expect(most).toBeLessThanOrEqual(5);
    expect([...service.store.rows('job').values()]).toEqual([]);
    expect(service.audit.entries).toEqual([]);
  });
});

describe('a dry run for many VMs on a slow host', () => {
  /** The first host takes 20 seconds for each check. */
  beforeEach(async () => {
    for (const { host } of hosts) {
      const { respond } = host;
      host.respond = (envelope) => {
        if (envelope.op !== 'operation.check') return respond(envelope);
        return (async function* check() {
          if (host.hostId === 'hv01') await new Promise<void>((end) => clock.schedule(20_000, end));
          yield { type: 'result', result: { refusals: [], deletes: [], remaining: [] } };
        })();
      };
    }
    for (let at = 10; at < 30; at += 1)
      hosts[0]?.host.setVm(vmFacts(guid(at), { name: `VM-${at}`, state: 'Off' }));
    await until(() => service.store.get('vm', guid(29)) !== undefined);
  });

  test('a dry run for several VMs returns after 50 seconds, and says which VMs were not checked', async () => {
    const numbers = [4, 2, ...Array.from({ length: 20 }, (_, at) => at + 10)];
    const response = send({ command: 'vm.start', vms: vms(...numbers) }, {}, '?dryRun=true');
    let isAnswered = false;
    void response.then(() => (isAnswered = true));
    await until(() => (hosts[0]?.asked('operation.check').length ?? 0) === 4);
    for (let seconds = 0; seconds < 50; seconds += 10) {
      expect(isAnswered).toBe(false);
      await clock.advance(10_000);
    }
    await until(() => isAnswered);
    const { ok, items } = (await response).json<BulkPlan>();
    expect([ok, items.length]).toEqual([false, numbers.length]);
    const unchecked = items.filter(({ refusals }) => refusals.some(({ code }) => code === 'host-timeout'));
    expect(unchecked.map(({ hostId }) => hostId)).toEqual(unchecked.map(() => 'hv01'));
    expect(items.filter((plan) => plan.ok)).toHaveLength(8);
    expect(unchecked.at(-1)?.refusals[0]?.message).toContain('50 s');
    // The reason that the service knows is listed for a VM that was not checked as well.
    expect(items[0]?.refusals.map(({ code }) => code)).toContain('wrong-state');
  });
});

describe('a command for several VMs that are all refused', () => {
  test.each([
    ['not-found', 404, { command: 'vm.start', vms: vms(98, 99) }],
    ['conflict', 409, { command: 'vm.start', vms: [{ vmId: guid(1), name: 'VM-2' }] }],
    ['wrong-state', 409, { command: 'vm.start', vms: vms(4, 99) }],
  ])('answers %s with %i', async (code, status, body) => {
    const response = await send(body);
    expect([response.statusCode, response.json<Problem>().code]).toEqual([status, code]);
    expect(response.json<Problem>().refused).toHaveLength(body.vms.length);
  });
});

describe('the audit of a command for several VMs', () => {
  test('records the attempts of a request as refused if another one used its key first', async () => {
    const key = { 'idempotency-key': 'one-key' };
    const end = service.audit.hold('vm.start');
    const late = send({ command: 'vm.start', vms: vms(2, 3) }, key);
    await until(() => service.audit.entries.some(({ object }) => object.name === 'VM-3'));
    end.forLater();
    await accepted({ command: 'vm.start', vms: vms(1) }, key);
    end.forAll();
    expect((await late).statusCode).toBe(422);
    const records = service.audit.entries.filter(
      ({ action, object }) => action === 'vm.start' && object.name !== 'VM-1',
    );
    expect(records.map(({ status, object, details }) => [status, object.name, details])).toEqual([
      ['requested', 'VM-2', null],
      ['requested', 'VM-3', null],
      ['refused', 'VM-2', '422'],
      ['refused', 'VM-3', '422'],
    ]);
  });

  test('audits a command for several VMs: the request, each VM before it begins, and each result', async () => {
    const { job: parent } = await accepted({ command: 'vm.start', vms: vms(1, 4) });
    await until(() => runs(1));
    hosts[0]?.succeed(guid(1));
    await until(() => job(parent.id)?.state === 'succeeded');
    const child = childOperationId(parent.id, 1);
    const action = 'POST /api/v1/vms/bulk';
    expect(
      service.audit.entries.map((entry) => [entry.action, entry.status, entry.object.name, entry.job]),
    ).toEqual([
      [action, 'requested', null, null],
      ['vm.start', 'requested', 'VM-1', null],
      ['vm.start', 'accepted', 'VM-1', child],
      ['vm.start', 'refused', 'VM-4', null],
      [action, 'accepted', null, parent.id],
      ['vm.start', 'succeeded', 'VM-1', child],
      ['vm.start', 'succeeded', null, parent.id],
    ]);
    expect(service.audit.entries[0]?.options).toEqual({ command: 'vm.start' });
    expect(new Set(service.audit.entries.slice(0, 5).map(({ request }) => request)).size).toBe(1);
  });
});

describe('a repeated command for several VMs', () => {
  const body = { command: 'vm.start', vms: vms(1, 2, 3) };
  const key = { 'idempotency-key': 'one-key' };

  test('a repeated command for several VMs returns the same job', async () => {
    const first = await accepted(body, key);
    const second = await accepted(body, key);
    expect(second.job.id).toBe(first.job.id);
    await until(() => runs(1) && runs(2) && runs(3));
    expect(starts()).toBe(3);
  });

  test('refuses an idempotency key that was used for other VMs', async () => {
    await accepted(body, key);
    const other = await send({ ...body, vms: vms(1, 2) }, key);
    expect(other.statusCode).toBe(422);
    expect(other.json<Problem>().errors).toMatchObject([{ field: 'Idempotency-Key' }]);
  });

  test('a command for several VMs that is repeated after a restart returns the restored job', async () => {
    const first = await accepted(body, key);
    await until(() => runs(1) && runs(2) && runs(3));
    for (const [at, host] of hosts.entries()) {
      host.succeed(guid(at + 1));
      host.host.setVm(vmFacts(guid(at + 1), { name: `VM-${at + 1}`, state: 'Running' }));
    }
    await until(() => job(first.job.id)?.state === 'succeeded');
    await service.app.close();
    service = await start();
    const second = await accepted(body, key);
    expect(second.job.id).toBe(first.job.id);
    await until(() => job(first.job.id)?.state === 'succeeded');
    expect(starts()).toBe(3);
  });
});

test('a command for several VMs requires the permission of that command', async () => {
  await service.app.close();
  const permissions = new Set([...permissionsOfRoles(['reader']), 'power'] as const);
  const principal = { id: 'ann', name: 'Ann', permissions };
  const resolver = { resolve: () => Promise.resolve(sessionOf(principal)) };
  service = await startTestApp({
    hosts: hosts.map(({ host }) => host),
    clock,
    replacements: [{ provide: PrincipalResolver, useValue: resolver }],
  });
  const deletion = await send({ command: 'vm.delete', vms: [{ vmId: guid(1), name: 'VM-1' }] });
  expect(deletion.statusCode).toBe(403);
  expect(deletion.body).toContain('Ann lacks the permission delete.');
  await accepted({ command: 'vm.start', vms: vms(1) });
});
