import type { VmFacts } from '@aether-v/types';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import type { Limiter } from '../host-adapter/limits/limiter.ts';
import { orAborted } from '../host-adapter/limits/or-aborted.ts';
import type { DryRun } from '../jobs/dry-run.ts';
import { HeldAnswers, StorageAnswer, type StorageFacts } from './storage-answer.ts';

/** Reads the VMs of a host until the signal is aborted. @returns The id of its cluster. */
export type ReadHost = (
  hostId: string,
  signal: AbortSignal,
  onVm: (vm: VmFacts) => void,
) => Promise<string | null>;

/** The report of a host to a dry run. */
export interface HostReport {
  readonly clusterId: string | null;
  /** Its VMs; the reason if they are more than a dry run holds. */
  readonly vms: readonly StorageFacts[] | HostOperationError;
  /** The VMs that the dry run is about. */
  readonly subjects: ReadonlyMap<string, VmFacts>;
}

/** The reports of hosts for one dry run: each host is read once. They are held while the dry run has a place. */
export class SharedReadings {
  readonly #dryRun: DryRun;
  readonly #read: ReadHost;
  readonly #place: Promise<unknown>;
  readonly #reports = new Map<string, Promise<HostReport>>();
  readonly #held = new HeldAnswers();

  constructor(dryRun: DryRun, places: Limiter, read: ReadHost) {
    this.#dryRun = dryRun;
    this.#read = read;
    const { signal } = dryRun;
    this.#place = places.acquire(signal).then((release) => {
      signal.addEventListener('abort', release, { once: true });
      if (signal.aborted) release();
    });
    this.#place.catch(() => undefined);
  }

  /** Returns the report of a host. @param signal Ends the wait of one check. @throws HostOperationError */
  async of(hostId: string, signal: AbortSignal): Promise<HostReport> {
    const report = this.#reports.get(hostId) ?? this.#report(hostId);
    this.#reports.set(hostId, report);
    return await orAborted(report, signal);
  }

  async #report(hostId: string): Promise<HostReport> {
    await this.#place;
    const { vmIds, signal } = this.#dryRun;
    const answer = new StorageAnswer(this.#held);
    const subjects = new Map<string, VmFacts>();
    let overflow: HostOperationError | undefined;
    try {
      const clusterId = await this.#read(hostId, signal, (vm) => {
        if (vmIds.has(vm.vmId)) subjects.set(vm.vmId, vm);
        overflow ??= tried(() => answer.add(vm));
      });
      if (overflow !== undefined) answer.discard();
      return { clusterId, vms: overflow ?? answer.vms, subjects };
    } catch (error) {
      answer.discard();
      throw error;
    }
  }
}

function tried(act: () => void): HostOperationError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof HostOperationError) return error;
    throw error;
  }
}
