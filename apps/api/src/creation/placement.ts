import type { Host, HostResources, Placement } from '@aether-v/types';
import { byName } from '../common/text-order.ts';
import type { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import type { ProblemError } from '../problems/problem-error.ts';
import { volumeOf, type Commitments } from './commitments.ts';
import type { NewVm } from './creation-request.ts';
import { formatBytes } from './format-bytes.ts';
import { checkResources, hostObstacles, lacking, type ChosenStorage } from './host-needs.ts';
import { placementOf, refusalsOf, type CheckedCandidate } from './placement-words.ts';
import type { RequestedHosts } from './requested-hosts.ts';

/** The data by which a host is chosen. */
export interface PlacementData {
  readonly vm: NewVm;
  readonly requested: RequestedHosts;
  /** The memory that running VMs use on each host, in bytes. */
  readonly usedMemory: ReadonlyMap<string, number>;
  readonly commitments: Pick<Commitments, 'memoryOf' | 'spaceOf'>;
  /** The resources of each host that was read, or the reason why reading it failed. */
  readonly readings: ReadonlyMap<string, HostResources | HostOperationError>;
}

/** The host of a new VM. */
export interface ChosenPlace extends ChosenStorage {
  readonly host: Readonly<Host>;
  readonly resources: HostResources;
  readonly placement: Placement;
}

/** The result of a choice: hosts whose resources have to be read first, a place, or the reasons against every host. */
export type Choice =
  | { readonly unread: readonly string[] }
  | { readonly place: ChosenPlace }
  | { readonly refusals: readonly ProblemError[] };

/** The memory that is reserved for a host itself: 5 %, at least 2 GiB. */
const reserveShare = 0.05;
const leastReserve = 2 * 1024 ** 3;

/** The number of hosts that are read at the same time. */
const readAtOnce = 8;

/**
 * Chooses the host of a new VM: of those that fit, the one with the most free memory, the first by name among equal
 * ones. Free memory excludes running VMs, creations in progress and a reserve for the host. A host that the
 * request names is only checked.
 */
export function choosePlace(data: PlacementData): Choice {
  const { vm, requested } = data;
  const candidates = candidatesOf(data).map((candidate) => examine(candidate, data));
  const winner = candidates.find(({ obstacles }) => obstacles.length === 0);
  if (winner === undefined) return { refusals: refusalsOf(candidates, vm.name, requested) };
  const { host, storage, resources } = winner;
  if (storage !== null && resources !== null) {
    return { place: { host, resources, ...storage, placement: placementOf(candidates, requested, vm) } };
  }
  const unread = candidates.filter((one) => one.obstacles.length === 0 && one.resources === null);
  return { unread: unread.slice(0, readAtOnce).map(({ host: { id } }) => id) };
}

/** Returns the hosts of the request by free memory, with what their rows show. */
function candidatesOf({ vm, requested, usedMemory, commitments }: PlacementData): CheckedCandidate[] {
  const { hosts, isNamed } = requested;
  const candidates = hosts.map((host) => {
    const memory = host.facts?.memory ?? 0;
    const reserve = Math.max(memory * reserveShare, leastReserve);
    const used = (usedMemory.get(host.id) ?? 0) + commitments.memoryOf(host.id);
    const freeMemory = Math.max(0, memory - reserve - used);
    const obstacles = hostObstacles(host, vm, isNamed);
    if (!isNamed && obstacles.length === 0 && freeMemory < vm.memory.startup) {
      const [free, needed] = [freeMemory, vm.memory.startup].map(formatBytes);
      obstacles.push(lacking(`It has ${free} of free memory; ${needed} are needed.`));
    }
    return { host, freeMemory, obstacles, storage: null, resources: null };
  });
  return candidates.sort((a, b) => b.freeMemory - a.freeMemory || byName(a.host, b.host));
}

/** Returns a candidate with what its resources show, if they were read. */
function examine(
  candidate: CheckedCandidate,
  { vm, commitments, readings }: PlacementData,
): CheckedCandidate {
  const { host, obstacles } = candidate;
  const reading = readings.get(host.id);
  if (obstacles.length > 0 || reading === undefined) return candidate;
  if (reading instanceof Error) {
    const { code, message } = reading;
    return { ...candidate, obstacles: [{ code, message: `It did not report its resources. ${message}` }] };
  }
  const checked = checkResources(reading, vm, {
    isNode: host.clusterId !== null,
    committed: (storageClass) => commitments.spaceOf(volumeOf(storageClass, host)),
  });
  return { ...candidate, ...checked, resources: reading };
}
