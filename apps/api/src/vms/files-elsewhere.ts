import { maxKeep, type VmDisk, type VmFacts } from '@aether-v/types';

type Disks = Pick<VmFacts, 'disks'>;

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
}

/** The folder under which Windows shows the shared volumes of a cluster, where a cluster names no other. */
export const defaultSharedFolder = 'C:\\ClusterStorage';

const checkpointFile = /\.avhdx?$/i;
const share = /^\\\\(?![?.]\\)([^\\]+)\\([^\\]+)/;

/** Whether the VM has files on a share of a file server, as far as its host says. */
export function usesShares({ disks, configurationPath }: Surroundings['vm']): boolean {
  return [configurationPath, ...filesOf(disks)].some((path) => share.test(path));
}

/**
 * What of the VM's storage must stay, as its host writes the paths: files that VMs of other hosts need, and folders that
 * hosts may need which did not answer.
 *
 * A host lists the file of each disk and the parent of that. So where the VM has checkpoints, what their files stand on is not
 * listed: then all that others need on shared storage is named, for the agent to compare with the whole chain.
 */
export function filesToKeep(around: Surroundings): string[] {
  const { vm, sharedFolders, onNodes, onHosts, nodeIsSilent, hostIsSilent } = around;
  const shares = sharesOf(vm);
  const nodeFiles = filesOf(onNodes.flatMap(({ disks }) => disks)).filter((path) =>
    sharedFolders.some((folder) => isInside(path, folder)),
  );
  const shareFiles = filesOf(onHosts.flatMap(({ disks }) => disks)).flatMap((path) => respelt(path, shares));
  const own = new Set(vm.disks.map(({ path }) => keyOf(path)));
  const isConcerned = isChainKnown(vm) ? (path: string) => own.has(keyOf(path)) : () => true;
  const files = unique([...nodeFiles, ...shareFiles].filter(isConcerned));
  const folders = [...(nodeIsSilent ? sharedFolders : []), ...(hostIsSilent ? shares : [])];
  const keep = unique([...folders, ...files]);
  return keep.length > maxKeep ? unique([...sharedFolders, ...shares]) : keep;
}

/** Whether the files of its disks, which may be deleted, are all listed: none that a checkpoint made stands on another. */
function isChainKnown({ disks, checkpoints }: Pick<VmFacts, 'disks' | 'checkpoints'>): boolean {
  return checkpoints.length === 0 && !disks.some(({ path }) => checkpointFile.test(path));
}

function filesOf(disks: readonly VmDisk[]): string[] {
  return disks
    .filter(({ type }) => type !== 'PassThrough')
    .flatMap(({ path, parentPath }) => (parentPath === null ? [path] : [path, parentPath]));
}

function sharesOf({ disks, configurationPath }: Surroundings['vm']): string[] {
  const shares = [configurationPath, ...filesOf(disks)].flatMap((path) => share.exec(path)?.[0] ?? []);
  return unique(shares);
}

/** A file on a share by the names that the VM's host has for its server: one server may have several (short, full, address). */
function respelt(path: string, shares: readonly string[]): string[] {
  const [there = '', , name = ''] = share.exec(path) ?? [];
  if (there === '') return [];
  return shares
    .filter((one) => keyOf(share.exec(one)?.[2] ?? '') === keyOf(name))
    .map((one) => one + path.slice(there.length));
}

function isInside(path: string, folder: string): boolean {
  return keyOf(path).startsWith(`${keyOf(folder)}\\`);
}

/** A path as it is compared: Windows tells no case apart and takes both separators. */
function keyOf(path: string): string {
  return path.replaceAll('/', '\\').replace(/\\+$/, '').toUpperCase();
}

function unique(paths: readonly string[]): string[] {
  return [...new Map(paths.map((path) => [keyOf(path), path])).values()];
}
