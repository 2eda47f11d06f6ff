import { maxDisksElsewhere, maxKeep, type VmDisk, type VmFacts } from '@aether-v/types';
import type { StorageFacts } from './storage-answer.ts';
import { asLocal, isInside, keyOf, mayBeInside, readPath } from './windows-path.ts';

type Disks = Pick<StorageFacts, 'disks'>;

/** A VM to be deleted, and the VMs that share storage with it. */
export interface Surroundings {
  readonly vm: Pick<VmFacts, 'disks' | 'checkpoints' | 'configurationPath'>;
  /** Folders with the same content on every node of the VM's cluster; empty outside a cluster. */
  readonly sharedFolders: readonly string[];
  /** VMs of other nodes of the cluster. */
  readonly onNodes: readonly Disks[];
  /** VMs of all other hosts, including nodes. */
  readonly onHosts: readonly Disks[];
  /** True if a node of the cluster (or any host) did not report its VMs. */
  readonly nodeIsSilent: boolean;
  readonly hostIsSilent: boolean;
  /** True if files are deleted. Otherwise only merges can do harm, for which the agent accepts file names. */
  readonly deleteDisks: boolean;
}

/** Windows's default folder for a cluster's shared volumes. */
export const defaultSharedFolder = 'C:\\ClusterStorage';

const checkpointFile = /\.avhdx?$/i;
const share = /^\\\\(?![?.]\\)([^\\]+)\\([^\\]+)/;

/** Returns whether the VM has files on a file server's share, according to its host. */
export function usesShares({ disks, configurationPath }: Surroundings['vm']): boolean {
  return [configurationPath, ...filesOf(disks)].some((path) => share.test(readPath(path).text));
}

/** Returns whether the VM has files in the folder of a cluster's shared volumes. */
export function usesSharedVolumes({ disks, configurationPath }: Surroundings['vm']): boolean {
  return [configurationPath, ...filesOf(disks)].some((path) => mayBeInside(path, defaultSharedFolder));
}

/**
 * Returns the parts of the VM's storage that must stay, with the paths as written by its host: files that VMs of other
 * hosts need, and folders that unresponsive hosts may need.
 *
 * A host lists the file of each disk and its parent. If the VM has checkpoints, the ancestors of their files are not
 * listed; then all files that others need on shared storage are named, and the agent compares them with the whole
 * chain.
 */
export function filesToKeep(around: Surroundings): string[] {
  const { vm, sharedFolders, onNodes, onHosts, nodeIsSilent, hostIsSilent, deleteDisks } = around;
  const shares = sharesOf(vm);
  const [sharedFolder = defaultSharedFolder] = sharedFolders;
  const ofNodes = filesOf(onNodes.flatMap(({ disks }) => disks)).map((path) => asLocal(path, sharedFolder));
  const ofHosts = filesOf(onHosts.flatMap(({ disks }) => disks)).flatMap((path) => respelt(path, shares));
  const needed = [
    ...ofNodes.filter((path) => sharedFolders.some((folder) => mayBeInside(path, folder))),
    ...ofHosts,
  ];
  const unclear = needed.filter((path) => readPath(path).unclear);
  const own = new Set(vm.disks.map(({ path }) => keyOf(path)));
  const isConcerned = isChainKnown(vm) ? (path: string) => own.has(keyOf(path)) : () => true;
  const files = unique(needed.filter((path) => !unclear.includes(path) && isConcerned(path)));
  const mayHold = (folder: string): boolean => unclear.some((path) => mayBeInside(path, folder));
  const folders = unique([
    ...sharedFolders.filter((folder) => nodeIsSilent || mayHold(folder)),
    ...shares.filter((folder) => hostIsSilent || mayHold(folder)),
  ]);
  const keep = unique([...(deleteDisks ? folders : []), ...files]);
  if (keep.length <= maxKeep) return keep;
  // Too many to name: whole folders, and for merges the files in the VM's own folders.
  const near = files.filter((path) => foldersOf(vm).some((folder) => isInside(path, folder)));
  return unique([...(deleteDisks ? [...sharedFolders, ...shares] : []), ...near, ...files]).slice(0, maxKeep);
}

/** A disk of another host, and its parent file. */
export interface DiskElsewhere {
  readonly path: string;
  readonly parentPath: string | null;
}

/**
 * Returns the disks that VMs of other nodes have on shared volumes, each with its parent file. A node reads the disks
 * that its VMs have open, which no other node can; a disk that its own node could not read is omitted, since its parent
 * is unknown.
 *
 * Beyond the limit those on the VM's own volumes come first: an omitted disk only causes files to be kept.
 */
export function disksElsewhere(
  vm: Surroundings['vm'],
  sharedFolders: readonly string[],
  answered: readonly StorageFacts[],
): DiskElsewhere[] {
  const [sharedFolder = defaultSharedFolder] = sharedFolders;
  const links = answered
    .flatMap(({ disks, problems }) => disks.filter((disk) => isRead(disk, problems)))
    .flatMap((disk) => {
      const chain = chainOf(disk).map((path) => asLocal(path, sharedFolder));
      return chain.map((path, at) => ({ path, parentPath: chain[at + 1] ?? null }));
    })
    .filter(({ path }) => sharedFolders.some((folder) => isInside(path, folder)));
  const known = [...new Map(links.map((link) => [keyOf(link.path), link])).values()];
  const near = foldersOf(vm).map((folder) => volumeOf(folder, sharedFolders));
  const isNear = ({ path }: DiskElsewhere): boolean => near.includes(volumeOf(path, sharedFolders));
  return [...known.filter(isNear), ...known.filter((link) => !isNear(link))].slice(0, maxDisksElsewhere);
}

/** Returns whether a host could read a disk and all its ancestors, so that its VM's problems do not mention it. */
function isRead({ id, path, type, size, parentPath }: VmDisk, problems: StorageFacts['problems']): boolean {
  if (path === '' || size === null || type === null || type === 'PassThrough') return false;
  if (type === 'Differencing' && parentPath === null) return false;
  const own = `disks ${id}`;
  return !problems.some(({ part }) => part === own || part.startsWith(`${own} `) || part === 'problems');
}

/** Returns the shared volume of a path: the folder directly below the one that contains all volumes. */
function volumeOf(path: string, sharedFolders: readonly string[]): string {
  const folder = sharedFolders.find((one) => isInside(path, one)) ?? '';
  const [name = ''] = keyOf(path)
    .slice(keyOf(folder).length + 1)
    .split('\\');
  return `${keyOf(folder)}\\${name}`;
}

function foldersOf({ disks, configurationPath }: Surroundings['vm']): string[] {
  return [configurationPath, ...disks.map(({ path }) => path.slice(0, path.lastIndexOf('\\')))];
}

/**
 * Returns whether all files of its disks that may be deleted are listed: no file written by a checkpoint depends on
 * another.
 */
function isChainKnown({ disks, checkpoints }: Pick<VmFacts, 'disks' | 'checkpoints'>): boolean {
  // An empty path is one that the host could not report.
  return checkpoints.length === 0 && !disks.some(({ path }) => path === '' || checkpointFile.test(path));
}

function filesOf(disks: readonly VmDisk[]): string[] {
  return disks.filter(({ type }) => type !== 'PassThrough').flatMap(chainOf);
}

/** Returns the file of a disk and its known ancestors. */
function chainOf({ path, parentPath, ancestors = [] }: VmDisk): string[] {
  return parentPath === null ? [path] : [path, parentPath, ...ancestors];
}

function sharesOf({ disks, configurationPath }: Surroundings['vm']): string[] {
  const shares = [configurationPath, ...filesOf(disks)].flatMap(
    (path) => share.exec(readPath(path).text)?.[0] ?? [],
  );
  return unique(shares);
}

/**
 * Returns the spellings of a file on a share with the server names used by the VM's host: one server may have several
 * (short, full, address).
 */
function respelt(path: string, shares: readonly string[]): string[] {
  const { text } = readPath(path);
  const [there = '', , name = ''] = share.exec(text) ?? [];
  if (there === '') return [];
  return shares
    .filter((one) => keyOf(share.exec(one)?.[2] ?? '') === keyOf(name))
    .map((one) => one + text.slice(there.length));
}

function unique(paths: readonly string[]): string[] {
  return [...new Map(paths.map((path) => [keyOf(path), path])).values()];
}
