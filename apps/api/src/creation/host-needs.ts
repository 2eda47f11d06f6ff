import type { ErrorCode, Host, HostResources, NewDisk, StorageClass } from '@aether-v/types';
import type { NewVm } from './creation-request.ts';
import { formatBytes } from './format-bytes.ts';

/** The storage class of a new VM on a host, and whether the VM becomes a clustered role. */
export interface ChosenStorage {
  readonly storageClass: StorageClass;
  readonly clustered: boolean;
}

/** A reason why a host is not suitable for a new VM. */
export interface Obstacle {
  readonly code: ErrorCode;
  readonly message: string;
}

/** A host that is checked against the needs of a new VM. */
export interface CheckedHost {
  /** True if it is a node of a cluster. */
  readonly isNode: boolean;
  /** Returns the bytes that creations in progress will take of a storage class. */
  readonly committed: (storageClass: StorageClass) => number;
}

/** Returns an obstacle of a host's resources. */
export function lacking(message: string): Obstacle {
  return { code: 'no-suitable-host', message };
}

/** Returns the reasons why the row of a host excludes it for a new VM, without its memory; empty if it is suitable. */
export function hostObstacles(
  { connection, conflict, facts }: Readonly<Host>,
  { processors, clustered }: NewVm,
  isNamed: boolean,
): Obstacle[] {
  if (conflict !== null) return [{ code: 'disputed', message: conflict.message }];
  if (connection.state !== 'connected' || facts === null) {
    const why = connection.error?.message ?? 'It has not responded yet.';
    return [{ code: 'host-unavailable', message: `It is unreachable. ${why}` }];
  }
  const { nodeState, logicalProcessors, clusterId } = facts;
  const reasons: string[] = [];
  if (!isNamed && nodeState !== null && nodeState !== 'Up') {
    reasons.push(`The node is ${nodeState.toLowerCase()}.`);
  }
  if (logicalProcessors > 0 && logicalProcessors < processors) {
    reasons.push(`It has ${logicalProcessors} logical processors; ${processors} are needed.`);
  }
  if (clustered === true && clusterId === null) reasons.push('It is not a node of a cluster.');
  return reasons.map(lacking);
}

/** Returns the requirements of a new VM that a host does not meet, or the storage for the VM. */
export function checkResources(
  resources: HostResources,
  vm: NewVm,
  host: CheckedHost,
): { readonly obstacles: readonly Obstacle[]; readonly storage: ChosenStorage | null } {
  const storage = chooseStorage(resources, vm, host);
  const reasons = [...missingParts(resources, vm), ...(typeof storage === 'string' ? [storage] : [])];
  return { obstacles: reasons.map(lacking), storage: typeof storage === 'string' ? null : storage };
}

/** Returns the bytes that the disks of a new VM take at once. */
export function spaceFor({ disks }: NewVm, resources: HostResources): number {
  return disks.reduce((sum, disk) => sum + bytesOf(disk, resources), 0);
}

/** An empty dynamic disk takes almost nothing. */
function bytesOf(disk: NewDisk, { images }: HostResources): number {
  if ('image' in disk) return images.find(({ id }) => id === disk.image)?.size ?? 0;
  return disk.type === 'Fixed' ? disk.sizeBytes : 0;
}

function missingParts({ networks, images, isos }: HostResources, vm: NewVm): string[] {
  const wanted = new Set(vm.networkAdapters.flatMap(({ network }) => network ?? []));
  const ofNetworks = [...wanted].flatMap((name) => {
    const network = networks.find((one) => one.name === name);
    if (network === undefined) return `It has no network "${name}".`;
    return network.present
      ? []
      : `The switch "${network.switchName}" of its network "${name}" does not exist.`;
  });
  const wantedImages = new Set(vm.disks.flatMap((disk) => ('image' in disk ? disk.image : [])));
  const ofImages = [...wantedImages]
    .filter((id) => !images.some((image) => image.id === id))
    .map((id) => `It has no image "${id}".`);
  const iso = vm.dvd?.iso ?? null;
  const ofIsos = iso === null || isos.some(({ id }) => id === iso) ? [] : [`It has no ISO "${iso}".`];
  return [...ofNetworks, ...ofImages, ...ofIsos];
}

/** Returns the storage for the disks, or the reason why the host has no suitable one. */
function chooseStorage(
  resources: HostResources,
  vm: NewVm,
  { isNode, committed }: CheckedHost,
): ChosenStorage | string {
  const { storageClasses } = resources;
  const { storageClass: wanted, clustered } = vm;
  const bytes = spaceFor(vm, resources);
  const freeOf = (one: StorageClass): number => Math.max(0, (one.free ?? 0) - committed(one));
  const chosen = (one: StorageClass): ChosenStorage => ({
    storageClass: one,
    clustered: clustered ?? (isNode && one.kind === 'csv'),
  });
  if (wanted !== undefined) {
    const named = storageClasses.find(({ name }) => name === wanted);
    if (named === undefined) return `It has no storage class "${wanted}".`;
    if (clustered === true && named.kind !== 'csv') {
      return `Its storage class "${wanted}" is not on a shared volume.`;
    }
    // Only the host can check whether an unreadable volume has space.
    if (named.free === null || freeOf(named) >= bytes) return chosen(named);
    return `Its storage class "${wanted}" has ${formatBytes(freeOf(named))} free; ${formatBytes(bytes)} are needed.`;
  }
  const needsShared = clustered ?? (isNode && storageClasses.some(({ kind }) => kind === 'csv'));
  const suitable = storageClasses.filter(
    ({ kind, free }) => free !== null && (!needsShared || kind === 'csv'),
  );
  const [best] = suitable.toSorted((a, b) => freeOf(b) - freeOf(a) || (a.name < b.name ? -1 : 1));
  if (best === undefined) {
    return needsShared
      ? 'It has no storage class on a shared volume.'
      : 'It has no storage class that can be read.';
  }
  if (freeOf(best) >= bytes) return chosen(best);
  return `Its storage classes have at most ${formatBytes(freeOf(best))} free; ${formatBytes(bytes)} are needed.`;
}
