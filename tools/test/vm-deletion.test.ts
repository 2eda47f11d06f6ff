import type { FleetSpec, VmSpec } from '@aether-v/hyperv-sim/engine';
import { startFleet, type SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import { resultOfJob, type Host, type Job, type JobAccepted, type Vm, type VmSummary } from '@aether-v/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Running } from '../src/processes.ts';
import { ask, startService } from '../src/service.ts';
import { until } from '../src/stack.ts';
import { hostSpec, vmSpec } from './support/hosts.ts';

const password = 'files that others need';
const csv = 'C:\\ClusterStorage\\V1';

const off = (name: string, change: Partial<VmSpec> = {}): VmSpec =>
  vmSpec(name, { clustered: true, disksGb: [40, 10], ...change });

const spec: FleetSpec = {
  clusters: [
    {
      name: 'CL1',
      domain: 'example.org',
      functionalLevel: 13,
      volumes: [{ name: 'V1', sizeGb: 1_024, freeGb: 512 }],
    },
  ],
  hosts: [
    { ...hostSpec, name: 'N1', cluster: 'CL1' },
    { ...hostSpec, name: 'N2', cluster: 'CL1' },
  ],
  networks: { servers: { switchName: 'Production', vlan: 20, subnet: '10.0.0' } },
  vms: {
    N1: [off('PLAIN'), off('PARENT', { checkpoints: [{ name: 'one', ageHours: 9 }] }), off('ALONE')],
    N2: [off('CLONE')],
  },
};

let fleet: SimulatedFleet;
let service: Running<string>;

beforeAll(async () => {
  fleet = await startFleet({ username: 'aether-v', password, fleet: spec });
  service = await startService({
    HYPERV_HOSTS: fleet.hostUrls.join(','),
    WINRM_USERNAME: 'aether-v',
    WINRM_PASSWORD: password,
    WINRM_ALLOW_PLAIN_HTTP: 'true',
  });
  await until('all VMs are there', async () => (await ask<{ total: number }>(service, '/vms')).total === 4);
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await fleet.close();
});

async function vmNamed(name: string): Promise<Vm> {
  const { items } = await ask<{ items: VmSummary[] }>(service, '/vms');
  const vm = items.find((one) => one.name === name);
  if (vm === undefined) throw new Error(`There is no ${name}.`);
  return ask<Vm>(service, `/vms/${vm.id}`);
}

/** Deletes a VM with its disks, and returns the ended job. */
async function deleted(vm: Vm): Promise<Job> {
  const query = `name=${encodeURIComponent(vm.name)}&deleteDisks=true`;
  const { job } = await ask<JobAccepted>(service, `/vms/${vm.id}?${query}`, 'DELETE');
  let row = job;
  await until('the job has ended', async () => {
    row = await ask<Job>(service, `/jobs/${job.id}`);
    return row.finishedAt !== null;
  });
  return row;
}

const isThere = (path: string): boolean => fleet.engine.steps('n1').files.find(path) !== undefined;

test('a VM is deleted with its files, and the job lists them', async () => {
  const vm = await vmNamed('PLAIN');
  const paths = vm.disks.map(({ path }) => path);
  const job = await deleted(vm);
  expect(job).toMatchObject({ state: 'succeeded', result: { remaining: [] } });
  expect(resultOfJob(job, 'vm.delete')?.deleted).toEqual(expect.arrayContaining(paths));
  expect(paths.filter(isThere)).toEqual([]);
  expect(fleet.engine.vms('n1').map(({ name }) => name)).not.toContain('PLAIN');
});

test('a file that a VM of another node depends on stays', async () => {
  const vm = await vmNamed('PARENT');
  // The checkpoint's files depend on it.
  const [parent = '', data = ''] = vm.disks.map(({ parentPath }) => parentPath ?? '');
  const { files, drives } = fleet.engine.steps('n2');
  const child = `${csv}\\CLONE\\child.vhdx`;
  const made = files.newVhd({ path: child, sizeBytes: 40 * 1024 ** 3, type: 'Dynamic', parentPath: parent });
  await until('the child is written', () => Promise.resolve(made.state !== 'running'));
  drives.addHardDiskDrive((await vmNamed('CLONE')).vmId, child);
  // Deleting the VM would merge its checkpoint into that file.
  expect(await deleted(vm)).toMatchObject({ state: 'failed', error: { code: 'in-use' } });
  expect([isThere(parent), isThere(data)]).toEqual([true, true]);
  expect(fleet.engine.vms('n1').map(({ name }) => name)).toContain('PARENT');
});

test('while a node is unreachable, files that it may need stay, and the job reports it', async () => {
  const vm = await vmNamed('ALONE');
  fleet.setFault('n2', { kind: 'refuse' });
  await until('the node is unreachable', async () => {
    const { items } = await ask<{ items: Host[] }>(service, '/hosts');
    return items.some(({ id, connection }) => id === 'n2' && connection.state === 'unreachable');
  });
  const job = await deleted(vm);
  const { state, log } = job;
  expect(state).toBe('succeeded');
  expect(resultOfJob(job, 'vm.delete')?.remaining.map(({ path, reason }) => [path, reason])).toEqual(
    vm.disks.map(({ path }) => [path, 'in-use']),
  );
  expect(vm.disks.every(({ path }) => isThere(path))).toBe(true);
  expect(log.some(({ level, message }) => level === 'warning' && message.startsWith('N2 did not'))).toBe(
    true,
  );
});
