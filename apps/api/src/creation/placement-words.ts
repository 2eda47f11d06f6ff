import type { Host, HostResources, Placement, PlacementCandidate } from '@aether-v/types';
import { ProblemError } from '../problems/problem-error.ts';
import type { NewVm } from './creation-request.ts';
import { formatBytes } from './format-bytes.ts';
import type { ChosenStorage, Obstacle } from './host-needs.ts';
import type { RequestedHosts } from './requested-hosts.ts';

/** A host that is considered for a new VM. */
export interface CheckedCandidate {
  readonly host: Readonly<Host>;
  /** In bytes. */
  readonly freeMemory: number;
  /** The known reasons against the host. */
  readonly obstacles: readonly Obstacle[];
  /** Null until its resources were read, or if they do not fit. */
  readonly storage: ChosenStorage | null;
  readonly resources: HostResources | null;
}

/** The maximum number of candidates in an answer, and of reasons for each. */
const maxCandidates = 64;
const maxReasons = 16;

/**
 * Explains the choice of a host.
 *
 * @param candidates All hosts of the request, by free memory; the first without obstacles is chosen.
 */
export function placementOf(
  candidates: readonly CheckedCandidate[],
  requested: RequestedHosts,
  vm: NewVm,
): Placement {
  const [winner, ...losers] = [
    ...candidates.filter(fits),
    ...candidates.filter((one) => !isUnread(one) && !fits(one)),
  ];
  if (winner?.storage == null) throw new TypeError('No host was chosen.');
  const { host, storage } = winner;
  const reasons = [whyChosen(winner, candidates, requested, vm), ...whyItFits(winner, vm)];
  const chosen = { hostId: host.id, hostName: host.name, fits: true, reasons };
  return {
    hostId: host.id,
    hostName: host.name,
    storageClass: storage.storageClass.name,
    reasons,
    candidates: [chosen, ...losers.map(candidateOf)].slice(0, maxCandidates),
  };
}

/** Returns why no host is suitable: a summary, then the reasons for each host. */
export function refusalsOf(
  candidates: readonly CheckedCandidate[],
  vmName: string,
  { isNamed, scope }: RequestedHosts,
): ProblemError[] {
  if (isNamed) {
    return candidates.flatMap(({ host, obstacles }) =>
      obstacles.map(({ code, message }) => new ProblemError(code, `${host.name}: ${message}`)),
    );
  }
  const codes = new Set(candidates.flatMap(({ obstacles }) => obstacles.map(({ code }) => code)));
  const code = codes.size === 1 && codes.has('host-unavailable') ? 'host-unavailable' : 'no-suitable-host';
  const count = candidates.length;
  const summary =
    count === 0
      ? `There are no hosts in ${scope}.`
      : `None of the ${count} hosts in ${scope} is suitable for ${vmName}.`;
  const each = candidates.map(
    ({ host, obstacles }) => new ProblemError(code, `${host.name}: ${wordsOf(obstacles).join(' ')}`),
  );
  return [
    new ProblemError(code, [summary, ...each.slice(0, 3).map(({ message }) => message)].join(' ')),
    ...each,
  ].slice(0, maxCandidates);
}

function fits({ obstacles, storage }: CheckedCandidate): boolean {
  return obstacles.length === 0 && storage !== null;
}

function isUnread({ obstacles, resources }: CheckedCandidate): boolean {
  return obstacles.length === 0 && resources === null;
}

function whyChosen(
  { freeMemory }: CheckedCandidate,
  candidates: readonly CheckedCandidate[],
  { isNamed, scope }: RequestedHosts,
  vm: NewVm,
): string {
  if (isNamed) return 'The request names this host.';
  const memory = formatBytes(freeMemory);
  const fitting = candidates.filter(fits).length;
  const needs = needsOf(vm);
  const having = needs === '' ? '' : ` that have ${needs}`;
  if (candidates.some(isUnread))
    return `It has the most free memory (${memory}) of the hosts in ${scope}${having}.`;
  if (fitting === 1) return `It is the only host in ${scope} that fits; it has ${memory} of free memory.`;
  return `It has the most free memory (${memory}) of the ${fitting} hosts in ${scope}${having}.`;
}

/** Returns in words the resources that the request names and a host must have. */
function needsOf({ storageClass, networkAdapters, disks, dvd }: NewVm): string {
  const networks = networkAdapters.flatMap(({ network }) => network ?? []);
  const images = disks.flatMap((disk) => ('image' in disk ? disk.image : []));
  const names = [...new Set([storageClass, ...networks, ...images, dvd?.iso].filter((one) => one != null))];
  return names.map((name) => `"${name}"`).join(', ');
}

function whyItFits({ storage }: CheckedCandidate, { storageClass: wanted }: NewVm): string[] {
  if (storage === null) return [];
  const { name, free, kind } = storage.storageClass;
  const place = kind === 'csv' ? 'a shared volume' : 'a local volume';
  const space = free === null ? 'its free space is unknown' : `${formatBytes(free)} free`;
  const choice = wanted === undefined ? ', the suitable one with the most free space' : '';
  const role = storage.clustered ? ' The VM becomes a clustered role.' : '';
  return [`Storage class "${name}" (${place}, ${space})${choice}.${role}`];
}

function candidateOf(candidate: CheckedCandidate): PlacementCandidate {
  const { host, freeMemory, obstacles } = candidate;
  const reasons =
    obstacles.length === 0 ? [`It has less free memory (${formatBytes(freeMemory)}).`] : wordsOf(obstacles);
  return { hostId: host.id, hostName: host.name, fits: fits(candidate), reasons };
}

function wordsOf(obstacles: readonly Obstacle[]): string[] {
  return obstacles.slice(0, maxReasons).map(({ message }) => message.slice(0, 1024));
}
