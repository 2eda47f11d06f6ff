import type { Cluster, Host, HostImage, HostIso, HostNetwork, HostResources } from '@aether-v/types';
import type { Place } from './create-input.ts';
import { createTexts as texts } from './create.text.ts';

/** The maximum number of hosts whose resources are read: each read is a request to a host. */
export const maxReadHosts = 8;

/** Returns the hosts that a place stands for, those that respond first. */
export function hostsOf(place: Place, hosts: readonly Host[], clusters: readonly Cluster[]): readonly Host[] {
  const isIn = (host: Host): boolean => {
    if (place.kind === 'any') return true;
    if (place.kind === 'host') return host.id === place.id;
    return clusters.find(({ id }) => id === place.id)?.hostIds.includes(host.id) ?? false;
  };
  const ready = (host: Host): number => (host.connection.state === 'connected' ? 0 : 1);
  return hosts.filter(isIn).toSorted((a, b) => ready(a) - ready(b) || a.name.localeCompare(b.name));
}

/** Says which hosts the lists are not from; empty if they are from all of them. */
export function sourceHints(read: number, connected: number, all: number): readonly string[] {
  return [
    ...(read < connected ? [texts.listsFrom(read, connected)] : []),
    ...(connected < all ? [texts.unreachableHosts(all - connected)] : []),
  ];
}

/** A storage class by its name; with the most free space if several hosts have one of this name. */
interface OfferedStorage {
  readonly name: string;
  readonly free: number | null;
}

/** The resources of several hosts, each name once. */
export interface OfferedResources {
  readonly images: readonly HostImage[];
  readonly isos: readonly HostIso[];
  readonly networks: readonly HostNetwork[];
  readonly storage: readonly OfferedStorage[];
}

function unite<T>(
  lists: readonly (readonly T[])[],
  keyOf: (item: T) => string,
  better: (a: T, b: T) => T,
): T[] {
  const byKey = new Map<string, T>();
  for (const item of lists.flat()) {
    const known = byKey.get(keyOf(item));
    byKey.set(keyOf(item), known === undefined ? item : better(known, item));
  }
  return [...byKey.values()].toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

const first = <T>(known: T): T => known;

/** Returns what at least one of the hosts has. */
export function uniteResources(all: readonly HostResources[]): OfferedResources {
  return {
    images: unite(
      all.map(({ images }) => images),
      ({ id }) => id,
      first,
    ),
    isos: unite(
      all.map(({ isos }) => isos),
      ({ id }) => id,
      first,
    ),
    // A network whose switch is missing on one host may be complete on another.
    networks: unite(
      all.map(({ networks }) => networks),
      ({ name }) => name,
      (a, b) => (a.present ? a : b),
    ),
    storage: unite<OfferedStorage>(
      all.map(({ storageClasses }) => storageClasses),
      ({ name }) => name,
      (a, b) => ((a.free ?? -1) >= (b.free ?? -1) ? a : b),
    ),
  };
}
