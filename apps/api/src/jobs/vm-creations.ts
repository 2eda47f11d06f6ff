import type { Vm } from '@aether-v/types';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { FleetStore } from '../inventory/fleet-store.ts';
import { JobRequests } from './job-requests.ts';
import { JobRows } from './job-rows.ts';
import { isEnded, type JobRow } from './job-transitions.ts';

/**
 * Links creations of VMs with their VMs. The subject of a creation is its host, and its result names the VM only at the
 * end, but the VM is in the inventory as soon as the host has created it.
 */
@Injectable()
export class VmCreations implements OnApplicationShutdown {
  /** The running creations whose VM is not known yet. */
  readonly #awaited = new Set<string>();
  /** The GUIDs of created VMs by the ids of the jobs. */
  readonly #guids = new Map<string, string>();
  readonly #unsubscribe: () => void;

  constructor(
    private readonly store: FleetStore,
    private readonly rows: JobRows,
    private readonly requests: JobRequests,
  ) {
    this.#unsubscribe = store.subscribe((change) => {
      if (change.type !== 'row') return;
      if (change.kind === 'job') this.#onJob(change.row);
      if (change.kind === 'vm') this.#link(change.row);
    });
    rows.onForgotten(({ id }) => {
      this.#awaited.delete(id);
      this.#guids.delete(id);
    });
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  /** Records the GUID of the VM of a creation, as its host's journal contains it. */
  learn({ id, command }: JobRow, guid: string | null): void {
    if (command !== 'vm.create' || guid === null) return;
    this.#guids.set(id, guid);
    this.#awaited.delete(id);
  }

  /** Returns the GUID of the VM that a job creates or has created; undefined if it is not known. */
  guidOf(jobId: string): string | undefined {
    return this.#guids.get(jobId);
  }

  /** Returns the running job that creates a VM. A host is trusted only for its own VMs. */
  running({ vmId, hostId }: Pick<Vm, 'vmId' | 'hostId'>): JobRow | undefined {
    for (const [jobId, guid] of this.#guids) {
      const job = guid === vmId ? this.rows.get(jobId) : undefined;
      if (job?.state === 'running' && job.hostId === hostId) return job;
    }
    return undefined;
  }

  #onJob(job: JobRow): void {
    const { id, command, state, hostId } = job;
    if (command !== 'vm.create') return;
    if (isEnded(job)) this.#awaited.delete(id);
    if (state !== 'running' || hostId === null || this.#guids.has(id) || this.#awaited.has(id)) return;
    const name = this.#nameOf(id);
    // A host refuses a name that one of its VMs has, so such a VM is not the one that the job creates.
    const isTaken = [...this.store.vmIdsOfHost(hostId)].some(
      (vmId) => this.store.get('vm', vmId)?.name === name,
    );
    if (!isTaken) this.#awaited.add(id);
  }

  #link({ name, hostId, vmId }: Readonly<Vm>): void {
    for (const jobId of this.#awaited) {
      if (this.rows.get(jobId)?.hostId !== hostId || this.#nameOf(jobId) !== name) continue;
      this.#guids.set(jobId, vmId);
      this.#awaited.delete(jobId);
    }
  }

  #nameOf(jobId: string): unknown {
    const kept = this.requests.find(jobId);
    if (kept === undefined || kept === 'secret') return undefined;
    const { value } = kept;
    return typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
  }
}
