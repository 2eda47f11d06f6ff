import type { Remaining, VmFacts } from '@aether-v/types';
import { isDiskName, isInside, pathKey, samePath } from '../engine/index.ts';
import { isImage, storageRootOf } from './resources.ts';
import type { Saga } from './saga.ts';

/** A file that a deletion keeps, and the reason. */
export type Left = Remaining[number];

/** The VM whose files are deleted, and the use of files by other hosts. */
export interface Deletion extends Neighbours {
  readonly vmId: string;
}

/** The use of files by other hosts: files and folders to keep, and disks with their parents. */
export interface Neighbours {
  readonly keep?: readonly string[];
  readonly disksElsewhere?: readonly { readonly path: string; readonly parentPath: string | null }[];
}

/** Returns true if the request names the file as a disk of a VM on another host. */
export function isElsewhere({ disksElsewhere = [] }: Neighbours, path: string): boolean {
  return disksElsewhere.some((one) => samePath(one.path, path));
}

/** Returns the path of a disk that is based on this file: one in this host's storage, or one in the request. */
function childOf(
  { steps }: Saga,
  { disksElsewhere = [] }: Neighbours,
  path: string,
  own: ReadonlySet<string>,
): string | undefined {
  const named = disksElsewhere.filter(({ parentPath }) => parentPath !== null && samePath(parentPath, path));
  const children = [...steps.files.childrenOf(path), ...named];
  return children.find((one) => !own.has(pathKey(one.path)))?.path;
}

/** Returns a folder or disk in the file's storage class that cannot be read and may depend on the file. */
function unreadNear(
  { steps }: Saga,
  request: Neighbours,
  path: string,
  own: ReadonlySet<string>,
): string | undefined {
  const root = storageRootOf(steps, path) ?? path;
  const { files } = steps;
  const volume = files.volumes().find((one) => isInside(path, one.root));
  const folder = [...(volume?.folders.values() ?? [])].find(
    (one) => isInside(one, root) && files.isDenied(one),
  );
  const disk = [...(volume?.files.values() ?? [])].find(
    (one) =>
      isInside(one.path, root) &&
      isDiskName(one.path) &&
      !own.has(pathKey(one.path)) &&
      !isElsewhere(request, one.path) &&
      files.unreadableReason(one.path) !== null,
  );
  return folder ?? disk?.path;
}

/**
 * Returns the reason why a file of a VM must be kept; null if it can be deleted. Dependencies within the VM do not
 * count.
 */
export function reasonToStay(
  saga: Saga,
  path: string,
  request: Deletion,
  chain: readonly string[],
): Left | null {
  const { vmId, keep = [] } = request;
  const { files } = saga.steps;
  const own = new Set(chain.map(pathKey));
  const left = (reason: Left['reason'], message: string): Left => ({ path, reason, message });
  if (storageRootOf(saga.steps, path) === null) {
    return left('outside-storage', 'The file is outside the storage classes of this host.');
  }
  if (isImage(saga.steps, path)) return left('in-use', 'The file is an image of this host.');
  if (isElsewhere(request, path)) return left('in-use', 'A VM on another host uses the file.');
  const slow = files.unreadableReason(path) === 'hangs';
  if (slow) return left('failed', `"${path}" does not answer.`);
  if (keep.some((one) => samePath(path, one) || isInside(path, one))) {
    return left('in-use', 'Another host uses the file, or did not respond.');
  }
  const user = files.usersOf(path).find((one) => one.vmId !== vmId);
  if (user) return left('in-use', `The VM "${user.name}" uses the file.`);
  const child = childOf(saga, request, path, own);
  if (child !== undefined) return left('parent-of-others', `"${child}" is based on the file.`);
  const unread = unreadNear(saga, request, path, own);
  return unread === undefined
    ? null
    : left(
        'failed',
        `The use of the file could not be checked: "${unread}" cannot be read and may depend on it.`,
      );
}

/**
 * Returns the files of a chain that belong to the disk alone: its checkpoint files and the disk below them. The parents
 * of that disk (a golden image, for example) may have other users.
 */
export function ownPartOf(chain: readonly string[]): string[] {
  const base = chain.findIndex((path) => !/\.avhdx?$/i.test(path));
  return base < 0 ? [...chain] : chain.slice(0, base + 1);
}

/**
 * Refuses to delete checkpoints if that would merge disks into a file that others depend on, because the merge would
 * corrupt those. Of `keep` only files count: a folder is listed because a host did not respond, and an
 * unreachable node should not block every deletion.
 */
export function requireMergeable(saga: Saga, vm: VmFacts, request: Neighbours): void {
  const { steps } = saga;
  const { keep = [] } = request;
  if (vm.checkpoints.length === 0) return;
  const paths = steps.vms.diskPaths(vm.vmId).flatMap((path) => ownPartOf(steps.files.chain(path)));
  const own = new Map(paths.map((path) => [pathKey(path), path]));
  for (const path of own.values()) {
    const user = steps.files.usersOf(path).find((one) => one.vmId !== vm.vmId);
    const child = childOf(saga, request, path, new Set(own.keys()));
    const isKept = isElsewhere(request, path) || keep.some((one) => samePath(one, path));
    const elsewhere = isKept ? 'a VM on another host' : undefined;
    const other = elsewhere ?? (child === undefined ? user && `the VM ${user.vmId}` : `"${child}"`);
    if (other === undefined) continue;
    saga.refuse(
      'in-use',
      `The disks of "${vm.name}" would be merged into "${path}", which ${other} depends on.`,
      'Remove that dependency first, or keep the checkpoints.',
    );
  }
}
