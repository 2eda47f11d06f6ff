import type { HostResources, StorageClass } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import { HostResourcesService } from '../hosts/host-resources.service.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { JobWaits } from '../jobs/job-waits.ts';
import type { NewVm } from './creation-request.ts';
import { spaceFor } from './host-needs.ts';

/** The resources that a creation takes of its host. */
export interface Commitment {
  readonly hostId: string;
  /** The memory at the start of the VM, in bytes. */
  readonly memory: number;
  /** The volume, as `volumeOf` names it. */
  readonly volume: string;
  /** The space that its disks take, in bytes. */
  readonly space: number;
}

/** The host and the storage class of a new VM. */
interface CommittedPlace {
  readonly host: { readonly id: string; readonly clusterId: string | null };
  readonly storageClass: StorageClass;
  readonly resources: HostResources;
}

/** The maximum time that a creation counts as in progress, in milliseconds. */
const maxDuration = 24 * 3_600_000;

/**
 * The resources of hosts that creations in progress will take, so that several creations in a row do not all choose the
 * same host. Creations from before a restart of the service are not included.
 */
@Injectable()
export class Commitments {
  readonly #byJob = new Map<string, Commitment>();

  constructor(
    private readonly waits: JobWaits,
    private readonly resources: HostResourcesService,
  ) {}

  /**
   * Records the resources of a job until it ends, or until its host has been read again after its outcome became unknown.
   * From then on the fleet and new readings of resources show them.
   */
  add(job: JobRow, commitment: Commitment): void {
    this.#byJob.set(job.id, commitment);
    void this.waits.untilShown(job, maxDuration).finally(() => {
      this.#byJob.delete(job.id);
      this.resources.forgetReadings();
    });
  }

  /** Returns the committed memory of a host in bytes. */
  memoryOf(hostId: string): number {
    return this.#sum((one) => (one.hostId === hostId ? one.memory : 0));
  }

  /** Returns the committed space of a volume in bytes. */
  spaceOf(volume: string): number {
    return this.#sum((one) => (one.volume === volume ? one.space : 0));
  }

  #sum(measure: (one: Commitment) => number): number {
    return [...this.#byJob.values()].reduce((sum, one) => sum + measure(one), 0);
  }
}

/** Returns the resources that a new VM takes of a host. */
export function commitmentOf(vm: NewVm, { host, storageClass, resources }: CommittedPlace): Commitment {
  return {
    hostId: host.id,
    memory: vm.memory.startup,
    volume: volumeOf(storageClass, host),
    space: spaceFor(vm, resources),
  };
}

/** Returns the name of the volume of a storage class: a shared volume is the same on all nodes of a cluster. */
export function volumeOf(
  { kind, path }: StorageClass,
  { id, clusterId }: { readonly id: string; readonly clusterId: string | null },
): string {
  // Shared volumes are folders of C:\ClusterStorage; a local storage class has a volume of its drive.
  const root = kind === 'csv' ? path.split('\\').slice(0, 3).join('\\') : path.slice(0, 2);
  return JSON.stringify([kind === 'csv' ? (clusterId ?? id) : id, root.toUpperCase()]);
}
