import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resultOfJob, type HostResources } from '@aether-v/types';
import { vmSpec } from '../support/hosts.ts';
import { ServedFleet, type ApiRequest } from '../support/served-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';

const gibibyte = 1024 ** 3;

let served: ServedFleet;

beforeAll(async () => {
  served = await ServedFleet.start(
    smallFleet({
      N1: [vmSpec('BUSY', { state: 'Running', memoryGb: 64, clustered: true })],
      N2: [],
      ALONE: [],
    }),
  );
});

afterAll(() => served[Symbol.asyncDispose]());

const create = (body: object, path = '/vms'): ApiRequest => ({ method: 'POST', path, body });

describe('POST /vms', () => {
  test('POST /vms creates a VM from an image on the node with the most free memory, as its plan says', async () => {
    const request = create({
      name: 'APP-07',
      cluster: 'cl1',
      processors: 4,
      memory: { dynamic: false, startup: 8 * gibibyte },
      disks: [
        { image: 'debian-12', sizeBytes: 40 * gibibyte },
        { sizeBytes: 10 * gibibyte, type: 'Dynamic' },
      ],
      networkAdapters: [{ network: 'dmz', macAddress: null }],
      dvd: { iso: null },
      notes: 'made by a test',
    });
    const { placement } = await served.plan(request);
    expect(placement).toMatchObject({ hostId: 'n2', hostName: 'N2', storageClass: 'V1' });
    expect(placement?.reasons[0]).toMatch(/^It has the most free memory \(.* GB\) of the 2 hosts in CL1/);
    const job = await served.change(request);
    expect(job).toMatchObject({ title: 'Create APP-07 on N2', subject: { kind: 'host', id: 'n2' } });
    const { hostId, vm } = served.inEngine('APP-07') ?? {};
    expect(hostId).toBe('n2');
    expect(vm).toMatchObject({
      state: 'Off',
      processors: 4,
      notes: 'made by a test',
      memory: { dynamic: false, startup: 8 * gibibyte },
      clusterRole: { ownerNode: 'n2' },
      disks: [{ size: 40 * gibibyte }, { size: 10 * gibibyte }],
      networkAdapters: [{ switchName: 'Production', vlan: { mode: 'Access', accessVlanId: 30 } }],
      dvdDrives: [{ path: null }],
    });
    expect(resultOfJob(job, 'vm.create')?.vm.vmId).toBe(vm?.vmId);
    expect(vm?.disks.every(({ path }) => served.hasFile('n1', path))).toBe(true);
    expect((await served.vmNamed('APP-07')).hostId).toBe('n2');
  });

  test('POST /vms creates a running VM on the named host', async () => {
    await served.change(create({ name: 'LOCAL', host: 'alone', start: true }));
    expect(served.inEngine('LOCAL')).toMatchObject({
      hostId: 'alone',
      vm: { state: 'Running', clusterRole: null },
    });
  });

  test('POST /vms fails for a name that the host already has, as its plan says', async () => {
    const request = create({ name: 'BUSY', host: 'n1' });
    const before = served.state();
    const { ok, refusals } = await served.plan(request);
    expect([ok, refusals.map(({ code }) => code)]).toEqual([false, ['conflict', 'conflict']]);
    expect(await served.run(request)).toMatchObject({ state: 'failed', error: { code: 'conflict' } });
    expect(served.state()).toEqual(before);
  });

  test('POST /vms refuses at once what no host has', async () => {
    const networkAdapters = [{ network: 'unknown', macAddress: null }];
    const detail = await served.refused(
      create({ name: 'NOWHERE', networkAdapters }),
      409,
      'no-suitable-host',
    );
    expect(detail).toContain('It has no network "unknown".');
  });
});

test('POST /vms/create creates a VM', async () => {
  await served.change(create({ name: 'SAME', cluster: 'CL1' }, '/vms/create'));
  expect(served.facts('SAME').clusterRole).not.toBeNull();
});

test('GET /hosts/{hostId}/resources returns what new VMs can use', async () => {
  const { body } = await served.send<HostResources>({ method: 'GET', path: '/hosts/n1/resources' });
  expect(body.storageClasses.map(({ name, kind }) => [name, kind])).toEqual([
    ['V1', 'csv'],
    ['Local', 'local'],
  ]);
  expect(body.networks.map(({ name }) => name)).toEqual(['servers', 'dmz']);
  expect(body.images.map(({ id }) => id)).toContain('debian-12');
});

test('POST /hosts/{hostId}/test has a plan and tests the connection', async () => {
  const job = await served.change({ method: 'POST', path: '/hosts/n1/test', body: {} });
  expect(job.title).toBe('Test the connection to N1');
});
