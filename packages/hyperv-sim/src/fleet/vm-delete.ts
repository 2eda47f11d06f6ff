import type { OperationCheck, OperationRequest, OperationResult, VmFacts } from '@aether-v/types';
import { folderOf, isCheckpointDisk } from '../engine/index.ts';
import { eraseFile, foldersToGo, pruneFolders } from './file-deletion.ts';
import { ownPartOf, reasonToStay, requireMergeable, type Left } from './file-fate.ts';
import { OperationFailure } from './operation-failure.ts';
import type { Saga } from './saga.ts';
import { requireIdle, requireRest } from './vm-condition.ts';

type Request = OperationRequest<'vm.delete'>;

function check(saga: Saga, vm: VmFacts, { name, force }: Request): void {
  if (vm.name !== name) {
    saga.refuse(
      'conflict',
      `The VM ${vm.vmId} is named "${vm.name}", not "${name}". Nothing was deleted.`,
      'Check the VM before deleting it.',
    );
  }
  requireIdle(saga, vm);
  requireRest(saga, vm, force, 'be deleted');
}

/** The files of a VM's disks and all their parents, and those that belong to the VM alone. */
interface Chains {
  readonly all: readonly string[];
  readonly own: readonly string[];
}

/** The whole chain of every disk, current and in checkpoints. Runs while the VM still exists. */
function chainsOf(saga: Saga, vm: VmFacts): Chains {
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

/** Returns why a file remains after the VM is gone and its checkpoints are merged; null if it goes. */
function keptLater(saga: Saga, vm: VmFacts, path: string, own: readonly string[], known?: Left): Left | null {
  const { files } = saga.steps;
  const isMerged = vm.checkpoints.length > 0 && own.includes(path) && isCheckpointDisk(path);
  if (isMerged && files.hasFolder(folderOf(path))) return null;
  if (known || files.find(path) || files.hasFolder(folderOf(path))) return known ?? null;
  return { path, reason: 'failed', message: 'Its folder cannot be found.' };
}

/** Returns what the deletion of a VM removes, and what it leaves. */
function planOf(
  saga: Saga,
  vm: VmFacts,
  { all, own }: Chains,
  stay: ReadonlyMap<string, Left>,
): Pick<OperationCheck, 'deletes' | 'remaining'> {
  const remaining = all.flatMap((path) => keptLater(saga, vm, path, own, stay.get(path)) ?? []);
  const kept = new Set(remaining.map(({ path }) => path));
  const paths = all.filter((path) => !kept.has(path));
  const { files, vms } = saga.steps;
  const folders = foldersToGo(saga, foldersOf(vm, all), [...paths, ...vms.ownFiles(vm.vmId)]);
  return {
    deletes: [
      ...(vm.clusterRole ? [vm.clusterRole.name] : []),
      ...new Set([
        ...paths,
        ...folders,
        ...(files.hasFolder(vm.configurationPath) ? [] : [vm.configurationPath]),
      ]),
    ],
    remaining: [...remaining, ...[...stay.values()].filter(({ path }) => !all.includes(path))],
  };
}

function foldersOf(vm: VmFacts, chain: readonly string[]): string[] {
  const { configurationPath } = vm;
  return [...new Set([...chain.map(folderOf), `${configurationPath}\\Virtual Machines`, configurationPath])];
}

/**
 * Runs `vm.delete`: checks the files first, removes the role and the VM, waits for merges, and returns the kept files.
 */
export async function deleteVm(saga: Saga, request: Request): Promise<OperationResult<'vm.delete'>> {
  const { vmId } = request;
  const vm = saga.vm(vmId);
  check(saga, vm, request);
  const { vms, files, cluster } = saga.steps;
  requireMergeable(saga, vm, request);
  const chains = chainsOf(saga, vm);
  const { all: chain, own } = chains;
  const stay = decide(saga, vm, chain, own, request);
  saga.intends(() => planOf(saga, vm, chains, stay));
  saga.log(`Disks of the VM and their parents: ${chain.join(', ') || 'none'}.`);
  saga.plan(4 + chain.length);
  const deleted: string[] = [];
  if (vm.clusterRole) {
    deleted.push(vm.clusterRole.name);
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
    if (!files.find(path) && (!stay.has(path) || isCheckpointDisk(path))) {
      if (!files.hasFolder(folderOf(path))) {
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
  for (const folder of foldersOf(vm, chain)) deleted.push(...pruneFolders(saga, folder));
  if (!files.hasFolder(vm.configurationPath)) deleted.push(vm.configurationPath);
  if (vms.find(vmId))
    throw new OperationFailure('agent-error', `Hyper-V deleted "${vm.name}" but still lists it.`);
  for (const { path, message } of remaining) saga.log(`${path} was kept: ${message}`, 'warning');
  return { vmId, deleted: [...new Set(deleted)], remaining };
}
