import type { Vm, VmFacts } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperationError } from '../host-adapter/host-operation-error.ts';
import { HostOperations } from '../host-adapter/host-operations.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import type { Preparation } from '../jobs/job-runner.ts';
import {
  defaultSharedFolder,
  disksElsewhere,
  filesToKeep,
  usesSharedVolumes,
  usesShares,
  type DiskElsewhere,
} from './files-elsewhere.ts';

/** How long a host may take to say what VMs it has, in milliseconds. */
const readTimeout = 60_000;

interface Neighbour {
  readonly id: string;
  readonly name: string;
  readonly isNode: boolean;
}

interface Answer extends Neighbour {
  /** Null where the host did not answer. */
  readonly vms: readonly VmFacts[] | null;
}

interface Reading {
  readonly vms: readonly VmFacts[];
  readonly clusterId: string | null;
}

/** What other hosts need of the storage of a VM, for the host that deletes it. */
export interface FilesOfOthers {
  readonly keep: string[];
  readonly disksElsewhere: DiskElsewhere[];
}

/** Asks hosts that share storage with a VM what they need of it. */
@Injectable()
export class StorageNeighbours {
  constructor(
    private readonly store: FleetStore,
    private readonly hosts: HostOperations,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The files and folders that must stay when the VM is deleted, and the disks of other nodes with what they stand on. Hosts are read anew: what the store holds may be a minute old.
   * It counts nevertheless, since a VM that moves between two readings is in neither.
   *
   * @throws HostOperationError when the VM's own host does not answer.
   */
  async filesOfOthers(
    row: Readonly<Vm>,
    deleteDisks: boolean,
    preparation: Preparation,
  ): Promise<FilesOfOthers> {
    const own = await this.#read(row.hostId, preparation);
    const vm = own.vms.find(({ vmId }) => vmId === row.vmId) ?? row;
    // A host whose cluster service was stopped when the store was filled is in no cluster there.
    const clusterId = own.clusterId ?? row.clusterId;
    const neighbours = this.#neighboursOf(row.hostId, clusterId, usesShares(vm));
    const answers = await Promise.all(neighbours.map((one) => this.#ask(one, preparation)));
    if (answers.length > 0) {
      const asked = answers.filter(({ vms }) => vms !== null).map(({ name }) => name);
      preparation.note('info', `Asked what other hosts need of its storage: ${asked.join(', ') || 'none'}.`);
    }
    const nodes = answers.filter(({ isNode }) => isNode);
    const isOnShared = usesSharedVolumes(vm);
    // A VM whose disks were not all told may need any file.
    const isSilent = ({ vms }: Answer): boolean =>
      vms === null || vms.some(({ problems }) => problems.some(({ part }) => /^disks( \S+)?$/.test(part)));
    const sharedFolders = clusterId === null && !isOnShared ? [] : this.#sharedFolders(clusterId);
    const keep = filesToKeep({
      vm,
      sharedFolders,
      onNodes: this.#vmsOf(nodes, row),
      onHosts: this.#vmsOf(answers, row),
      // Shared volumes without a cluster that is known: nobody can be asked.
      nodeIsSilent: nodes.some(isSilent) || (clusterId === null && isOnShared),
      hostIsSilent: answers.some(isSilent),
      deleteDisks,
    });
    // Only what was read just now: what a disk stood on a minute ago may keep a file, but never lets one go.
    const answered = nodes.flatMap(({ vms }) => vms ?? []);
    return { keep, disksElsewhere: disksElsewhere(vm, sharedFolders, answered) };
  }

  /** The other nodes of its cluster, and all other hosts where it has files on shares. */
  #neighboursOf(hostId: string, clusterId: string | null, asksAll: boolean): Neighbour[] {
    const cluster = clusterId === null ? undefined : this.store.get('cluster', clusterId);
    const found = new Map<string, Neighbour>();
    for (const node of cluster?.nodes ?? []) {
      found.set(node.hostId, { id: node.hostId, name: node.name, isNode: true });
    }
    for (const { id, name, clusterId: itsCluster } of this.store.rows('host').values()) {
      const isNode = clusterId !== null && (itsCluster === clusterId || found.has(id));
      if (isNode || asksAll) found.set(id, { id, name, isNode });
    }
    found.delete(hostId);
    return [...found.values()];
  }

  async #ask(neighbour: Neighbour, preparation: Preparation): Promise<Answer> {
    try {
      return { ...neighbour, vms: (await this.#read(neighbour.id, preparation)).vms };
    } catch (error) {
      if (preparation.signal.aborted) throw error;
      const why = error instanceof Error ? error.message : String(error);
      preparation.note(
        'warning',
        `${neighbour.name} did not say what it needs: files on storage that it shares stay. ${why}`,
      );
      return { ...neighbour, vms: null };
    }
  }

  async #read(hostId: string, { actor, signal }: Preparation): Promise<Reading> {
    const found: VmFacts[] = [];
    let clusterId: string | null = null;
    const { vms } = await this.hosts.invoke(
      hostId,
      'inventory',
      {},
      {
        actor,
        signal,
        deadline: new Date(this.clock.now() + readTimeout),
        onLine: (line) => {
          if (line.type !== 'item') return;
          if (line.item.kind === 'vm') found.push(line.item.vm);
          if (line.item.kind === 'host') clusterId = line.item.host.clusterId;
        },
      },
    );
    if (vms === found.length) return { vms: found, clusterId };
    throw new HostOperationError('contract-violation', `It has ${vms} VMs, but told of ${found.length}.`, {
      began: true,
      reported: true,
    });
  }

  #vmsOf(answers: readonly Answer[], row: Readonly<Vm>): VmFacts[] {
    const ids = new Set(answers.map(({ id }) => id));
    const known = [...this.store.rows('vm').values()].filter(
      ({ id, hostId }) => id !== row.id && ids.has(hostId),
    );
    return [...known, ...answers.flatMap(({ vms }) => vms ?? [])];
  }

  #sharedFolders(clusterId: string | null): string[] {
    const cluster = clusterId === null ? undefined : this.store.get('cluster', clusterId);
    const volumes = cluster?.sharedVolumes ?? [];
    const folders = volumes.map(({ path }) => path.slice(0, path.lastIndexOf('\\')));
    return [...new Set([defaultSharedFolder, ...folders])];
  }
}
