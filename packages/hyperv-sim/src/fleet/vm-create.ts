import { memoryProblem, type OperationRequest, type OperationResult, type VmFacts } from '@aether-v/types';
import { addAdapter, requireFreeMacs } from './adapter-operations.ts';
import { bytesOf, makeDisk, makeFolder } from './disk-making.ts';
import { OperationFailure } from './operation-failure.ts';
import { isoOf, networkOf, storageOf } from './resources.ts';
import type { Saga } from './saga.ts';
import { memoryOf, requireFreeName, requireProcessors, secureBootOf } from './vm-settings.ts';

type Request = OperationRequest<'vm.create'>;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Refuses what can be known to fail before anything is created. Returns the folder that will hold the VM. */
function check(saga: Saga, request: Request): string {
  const { steps, engine, hostId } = saga;
  const { name, memory, disks, networkAdapters, dvd } = request;
  const storage = saga.attempt(() => storageOf(steps, request.storageClass));
  const problem = memoryProblem(memory);
  if (problem !== null) saga.refuse('bad-request', problem);
  const needed = disks.map((disk) => saga.attempt(() => bytesOf(saga, disk)) ?? 0);
  for (const { network } of networkAdapters) {
    if (network !== null) saga.attempt(() => networkOf(engine, hostId, network));
  }
  const iso = dvd?.iso ?? null;
  if (iso !== null) saga.attempt(() => isoOf(steps, iso));
  requireProcessors(saga, request.processors);
  requireFreeMacs(
    saga,
    networkAdapters.flatMap(({ macAddress }) => macAddress ?? []),
  );
  requireFreeName(saga, name);
  return checkStorage(saga, request, saga.need(storage), sum(needed));
}

/** Refuses a folder that is in use, storage that the VM must not have, and disks that do not fit. Returns its path. */
function checkStorage(
  saga: Saga,
  { name, storageClass, clustered }: Request,
  { path, kind, free }: ReturnType<typeof storageOf>,
  needed: number,
): string {
  const { steps, engine, hostId } = saga;
  const folder = `${path}\\${name}`;
  if (steps.files.hasFolder(folder) && !steps.files.isEmpty(folder)) {
    saga.refuse('conflict', `"${folder}" already exists and is not empty.`, 'Choose another name.');
  }
  if (clustered && engine.host(hostId).clusterId === null) {
    saga.refuse('wrong-state', 'This host is not a cluster node.');
  }
  if (clustered && kind !== 'csv') {
    saga.refuse('wrong-state', `The storage class "${storageClass}" is not on a shared volume.`);
  }
  if (needed > free) {
    saga.refuse(
      'out-of-space',
      `The storage class "${storageClass}" has ${free} bytes free, but the disks need ${needed}.`,
      'Free up space there, or choose another storage class.',
    );
  }
  return path;
}

/** The ids of the VM's devices in the requested order of kinds. */
function bootOrderOf(vm: VmFacts, kinds: Request['bootOrder']): string[] {
  const devices = { disk: vm.disks, dvd: vm.dvdDrives, network: vm.networkAdapters };
  return [...new Set(kinds)].flatMap((kind) => devices[kind].map(({ id }) => id));
}

function verify(vm: VmFacts, request: Request): void {
  const wrong = [
    vm.name !== request.name && 'name',
    vm.processors !== request.processors && 'processors',
    vm.memory.startup !== request.memory.startup && 'memory',
    vm.disks.length !== request.disks.length && 'disks',
    vm.networkAdapters.length !== request.networkAdapters.length && 'adapters',
    (vm.clusterRole !== null) !== request.clustered && 'clustered role',
    request.start && vm.state !== 'Running' && 'state',
  ].filter((one) => one !== false);
  if (wrong.length === 0) return;
  throw new OperationFailure(
    'agent-error',
    `"${vm.name}" was created, but does not match the request: ${wrong.join(', ')}.`,
  );
}

/** Sets the settings for which Hyper-V has defaults. */
function configure(saga: Saga, vmId: string, request: Request): void {
  const { vms } = saga.steps;
  saga.step('Set processors, memory, automatic actions and secure boot.', () => {
    vms.setVmProcessor(vmId, request.processors);
    vms.setVmMemory(vmId, memoryOf(request.memory));
    const { notes, automaticStartAction, automaticStartDelaySeconds, automaticStopAction, checkpointType } =
      request;
    vms.setVm(vmId, {
      notes,
      automaticStartAction,
      automaticStartDelaySeconds,
      automaticStopAction,
      checkpointType,
    });
    vms.setVmFirmware(vmId, { secureBoot: secureBootOf(request.secureBoot, null) });
  });
}

/** Runs `vm.create`: all of it, or nothing. */
export async function createVm(saga: Saga, request: Request): Promise<OperationResult<'vm.create'>> {
  const path = check(saga, request);
  const { vms, adapters, drives, cluster } = saga.steps;
  saga.plan(9 + request.disks.length * 3 + request.networkAdapters.length * 2);
  const { name, memory } = request;
  makeFolder(saga, `${path}\\${name}\\Virtual Machines`);
  const vmId = saga.step(
    `Create the VM "${name}" in ${path}.`,
    () => vms.newVm({ name, path, memoryStartupBytes: memory.startup }),
    (id) => vms.removeVm(id),
  );
  saga.concerns(vmId);
  for (const { id } of saga.vm(vmId).networkAdapters) {
    saga.step('Remove the default network adapter.', () => adapters.removeNetworkAdapter(vmId, id));
  }
  configure(saga, vmId, request);
  const folder = `${path}\\${name}\\Virtual Hard Disks`;
  if (request.disks.length > 0) makeFolder(saga, folder);
  const diskIds: string[] = [];
  for (const disk of request.disks) diskIds.push(await makeDisk(saga, vmId, disk, folder));
  const adapterIds = request.networkAdapters.map((adapter) => addAdapter(saga, vmId, adapter));
  const { dvd } = request;
  if (dvd) {
    const drive = saga.step(
      'Add a DVD drive.',
      () => drives.addDvdDrive(vmId),
      (id) => drives.removeDvdDrive(vmId, id),
    );
    const { iso } = dvd;
    if (iso !== null)
      saga.step(`Insert ${iso}.`, () => drives.setDvdDrive(vmId, drive, isoOf(saga.steps, iso)));
  }
  saga.step('Set the boot order.', () =>
    vms.setVmFirmware(vmId, { bootOrder: bootOrderOf(saga.vm(vmId), request.bootOrder) }),
  );
  if (request.clustered) {
    saga.step(
      'Make the VM a clustered role.',
      () => cluster.addVmRole(vmId),
      () => cluster.removeVmRole(vmId),
    );
  }
  if (request.start) {
    await saga.job('Start the VM.', () => saga.engine.power(saga.hostId, vmId, 'start'));
  }
  const vm = saga.vm(vmId);
  verify(vm, request);
  return { vm, diskIds, adapterIds };
}
