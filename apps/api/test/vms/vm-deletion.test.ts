import type { Job, JobAccepted, VmFacts } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { localAdministrator } from '../../src/auth/principal.ts';
import { clusterFacts, disk, guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const csv = 'C:\\ClusterStorage\\V1';
const shared = `${csv}\\golden.vhdx`;

let clock: FakeClock;
let hv1: JobHost;
let hv2: JobHost;
let alone: JobHost;
let service: TestApp;

function off(at: number, ...paths: string[]): VmFacts {
  const disks = paths.map((path) => disk(path));
  return vmFacts(guid(at), { name: `VM-${at}`, state: 'Off', startedAt: null, disks });
}

function hold(host: JobHost, ...vms: VmFacts[]): void {
  for (const vm of vms) host.host.vms.set(vm.vmId, vm);
}

beforeEach(async () => {
  clock = new FakeClock();
  hv1 = new JobHost('hv1', clock, 0);
  hv2 = new JobHost('hv2', clock, 0);
  alone = new JobHost('alone', clock, 0);
  for (const { host } of [hv1, hv2]) host.cluster = clusterFacts(guid(100), ['hv1', 'hv2']);
  hold(hv1, off(1, shared, `${csv}\\one.vhdx`), off(2, '\\\\fs01\\vms\\two.vhdx'));
  hold(hv1, { ...off(3), state: 'Running', startedAt: '2026-01-01T00:00:00Z' });
  hold(hv2, off(11, `${csv}\\eleven.vhdx`));
  hold(alone, off(21, '\\\\FS01\\VMs\\other.vhdx'));
  service = await startTestApp({ hosts: [hv1.host, hv2.host, alone.host], clock });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await service.app.close();
});

const ask = (at: number, query: object = {}, headers: Record<string, string> = {}) =>
  service.delete(`/api/v1/vms/${guid(at)}`, { name: `VM-${at}`, ...query }, headers);

async function begin(at: number, query: object = { deleteDisks: true }): Promise<Job> {
  const response = await ask(at, query);
  expect(response.statusCode, response.body).toBe(202);
  const { job } = response.json<JobAccepted>();
  expect(response.headers['location']).toBe(`/api/v1/jobs/${job.id}`);
  return job;
}

/** What the host of the VM was asked to keep. */
async function kept(at: number): Promise<unknown> {
  await until(() => hv1.running.has(guid(at)));
  return (hv1.asked('vm.delete').at(-1)?.request as { keep?: unknown }).keep;
}

const jobOf = (id: string): Readonly<Job> | undefined => service.store.get('job', id);
const reads = ({ host }: JobHost): number => host.envelopes.filter(({ op }) => op === 'inventory').length;

describe('deleting a VM', () => {
  test('creates a job whose result lists deleted and remaining files, and is audited', async () => {
    const { id, title } = await begin(1);
    expect(title).toBe('Delete VM-1');
    expect(await kept(1)).toEqual([]);
    expect(hv1.asked('vm.delete')[0]).toMatchObject({
      id,
      actor: 'Local administrator',
      request: { vmId: guid(1), name: 'VM-1', force: false, deleteDisks: true },
    });
    const remaining = [{ path: shared, reason: 'in-use', message: 'The VM "x" needs it.' }];
    const deleted = [`${csv}\\one.vhdx`];
    hv1.say(guid(1), { type: 'result', result: { vmId: guid(1), deleted, remaining } });
    await until(() => jobOf(id)?.state === 'succeeded');
    const read = (await service.get(`/api/v1/jobs/${id}`)).json<Job>();
    expect(read.result).toEqual({ vmId: guid(1), deleted, remaining });
    expect(service.audit.entries).toContainEqual(
      expect.objectContaining({
        action: 'vm.delete',
        status: 'succeeded',
        actor: { id: null, name: 'Local administrator' },
      }),
    );
  });

  test('shows its result even if only the journal of the host has it', async () => {
    const { id } = await begin(1);
    await kept(1);
    const deletion = { deleted: [`${csv}\\one.vhdx`], remaining: [] };
    hv1.journal.set(id, {
      operationId: id,
      op: 'vm.delete',
      state: 'succeeded',
      vmId: guid(1),
      actor: 'Local administrator',
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:01:00Z',
      percent: 100,
      message: null,
      result: { vmId: guid(1), ...deletion },
    });
    hv1.host.cut();
    await clock.advance(10_000);
    await until(() => jobOf(id)?.state === 'succeeded');
    expect(jobOf(id)?.result).toEqual({ vmId: guid(1), ...deletion });
  });

  test('an interrupted deletion is resumed under its id according to the journal', async () => {
    const { id, createdAt } = await begin(1);
    await kept(1);
    hv1.journal.set(id, {
      operationId: id,
      op: 'vm.delete',
      state: 'unknown',
      vmId: guid(1),
      actor: 'Local administrator',
      startedAt: createdAt,
      finishedAt: null,
      percent: 50,
      message: null,
    });
    // The VM is gone already; what it shared meanwhile counts nevertheless.
    hv1.host.vms.delete(guid(1));
    hold(hv2, off(11, shared));
    hv1.host.cut();
    await clock.advance(10_000);
    await until(() => hv1.asked('vm.delete').length === 2);
    expect(hv1.asked('vm.delete')[1]).toMatchObject({ id, request: { keep: [shared] } });
    hv1.say(guid(1), { type: 'result', result: { vmId: guid(1), deleted: [], remaining: [] } });
    await until(() => jobOf(id)?.state === 'succeeded');
    expect(jobOf(id)?.error).toBeNull();
  });

  test('is not resumed indefinitely', async () => {
    const { id, createdAt } = await begin(1, {});
    const entry = { operationId: id, op: 'vm.delete', vmId: guid(1), actor: 'ann', startedAt: createdAt };
    hv1.journal.set(id, { ...entry, state: 'unknown', finishedAt: null, percent: null, message: null });
    for (let times = 1; times <= 11; times += 1) {
      await until(() => hv1.asked('vm.delete').length === times);
      hv1.host.cut();
      await clock.advance(20_000);
    }
    expect(hv1.asked('vm.delete')).toHaveLength(11);
    expect(jobOf(id)?.state).toBe('unknown');
  });

  test.each([
    ['a VM that there is not', 99, {}, 404, 'not-found'],
    ['another name', 1, { name: 'vm-1' }, 409, 'conflict'],
    ['a VM that runs', 3, {}, 409, 'wrong-state'],
    ['no name', 1, { name: undefined }, 422, 'validation-failed'],
    ['an unknown parameter', 1, { keep: '' }, 422, 'validation-failed'],
  ])('is refused for %s', async (_what, at, query, status, code) => {
    const response = await ask(at, query);
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([status, code]);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(hv1.asked('vm.delete')).toEqual([]);
  });

  test('requires force for a running VM', async () => {
    await begin(3, { force: true });
    expect(await kept(3)).toBeUndefined();
    expect(hv1.asked('vm.delete')[0]?.request).toMatchObject({ force: true, deleteDisks: false });
  });

  test('is forbidden with permissions to view or to use power only', async () => {
    const allowed = vi.spyOn(localAdministrator.permissions, 'has');
    for (const permission of ['view', 'power']) {
      allowed.mockImplementation((one) => one === permission);
      const response = await ask(1);
      expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([403, 'forbidden']);
    }
    allowed.mockImplementation((one) => one === 'view' || one === 'delete');
    expect((await ask(1)).statusCode).toBe(202);
  });

  test('returns the same job for a request repeated with its key', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = (await ask(1, {}, headers)).json<JobAccepted>().job.id;
    expect((await ask(1, {}, headers)).json<JobAccepted>().job.id).toBe(first);
    expect((await ask(1, { deleteDisks: true }, headers)).statusCode).toBe(422);
    expect((await ask(1)).json<{ code: string }>().code).toBe('already-running');
  });
});

describe('querying other hosts’ needs', () => {
  test('includes changes since they were last read', async () => {
    // Nobody tells of it: the store does not know.
    hold(hv2, off(11, shared));
    await begin(1);
    expect(await kept(1)).toEqual([shared]);
    expect([reads(hv1), reads(hv2), reads(alone)]).toEqual([1, 1, 0]);
  });

  test('includes changes of the VM itself', async () => {
    hold(hv1, off(1, `${csv}\\eleven.vhdx`));
    await begin(1);
    expect(await kept(1)).toEqual([`${csv}\\eleven.vhdx`]);
  });

  test('counts a known VM that is on no host at the moment', async () => {
    hv2.host.setVm(off(11, shared));
    await until(() => service.store.get('vm', guid(11))?.disks[0]?.path === shared);
    hv2.host.vms.delete(guid(11));
    await begin(1);
    expect(await kept(1)).toEqual([shared]);
  });

  test('includes every host for a file on a share', async () => {
    hold(alone, off(21, '\\\\FS01\\VMs\\two.vhdx'));
    await begin(2);
    expect(await kept(2)).toEqual(['\\\\fs01\\vms\\two.vhdx']);
    expect(reads(alone)).toBe(1);
  });

  test('includes the cluster nodes that the host itself reports', async () => {
    hold(hv2, off(11, shared));
    const row = service.store.get('vm', guid(1));
    if (row) service.store.put('vm', { ...row, clusterId: null });
    await begin(1);
    expect(await kept(1)).toEqual([shared]);
  });

  test('happens before disks are merged as well', async () => {
    const checkpoint = {
      id: guid(9),
      parentId: null,
      name: 'one',
      type: 'Standard',
      automatic: false,
      current: true,
    } as const;
    hv1.host.setVm({
      ...off(1, `${csv}\\one_1.avhdx`),
      checkpoints: [{ ...checkpoint, createdAt: '2026-01-01T00:00:00Z' }],
    });
    await until(() => service.store.get('vm', guid(1))?.checkpoints.length === 1);
    hold(hv2, off(11, shared));
    await begin(1, {});
    expect(await kept(1)).toContain(shared);
  });

  test('is skipped if no disk is to be deleted', async () => {
    await begin(1, {});
    expect(await kept(1)).toBeUndefined();
    expect([reads(hv1), reads(hv2)]).toEqual([0, 0]);
  });
});

describe('a host that does not report the files it needs', () => {
  test.each(['refuse', 'first-line'] as const)(
    'keeps all shared storage (%s), as the job reports',
    async (fault) => {
      hv2.host.fault = fault;
      if (fault === 'refuse') hv2.host.cut();
      const { id } = await begin(1);
      await until(() => reads(hv1) === 1);
      await clock.advance(60_000);
      expect(await kept(1)).toEqual(['C:\\ClusterStorage']);
      expect(jobOf(id)?.log).toContainEqual(
        expect.objectContaining({
          level: 'warning',
          message: expect.stringMatching(/^HV2 did not report/) as string,
        }),
      );
    },
  );

  test('may be a node that the cluster reports and the service does not know', async () => {
    hv1.host.setCluster(clusterFacts(guid(100), ['hv1', 'hv2', 'hv3']));
    await until(() => service.store.get('cluster', guid(100))?.nodes.length === 3);
    await begin(1);
    expect(await kept(1)).toEqual(['C:\\ClusterStorage']);
  });

  test('keeps the share that it may have files on', async () => {
    alone.host.fault = 'refuse';
    alone.host.cut();
    await begin(2);
    expect(await kept(2)).toEqual(['\\\\fs01\\vms']);
  });

  test('fails the job if it is the VM’s own host; nothing is sent', async () => {
    hv1.host.fault = 'first-line';
    const { id } = await begin(1);
    await until(() => reads(hv1) === 1);
    await clock.advance(60_000);
    await until(() => jobOf(id)?.state === 'failed');
    expect(jobOf(id)?.error?.code).toBe('host-timeout');
    expect(hv1.asked('vm.delete')).toEqual([]);
  });
});
