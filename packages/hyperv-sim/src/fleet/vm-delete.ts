import type { OperationRequest, OperationResult, VmFacts } from '@aether-v/types';
import {
  eraseFile,
  ownPartOf,
  pruneFolders,
  reasonToStay,
  requireMergeable,
  type Left,
} from './file-fate.ts';
import { OperationFailure } from './operation-failure.ts';
import type { Saga } from './saga.ts';

type Request = OperationRequest<'vm.delete'>;

function check(vm: VmFacts, { name, force }: Request): void {
  if (vm.name !== name) {
    throw new OperationFailure(
      'conflict',
      `The VM ${vm.vmId} is named "${vm.name}", not "${name}". Nothing was deleted.`,
      'Check the VM before deleting it.',
    );
  }
  if (vm.activity) throw new OperationFailure('wrong-state', `"${name}" is busy (${vm.activity.kind}).`);
  if (vm.state === 'Off' || vm.state === 'Saved') return;
  if (!force) {
    throw new OperationFailure(
      'wrong-state',
      `"${name}" is ${vm.state}: it must be off or saved to be deleted.`,
      'Shut the VM down first, or force the deletion.',
    );
  }
}

/** The whole chain of every disk, current and in checkpoints. Runs while the VM still exists. */
function chainsOf(saga: Saga, vm: VmFacts): { readonly all: string[]; readonly own: string[] } {
  const chains = saga.steps.vms.diskPaths(vm.vmId).map((path) => saga.steps.files.chain(path));
  return { all: [...new Set(chains.flat())], own: [...new Set(chains.flatMap(ownPartOf))] };
}

/** Returns the disks that are kept because of their kind, independent of their files. */
function keptDrives(vm: VmFacts): Map<string, Left> {
  const kept = new Map<string, Left>();
  for (const { path, type, shared } of vm.disks) {
    if (type === 'PassThrough')
      kept.set(path, { path, reason: 'pass-through', message: 'The disk is a physical disk.' });
    else if (shared) kept.set(path, { path, reason: 'shared', message: 'Several VMs share the disk.' });
  }
  return kept;
}

function decide(
  saga: Saga,
  vm: VmFacts,
  chain: readonly string[],
  own: readonly string[],
  request: Request,
): Map<string, Left> {
  const stay = keptDrives(vm);
  for (const path of chain) {
    if (stay.has(path)) continue;
    const reason: Left | null = !request.deleteDisks
      ? { path, reason: 'kept', message: 'The request does not delete disks.' }
      : own.includes(path)
        ? reasonToStay(saga, path, request, own)
        : {
            path,
            reason: 'parent-of-others',
            message: 'The file is a parent disk that does not belong to the VM alone.',
          };
    if (reason) stay.set(path, reason);
  }
  return stay;
}

/**
 * Runs `vm.delete`: checks the files first, removes the role and the VM, waits for merges, and returns the kept files.
 */
export async function deleteVm(saga: Saga, request: Request): Promise<OperationResult<'vm.delete'>> {
  const { vmId } = request;
  const vm = saga.vm(vmId);
  check(vm, request);
  const { vms, files, cluster } = saga.steps;
  requireMergeable(saga, vm, request);
  const { all: chain, own } = chainsOf(saga, vm);
  const stay = decide(saga, vm, chain, own, request);
  saga.log(`Disks of the VM and their parents: ${chain.join(', ') || 'none'}.`);
  saga.plan(4 + chain.length);
  const deleted: string[] = [];
  if (vm.clusterRole) {
    saga.step(
      `Remove the clustered role "${vm.clusterRole.name}".`,
      () => cluster.removeVmRole(vmId),
      () => cluster.addVmRole(vmId),
    );
  }
  if (vm.state !== 'Off' && vm.state !== 'Saved') {
    await saga.job('Turn the VM off.', () => saga.engine.power(saga.hostId, vmId, 'stop'));
  }
  saga.step(`Delete the VM "${vm.name}".`, () => vms.removeVm(vmId));
  saga.commit();
  await saga.settle(vmId, 'Waiting for the disks of the VM to be merged.');
  const remaining = chain.flatMap((path): Left[] => {
    // Checkpoint files have been merged into their parents; other files may exist although they are not visible.
    if (!files.find(path) && (!stay.has(path) || /\.avhdx?$/i.test(path))) {
      if (!files.hasFolder(path.slice(0, path.lastIndexOf('\\')))) {
        return [stay.get(path) ?? { path, reason: 'failed', message: 'Its folder cannot be found.' }];
      }
      deleted.push(path);
      return [];
    }
    // Checked again, because another VM may use the file by now.
    const reason = stay.get(path) ?? reasonToStay(saga, path, request, own) ?? eraseFile(saga, path);
    if (reason) return [reason];
    deleted.push(path);
    return [];
  });
  remaining.push(...[...stay.values()].filter(({ path }) => !chain.includes(path)));
  const folders = new Set([
    ...chain.map((path) => path.slice(0, path.lastIndexOf('\\'))),
    `${vm.configurationPath}\\Virtual Machines`,
    vm.configurationPath,
  ]);
  for (const folder of folders) deleted.push(...pruneFolders(saga, folder));
  if (!files.hasFolder(vm.configurationPath)) deleted.push(vm.configurationPath);
  if (vms.find(vmId))
    throw new OperationFailure('agent-error', `Hyper-V deleted "${vm.name}" but still lists it.`);
  for (const { path, message } of remaining) saga.log(`${path} was kept: ${message}`, 'warning');
  return { vmId, deleted: [...new Set(deleted)], remaining };
}
