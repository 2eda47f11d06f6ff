import { maxDisksElsewhere, maxKeep, type VmDisk, type VmFacts } from '@aether-v/types';
import type { StorageFacts } from './storage-answer.ts';
import { asLocal, isInside, keyOf, mayBeInside, readPath } from './windows-path.ts';

type Disks = Pick<StorageFacts, 'disks'>;

/** A VM that is to be deleted, and what shares storage with it. */
export interface Surroundings {
  readonly vm: Pick<VmFacts, 'disks' | 'checkpoints' | 'configurationPath'>;
  /** Folders whose files are the same on every node of the VM's cluster; none outside a cluster. */
  readonly sharedFolders: readonly string[];
  /** VMs of other nodes of the cluster. */
  readonly onNodes: readonly Disks[];
  /** VMs of all other hosts, those of nodes included. */
  readonly onHosts: readonly Disks[];
  /** Whether a node of the cluster, and whether any host, did not say what VMs it has. */
  readonly nodeIsSilent: boolean;
  readonly hostIsSilent: boolean;
  /** Whether files are deleted. Where they are not, only merges can do harm, and the agent takes names of files for those. */
  readonly deleteDisks: boolean;
}

/** The folder under which Windows shows the shared volumes of a cluster, where a cluster names no other. */
export const defaultSharedFolder = 'C:\\ClusterStorage';

const checkpointFile = /\.avhdx?$/i;
const share = /^\\\\(?![?.]\\)([^\\]+)\\([^\\]+)/;

/** Whether the VM has files on a share of a file server, as far as its host says. */
export function usesShares({ disks, configurationPath }: Surroundings['vm']): boolean {
  return [configurationPath, ...filesOf(disks)].some((path) => share.test(readPath(path).text));
}

/** Whether the VM has files where a host shows the shared volumes of a cluster. */
export function usesSharedVolumes({ disks, configurationPath }: Surroundings['vm']): boolean {
  return [configurationPath, ...filesOf(disks)].some((path) => mayBeInside(path, defaultSharedFolder));
}

/**
 * What of the VM's storage must stay, as its host writes the paths: files that VMs of other hosts need, and folders that
 * hosts may need which did not answer.
 *
 * A host lists the file of each disk and the parent of that. So where the VM has checkpoints, what their files stand on is not
 * listed: then all that others need on shared storage is named, for the agent to compare with the whole chain.
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
  // More than can be named: whole folders, and for merges the files that lie where the VM's do.
  const near = files.filter((path) => foldersOf(vm).some((folder) => isInside(path, folder)));
  return unique([...(deleteDisks ? [...sharedFolders, ...shares] : []), ...near, ...files]).slice(0, maxKeep);
}

/** A disk of another host, and the file that it stands on. */
export interface DiskElsewhere {
  readonly path: string;
  readonly parentPath: string | null;
}

/**
 * The disks that VMs of other nodes have on shared volumes, each with the file that it stands on. A node reads the disks that its VMs have
 * open, which no other node can; a disk that its own node could not read is not told, since nothing is known of its parent.
 *
 * Beyond the limit those on the volumes of the VM come first: whatever is left out only keeps files.
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

/** Whether a host could read a disk with all that it stands on: nothing of it is among the problems of its VM. */
function isRead({ id, path, type, size, parentPath }: VmDisk, problems: StorageFacts['problems']): boolean {
  if (path === '' || size === null || type === null || type === 'PassThrough') return false;
  if (type === 'Differencing' && parentPath === null) return false;
  const own = `disks ${id}`;
  return !problems.some(({ part }) => part === own || part.startsWith(`${own} `) || part === 'problems');
}

/** The shared volume that holds a path: the folder below the one that shows all of them. */
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

/** Whether the files of its disks, which may be deleted, are all listed: none that a checkpoint made stands on another. */
function isChainKnown({ disks, checkpoints }: Pick<VmFacts, 'disks' | 'checkpoints'>): boolean {
  // An empty path is one that the host could not report.
  return checkpoints.length === 0 && !disks.some(({ path }) => path === '' || checkpointFile.test(path));
}

function filesOf(disks: readonly VmDisk[]): string[] {
  return disks.filter(({ type }) => type !== 'PassThrough').flatMap(chainOf);
}

/** The file of a disk and those that it stands on, as far as its host knows them. */
function chainOf({ path, parentPath, ancestors = [] }: VmDisk): string[] {
  return parentPath === null ? [path] : [path, parentPath, ...ancestors];
}

function sharesOf({ disks, configurationPath }: Surroundings['vm']): string[] {
  const shares = [configurationPath, ...filesOf(disks)].flatMap(
    (path) => share.exec(readPath(path).text)?.[0] ?? [],
  );
  return unique(shares);
}

/** A file on a share by the names that the VM's host has for its server: one server may have several (short, full, address). */
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
