import type { Cluster, Host, HostUsage } from '@aether-v/types';

/** A resource of the fleet: the part that is used, and all of it. CPU is in processors, the others in bytes. */
export interface Capacity {
  readonly used: number;
  readonly all: number;
}

/** The capacity of the hosts that were measured; null for a resource of which nothing is known. */
export interface FleetCapacity {
  readonly cpu: Capacity | null;
  readonly memory: Capacity | null;
  readonly storage: Capacity | null;
  /** The number of VMs of this size that still fit, each whole on one host. */
  readonly room: number;
  /** The number of connected hosts with a sample, and of all hosts. */
  readonly measured: number;
  readonly hosts: number;
}

const gib = 1024 ** 3;

/** The memory of the VM that the room is stated in. */
const roomBytes = 8 * gib;

function sum<T>(items: readonly T[], capacity: (item: T) => Capacity): Capacity | null {
  const total = items.map(capacity).reduce((a, b) => ({ used: a.used + b.used, all: a.all + b.all }), {
    used: 0,
    all: 0,
  });
  return total.all > 0 ? total : null;
}

/** Adds up the hosts that are connected and were measured, and the shared volumes of all clusters. */
export function fleetCapacity(
  hosts: readonly Host[],
  clusters: readonly Cluster[],
  usageOf: (hostId: string) => HostUsage | null,
): FleetCapacity {
  const measured = hosts.flatMap(({ id, connection, stale, facts }) => {
    const usage = usageOf(id);
    return connection.state === 'connected' && !stale && facts && usage ? [{ facts, usage }] : [];
  });
  return {
    cpu: sum(measured, ({ facts, usage }) => ({
      used: (facts.logicalProcessors * usage.cpuPercent) / 100,
      all: facts.logicalProcessors,
    })),
    memory: sum(measured, ({ facts, usage }) => ({
      used: Math.max(0, facts.memory - usage.memoryAvailable),
      all: facts.memory,
    })),
    storage: sum(
      clusters.flatMap(({ sharedVolumes }) => sharedVolumes),
      ({ size, free }) => ({ used: size - free, all: size }),
    ),
    room: measured.reduce((room, { usage }) => room + Math.floor(usage.memoryAvailable / roomBytes), 0),
    measured: measured.length,
    hosts: hosts.length,
  };
}
