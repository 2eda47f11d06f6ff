import type { Vm, VmFacts } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperations } from '../host-adapter/agent/host-operations.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { Limiter } from '../host-adapter/limits/limiter.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import type { DryRun } from '../jobs/dry-run.ts';
import type { Preparation } from '../jobs/preparations.ts';
import {
  defaultSharedFolder,
  disksElsewhere,
  filesToKeep,
  usesSharedVolumes,
  usesShares,
  type DiskElsewhere,
} from './files-elsewhere.ts';
import { keyOf, mayBeInside, readPath } from './windows-path.ts';
import { readInventory } from './read-inventory.ts';
import { SharedReadings } from './shared-readings.ts';
import { HeldAnswers, StorageAnswer, type StorageFacts } from './storage-answer.ts';

/** The maximum number of deletions that hold hosts' reports at once. */
const maxSurveys = 8;

/** The maximum number of dry runs that hold hosts' reports at once. */
const maxDryRuns = 8;

interface Neighbour {
  readonly id: string;
  readonly name: string;
  readonly isNode: boolean;
}

interface Answer extends Neighbour {
  /** Null if the host did not respond. */
  readonly vms: readonly StorageFacts[] | null;
}

/** The files of a VM that a command concerns. */
export interface ConcernedFiles {
  /** True if files are deleted, so that folders that an unresponsive host may need have to stay. */
  readonly deletesFiles: boolean;
  /** The only file concerned, which need not belong to the VM yet; all files of the VM if absent. */
  readonly path?: string;
}

/** The files that other hosts need of a VM's storage, for the host that deletes it. */
export interface FilesOfOthers {
  readonly keep: string[];
  readonly disksElsewhere: DiskElsewhere[];
}

/**
 * Queries the hosts that share storage with a VM. The gateway's lanes limit the number of concurrent queries, a
 * deadline the duration of each, and `StorageAnswer` the memory.
 */
@Injectable()
export class StorageNeighbours {
  readonly #surveys = new Limiter(maxSurveys);
  readonly #dryRuns = new Limiter(maxDryRuns);
  readonly #shared = new WeakMap<DryRun, SharedReadings>();

  constructor(
    private readonly store: FleetStore,
    private readonly hosts: HostOperations,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /**
   * Returns the files and folders of the VM that other hosts need, and the disks of other nodes with their parents;
   * nothing if the only file concerned is local, where no other host has VMs. Hosts are read again, because the store's data may be a minute old. The store's data counts as well, since
   * a VM that moves between two readings is in neither.
   *
   * @throws HostOperationError if the VM's own host does not respond.
   */
  async filesOfOthers(
    row: Readonly<Vm>,
    files: ConcernedFiles,
    preparation: Preparation,
  ): Promise<Partial<FilesOfOthers>> {
    if (files.path !== undefined && this.#isLocal(files.path, row)) return {};
    // The checks of a dry run share one place, which is not one of those for jobs.
    if (preparation.dryRun !== undefined) return await this.#survey(row, files, preparation);
    const release = await this.#surveys.acquire(preparation.signal);
    try {
      return await this.#survey(row, files, preparation);
    } finally {
      release();
    }
  }

  #isLocal(path: string, { clusterId }: Readonly<Vm>): boolean {
    const { text, unclear } = readPath(path);
    const isShared = this.#sharedFolders(clusterId).some((folder) => mayBeInside(path, folder));
    return !unclear && !isShared && !text.startsWith('\\\\');
  }

  async #survey(
    row: Readonly<Vm>,
    { deletesFiles, path }: ConcernedFiles,
    preparation: Preparation,
  ): Promise<FilesOfOthers> {
    const subject = await this.#readSubject(row, preparation);
    let vm: VmFacts = subject.vm ?? row;
    if (path !== undefined) vm = withDisk(vm, path);
    // The store shows no cluster for a host whose cluster service was stopped when it was read.
    const clusterId = subject.clusterId ?? row.clusterId;
    const neighbours = this.#neighboursOf(row.hostId, clusterId, usesShares(vm));
    const held = new HeldAnswers();
    const answers = await Promise.all(neighbours.map((one) => this.#ask(one, held, preparation)));
    if (answers.length > 0) {
      const asked = answers.filter(({ vms }) => vms !== null).map(({ name }) => name);
      preparation.note(
        'info',
        `Queried other hosts for files they need on its storage: ${asked.join(', ') || 'none'}.`,
      );
    }
    const nodes = answers.filter(({ isNode }) => isNode);
    const isOnShared = usesSharedVolumes(vm);
    // A VM with an incomplete list of disks may need any file.
    const isSilent = ({ vms }: Answer): boolean =>
      vms === null || vms.some(({ problems }) => problems.some(({ part }) => /^disks( \S+)?$/.test(part)));
    const sharedFolders = clusterId === null && !isOnShared ? [] : this.#sharedFolders(clusterId);
    const keep = filesToKeep({
      vm,
      sharedFolders,
      onNodes: this.#vmsOf(nodes, row),
      onHosts: this.#vmsOf(answers, row),
      // Shared volumes without a known cluster: there are no nodes to query.
      nodeIsSilent: nodes.some(isSilent) || (clusterId === null && isOnShared),
      hostIsSilent: answers.some(isSilent),
      deleteDisks: deletesFiles,
    });
    // Only current data: a parent from a minute ago may keep a file, but must never permit its deletion.
    const answered = nodes.flatMap(({ vms }) => vms ?? []);
    return { keep, disksElsewhere: disksElsewhere(vm, sharedFolders, answered) };
  }

  /** Returns the other nodes of its cluster, and all other hosts if it has files on shares. */
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

  async #ask(neighbour: Neighbour, held: HeldAnswers, preparation: Preparation): Promise<Answer> {
    try {
      return { ...neighbour, vms: await this.#readNeighbour(neighbour.id, held, preparation) };
    } catch (error) {
      if (preparation.signal.aborted) throw error;
      const why = error instanceof Error ? error.message : String(error);
      preparation.note(
        'warning',
        `${neighbour.name} did not report the files it needs, so files on shared storage stay. ${why}`,
      );
      return { ...neighbour, vms: null };
    }
  }

  /** Reads the VM on its host. @returns Its facts, if the host has it, and the id of its cluster. */
  async #readSubject(
    { hostId, vmId }: Readonly<Vm>,
    preparation: Preparation,
  ): Promise<{ readonly vm: VmFacts | undefined; readonly clusterId: string | null }> {
    const shared = this.#sharedBy(preparation);
    if (shared !== undefined) {
      const { clusterId, subjects } = await shared.of(hostId, preparation.signal);
      return { vm: subjects.get(vmId), clusterId };
    }
    let vm: VmFacts | undefined;
    const clusterId = await this.#read(hostId, preparation, (one) => {
      if (one.vmId === vmId) vm = one;
    });
    return { vm, clusterId };
  }

  /** Reads another host. @throws Error if it does not respond, or reports more than can be held. */
  async #readNeighbour(
    hostId: string,
    held: HeldAnswers,
    preparation: Preparation,
  ): Promise<readonly StorageFacts[]> {
    const shared = this.#sharedBy(preparation);
    if (shared !== undefined) {
      const { vms } = await shared.of(hostId, preparation.signal);
      if (vms instanceof HostOperationError) throw vms;
      return vms;
    }
    const answer = new StorageAnswer(held);
    try {
      await this.#read(hostId, preparation, (vm) => answer.add(vm));
      return answer.vms;
    } catch (error) {
      answer.discard();
      throw error;
    }
  }

  #read(
    hostId: string,
    asked: Pick<Preparation, 'actor' | 'signal'>,
    onVm: (vm: VmFacts) => void,
  ): Promise<string | null> {
    return readInventory({ hosts: this.hosts, clock: this.clock }, hostId, asked, onVm);
  }

  /** Returns the readings that the checks of a dry run share; undefined for a job. */
  #sharedBy({ dryRun, actor }: Preparation): SharedReadings | undefined {
    if (dryRun === undefined) return undefined;
    const known = this.#shared.get(dryRun);
    if (known !== undefined) return known;
    const made = new SharedReadings(dryRun, this.#dryRuns, (hostId, signal, onVm) =>
      this.#read(hostId, { actor, signal }, onVm),
    );
    this.#shared.set(dryRun, made);
    return made;
  }

  #vmsOf(answers: readonly Answer[], row: Readonly<Vm>): Pick<StorageFacts, 'disks'>[] {
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

/** Returns a VM with the file among its disks, as if it were attached. */
function withDisk(vm: VmFacts, path: string): VmFacts {
  if (vm.disks.some((disk) => keyOf(disk.path) === keyOf(path))) return vm;
  const slot = { controllerType: 'SCSI', controllerNumber: 0, controllerLocation: 63 } as const;
  const unknown = { format: null, type: null, size: null, fileSize: null, parentPath: null } as const;
  return { ...vm, disks: [...vm.disks, { id: 'scsi-0-63', ...slot, path, ...unknown, shared: false }] };
}
