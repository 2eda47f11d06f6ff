import type { ErrorInfo, JobAccepted, Plan, Problem, VmFacts } from '@aether-v/types';
import type { Response } from 'light-my-request';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EquippedHost } from '../support/equipped-host.ts';
import { clusteredVm, disk, guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';
import { namedParts } from '../support/vm-requests.ts';

const csv = 'C:\\ClusterStorage\\V1';
const shared = `${csv}\\data.vhdx`;
const off = { state: 'Off', startedAt: null } as const;

let clock: FakeClock;
let hv1: EquippedHost;
let hv2: EquippedHost;
let service: TestApp;

beforeEach(async () => {
  clock = new FakeClock();
  hv1 = new EquippedHost('hv1', clock, ['hv1', 'hv2']);
  hv2 = new EquippedHost('hv2', clock, ['hv1', 'hv2']);
  hold(hv1, clusteredVm(guid(1), 'hv1', { name: 'web1', ...off, ...namedParts, disks: [disk(shared)] }));
  hold(hv1, vmFacts(guid(2), { name: 'twin', ...off }));
  hold(hv2, vmFacts(guid(3), { name: 'twin', ...off }));
  service = await startTestApp({ hosts: [hv1.host, hv2.host], clock });
});

afterEach(() => service.app.close());

function hold(host: EquippedHost, vm: VmFacts): void {
  host.host.vms.set(vm.vmId, vm);
}

const url = `/api/v1/vms/${guid(1)}`;
const codeOf = (response: Response): unknown[] => [response.statusCode, response.json<Problem>().code];
const request = async (op: string): Promise<Record<string, unknown>> => {
  await until(() => hv1.asked(op).length === 1);
  return hv1.asked(op)[0]?.request as Record<string, unknown>;
};

describe('a part of a VM that does not exist', () => {
  test.each([
    ['disks/scsi-0-9/detach', { path: shared }, 'disk with the id scsi-0-9'],
    ['disks/nonsense/grow', { path: shared, sizeBytes: 2 ** 30 }, 'disk with the id nonsense'],
    [`network-adapters/${guid(7)}/connect`, { network: null }, `network adapter with the id ${guid(7)}`],
    [`checkpoints/${guid(8)}/apply`, {}, `checkpoint with the id ${guid(8)}`],
  ])(
    'answers 404 to a command, or its dry run, for a part that the VM does not have (%s)',
    async (path, body, words) => {
      for (const query of ['', '?dryRun=true']) {
        const response = await service.post(`${url}/${path}${query}`, body);
        expect(codeOf(response)).toEqual([404, 'not-found']);
        expect(response.json<Problem>().detail).toMatch(new RegExp(`^(web1|The VM) has no ${words}\\.$`));
      }
    },
  );
});

describe('a move', () => {
  const move = (targetHostId: string | null, vm = 1) =>
    service.post(`/api/v1/vms/${guid(vm)}/move`, { targetHostId });

  test('a move is sent with its target', async () => {
    expect((await move('hv2')).statusCode).toBe(202);
    expect(await request('cluster.moveVm')).toEqual({ vmId: guid(1), targetHostId: 'hv2' });
  });

  test.each([
    ['to a host that is not a node of the cluster', 'hv9', 1, 422, 'validation-failed', 'Nodes: hv1, hv2'],
    ['to the host that already runs the VM', 'hv1', 1, 409, 'wrong-state', 'is already on HV1'],
    ['of a VM that is not clustered', 'hv2', 2, 409, 'wrong-state', 'is not a clustered role'],
  ])('refuses a move %s', async (_what, target, vm, status, code, words) => {
    const response = await move(target, vm);
    expect(codeOf(response)).toEqual([status, code]);
    expect(response.body).toContain(words);
  });

  test('refuses a move to an unreachable host', async () => {
    hv2.host.fault = 'refuse';
    hv2.host.cut();
    await until(() => service.store.get('host', 'hv2')?.connection.state !== 'connected');
    const response = await move('hv2');
    expect(codeOf(response)).toEqual([409, 'wrong-state']);
    expect(response.json<Problem>().detail).toContain('The target HV2 is unreachable.');
  });
});

describe('a clustered role', () => {
  test('refuses a second clustered role, and the removal of a role that does not exist', async () => {
    expect(codeOf(await service.post(`${url}/cluster-role`))).toEqual([409, 'conflict']);
    expect(codeOf(await service.delete(`/api/v1/vms/${guid(2)}/cluster-role`))).toEqual([409, 'wrong-state']);
    expect((await service.delete(`${url}/cluster-role`)).statusCode).toBe(202);
  });
});

describe('a command that concerns files', () => {
  test.each([
    ['disk.grow', () => service.post(`${url}/disks/scsi-0-0/grow`, { path: shared, sizeBytes: 2 ** 36 })],
    ['disk.delete', () => service.delete(`${url}/disks/scsi-0-0`, { path: shared })],
    ['checkpoint.delete', () => service.delete(`${url}/checkpoints/${namedParts.checkpoints[0].id}`)],
  ])('%s is sent with the files that other hosts need', async (op, send) => {
    hold(hv2, vmFacts(guid(3), { name: 'twin', ...off, disks: [disk(shared)] }));
    expect((await send()).statusCode).toBe(202);
    expect(await request(op)).toMatchObject({
      keep: [shared],
      disksElsewhere: [{ path: shared, parentPath: null }],
    });
  });

  test('disk.attach is sent with what other hosts need of the file, although the VM does not have it yet', async () => {
    const path = `${csv}\\other.vhdx`;
    hold(hv2, vmFacts(guid(3), { name: 'twin', ...off, disks: [disk(path)] }));
    expect((await service.post(`${url}/disks/attach`, { path })).statusCode).toBe(202);
    expect(await request('disk.attach')).toMatchObject({
      path,
      disksElsewhere: [{ path, parentPath: null }],
    });
    expect((await request('disk.attach'))['keep']).toContain(path);
  });

  test('attaching a local file queries no other host', async () => {
    const before = hv2.asked('inventory').length;
    expect((await service.post(`${url}/disks/attach`, { path: 'D:\\VMs\\local.vhdx' })).statusCode).toBe(202);
    expect(await request('disk.attach')).toEqual({ vmId: guid(1), path: 'D:\\VMs\\local.vhdx' });
    expect(hv2.asked('inventory').length).toBe(before);
  });
});

describe('a deletion by name', () => {
  const remove = (body: object, headers: Record<string, string> = {}, query = '') =>
    service.post(`/api/v1/vms/delete${query}`, body, headers);

  test('deletion by name deletes the only VM with that name', async () => {
    const response = await remove({ name: 'web1' });
    expect(response.statusCode, response.body).toBe(202);
    expect(await request('vm.delete')).toMatchObject({ vmId: guid(1), name: 'web1', deleteDisks: false });
  });

  test('refuses deletion by an ambiguous name, with the candidates, unless a host or an id is given', async () => {
    const response = await remove({ name: 'twin' });
    expect(codeOf(response)).toEqual([409, 'ambiguous-name']);
    expect(response.json<Problem>().candidates).toEqual([
      { id: guid(2), host: 'HV1' },
      { id: guid(3), host: 'HV2' },
    ]);
    expect((await remove({ name: 'twin', host: 'HV1' })).statusCode).toBe(202);
    expect((await remove({ name: 'twin', id: guid(3) })).statusCode).toBe(202);
  });

  test.each([
    ['an unknown name', { name: 'web9' }, 404, 'not-found'],
    ['an unknown id', { name: 'web1', id: guid(9) }, 404, 'not-found'],
    ['an id with another name', { name: 'web2', id: guid(1) }, 409, 'conflict'],
    ['an id on another host', { name: 'web1', id: guid(1), host: 'hv2' }, 409, 'conflict'],
    ['no name', { id: guid(1) }, 422, 'validation-failed'],
  ])('refuses a deletion by name with %s', async (_what, body, status, code) => {
    expect(codeOf(await remove(body))).toEqual([status, code]);
    expect(hv1.asked('vm.delete')).toEqual([]);
  });

  test('a repeated deletion by name returns its job, although the VM no longer exists', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const { id } = (await remove({ name: 'web1' }, headers)).json<JobAccepted>().job;
    await request('vm.delete');
    hv1.say(guid(1), { type: 'result', result: { vmId: guid(1), deleted: [], remaining: [] } });
    await until(() => service.store.get('job', id)?.state === 'succeeded');
    service.store.remove('vm', guid(1));
    expect(codeOf(await remove({ name: 'web1' }))).toEqual([404, 'not-found']);
    expect((await remove({ name: 'web1' }, headers)).json<JobAccepted>().job.id).toBe(id);
  });

  test('a dry run of a deletion by name returns its plan', async () => {
    const refusal: ErrorInfo = { code: 'in-use', message: 'A VM uses it.', remedy: null };
    hv1.refusals = [refusal];
    const plan = (await remove({ name: 'web1' }, {}, '?dryRun=true')).json<Plan>();
    expect(plan).toMatchObject({ ok: false, title: 'Delete web1', refusals: [refusal] });
  });
});

test('checkpoints are read from the host of the VM', async () => {
  const response = await service.get(`${url}/checkpoints`);
  expect([response.statusCode, response.json()]).toEqual([200, { items: [] }]);
  expect((await service.get(`/api/v1/vms/${guid(9)}/checkpoints`)).statusCode).toBe(404);
  hv1.host.fault = 'refuse';
  hv1.host.cut();
  await until(() => service.store.get('host', 'hv1')?.connection.state !== 'connected');
  expect(codeOf(await service.get(`${url}/checkpoints`))).toEqual([503, 'host-unavailable']);
});
