import type { Cluster, Host, HostUsage } from '@aether-v/types';

/** A resource of a host: the part that is used, and all of it, in bytes. */
export interface Amount {
  readonly used: number;
  readonly all: number;
}

/** The measured capacity of a host. Null is a value that is not known. */
export interface HostCapacity {
  readonly host: Host;
  /** From 0 to 100. */
  readonly cpuPercent: number | null;
  readonly memory: Amount | null;
  /** The shared volumes of its cluster. */
  readonly storage: Amount | null;
  /** The time of the latest sample. */
  readonly sampledAt: string | null;
}

/** The scarcest resource of a host, and its used fraction. */
export interface Fullest {
  readonly resource: 'cpu' | 'memory' | 'storage';
  readonly fraction: number;
}

/** Returns the capacity of a host from its last sample and the volumes of its cluster. */
export function capacityOf(host: Host, cluster: Cluster | null, usage: HostUsage | null): HostCapacity {
  const volumes = cluster?.sharedVolumes ?? [];
  const size = volumes.reduce((sum, volume) => sum + volume.size, 0);
  const free = volumes.reduce((sum, volume) => sum + volume.free, 0);
  const current = host.stale || host.connection.state !== 'connected' ? null : usage;
  const all = host.facts?.memory ?? 0;
  return {
    host,
    cpuPercent: current?.cpuPercent ?? null,
    memory: current && all > 0 ? { used: Math.max(0, all - current.memoryAvailable), all } : null,
    storage: size > 0 ? { used: size - free, all: size } : null,
    sampledAt: usage?.sampledAt ?? null,
  };
}

/** Returns the used fraction of a resource, from 0 to 1; null if it is not known. */
export function fractionOf(amount: Amount | null): number | null {
  return amount === null ? null : amount.used / amount.all;
}

/** Returns the scarcest resource of a host; null if none is known. */
export function fullestOf({ cpuPercent, memory, storage }: HostCapacity): Fullest | null {
  const known = [
    { resource: 'memory', fraction: fractionOf(memory) },
    { resource: 'storage', fraction: fractionOf(storage) },
    { resource: 'cpu', fraction: cpuPercent === null ? null : cpuPercent / 100 },
  ] as const;
  return known.reduce<Fullest | null>(
    (most, { resource, fraction }) =>
      fraction !== null && fraction > (most?.fraction ?? -1) ? { resource, fraction } : most,
    null,
  );
}
