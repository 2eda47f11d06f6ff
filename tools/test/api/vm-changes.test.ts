import { resultOfJob, type Vm } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../src/stack.ts';
import { vmSpec } from '../support/hosts.ts';
import { ServedFleet, type ApiRequest } from '../support/served-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';

let served: ServedFleet;

beforeAll(async () => {
  const clustered = { clustered: true } as const;
  served = await ServedFleet.start(
    smallFleet({
      N1: [
        vmSpec('EDIT', clustered),
        vmSpec('ON', { ...clustered, state: 'Running' }),
        vmSpec('GONE', clustered),
        vmSpec('TWIN', clustered),
        vmSpec('ROLE', clustered),
      ],
      N2: [vmSpec('TWIN', clustered)],
      ALONE: [vmSpec('POWER')],
    }),
  );
});

afterAll(() => served[Symbol.asyncDispose]());

async function request(
  name: string,
  method: ApiRequest['method'],
  path = '',
  body?: object,
): Promise<ApiRequest> {
  const { id } = await served.vmNamed(name);
  return { method, path: `/vms/${id}${path}`, ...(body === undefined ? {} : { body }) };
}

/** Waits until the guest can be asked to shut down. */
async function guestStarted(name: string): Promise<void> {
  await until('the guest has started', () => {
    const service = served.facts(name).integrationServices.find(({ kind }) => kind === 'Shutdown');
    return Promise.resolve(service?.status === 'Ok');
  });
}

describe('PATCH /vms/{vmId}', () => {
  test('PATCH /vms/{vmId} changes the settings if the caller has seen the current ones', async () => {
    const { id } = await served.vmNamed('EDIT');
    const { headers } = await served.send<Vm>({ method: 'GET', path: `/vms/${id}` });
    const ifMatch = { 'if-match': headers.get('etag') ?? '' };
    const body = { processors: 3, notes: 'edited' };
    const job = await served.change({ ...(await request('EDIT', 'PATCH', '', body)), headers: ifMatch });
    expect(resultOfJob(job, 'vm.update')?.applied).toEqual(['notes', 'processors']);
    expect(served.facts('EDIT')).toMatchObject(body);
    await served.shown('EDIT', ({ notes }) => notes === 'edited');
    const again = { ...(await request('EDIT', 'PATCH', '', { notes: 'again' })), headers: ifMatch };
    await served.refused(again, 412, 'precondition-failed');
  });

  test('PATCH /vms/{vmId} refuses settings that need the VM to be off', async () => {
    await served.refused(await request('ON', 'PATCH', '', { processors: 8 }), 409, 'wrong-state');
  });
});

describe('deleting a VM', () => {
  test('DELETE /vms/{vmId} deletes the VM and the files that its plan names', async () => {
    const wanted = await request('GONE', 'DELETE', '?name=GONE&deleteDisks=true');
    const paths = served.facts('GONE').disks.map(({ path }) => path);
    const plan = await served.plan(wanted);
    expect(plan.deletes).toEqual(expect.arrayContaining(paths));
    const job = await served.change(wanted);
    expect(served.inEngine('GONE')).toBeUndefined();
    expect(paths.filter((path) => served.hasFile('n1', path))).toEqual([]);
    const result = resultOfJob(job, 'vm.delete');
    expect(result?.deleted.toSorted()).toEqual(plan.deletes.toSorted());
    expect(result?.remaining).toEqual(plan.remaining);
  });

  test('POST /vms/delete deletes the VM of the named host only', async () => {
    const ambiguous = await served.send<{ code: string }>({
      method: 'POST',
      path: '/vms/delete',
      body: { name: 'TWIN' },
    });
    expect([ambiguous.status, ambiguous.body.code]).toEqual([409, 'ambiguous-name']);
    await served.change({ method: 'POST', path: '/vms/delete', body: { name: 'TWIN', host: 'N2' } });
    expect(served.inEngine('TWIN')?.hostId).toBe('n1');
    expect(served.fleet.engine.vms('n2').map(({ name }) => name)).not.toContain('TWIN');
  });
});

describe('moving a VM within its cluster', () => {
  test('POST /vms/{vmId}/move moves a running VM to the named node', async () => {
    await served.change(await request('ON', 'POST', '/move', { targetHostId: 'n2' }));
    expect(served.inEngine('ON')).toMatchObject({ hostId: 'n2', vm: { state: 'Running' } });
    await served.shown('ON', ({ hostId, moving }) => hostId === 'n2' && !moving);
  });

  test('POST /vms/{vmId}/move refuses the host that already runs the VM', async () => {
    const { hostId } = await served.vmNamed('EDIT');
    await served.refused(
      await request('EDIT', 'POST', '/move', { targetHostId: hostId }),
      409,
      'wrong-state',
    );
  });
});

test('DELETE and POST /vms/{vmId}/cluster-role remove and add the clustered role', async () => {
  await served.change(await request('ROLE', 'DELETE', '/cluster-role'));
  expect(served.facts('ROLE').clusterRole).toBeNull();
  await served.shown('ROLE', ({ clusterRole }) => clusterRole === null);
  await served.change(await request('ROLE', 'POST', '/cluster-role', {}));
  expect(served.facts('ROLE').clusterRole).toMatchObject({ ownerNode: 'n1' });
});

describe('power actions', () => {
  test.each([
    ['start', 'Running'],
    ['pause', 'Paused'],
    ['resume', 'Running'],
    ['save', 'Saved'],
    ['start', 'Running'],
    ['reset', 'Running'],
    ['restart', 'Running'],
    ['shutdown', 'Off'],
    ['start', 'Running'],
    ['stop', 'Off'],
  ] as const)('POST /vms/{vmId}/%s leaves the VM in the state %s', async (action, state) => {
    if (action === 'restart' || action === 'shutdown') await guestStarted('POWER');
    await served.change(await request('POWER', 'POST', `/${action}`, {}));
    expect(served.facts('POWER').state).toBe(state);
    await served.shown('POWER', (vm) => vm.state === state);
  });
});
