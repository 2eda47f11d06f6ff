import type { CommandRequest, Plan, Vm } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../commands/caller.decorator.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { awaitChange } from '../inventory/await-change.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { Preparations, type Prepare } from '../jobs/preparations.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { StorageNeighbours } from './storage-neighbours.ts';
import { VmCommandsService, type VmCommandOrder } from './vm-commands.service.ts';

type DeletionRequest = CommandRequest<'vm.delete'>;

/** A deletion as its caller asks for it. */
export interface DeletionOptions {
  /** The name that the VM must have. */
  readonly name: string;
  readonly force?: boolean;
  readonly deleteDisks?: boolean;
}

/** Time limit for a host to report the VM of a deletion that a restart interrupted, in milliseconds. */
const rowTimeout = 60_000;

/**
 * Accepts deletions of VMs: commands with a confirmation of the VM and a check of its storage
 * (docs/vm-deletion-service.md).
 */
@Injectable()
export class VmDeletionService {
  constructor(
    private readonly commands: VmCommandsService,
    private readonly neighbours: StorageNeighbours,
    private readonly store: FleetStore,
    preparations: Preparations,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    preparations.register('vm.delete', ({ request, subjectId }) => this.#preparation(request, subjectId));
  }

  /**
   * Creates a job for the deletion, or its plan. @throws ProblemError if the name differs, or the VM's state does not
   * allow it.
   */
  run(vmId: string, options: DeletionOptions, caller: Caller): Promise<JobRow | Plan> {
    return this.commands.run(deletionOrder(vmId, options, caller));
  }

  /**
   * Queries other hosts for the files that they need just before the deletion is sent, since their needs may change
   * while it waits. The row is captured, because a resumed deletion may have removed its VM already.
   */
  #preparation(request: DeletionRequest, vmId: string): Prepare<'vm.delete'> | undefined {
    let row = this.store.get('vm', vmId);
    if (row !== undefined && !touchesFiles(row, request)) return undefined;
    return async (preparation) => {
      row ??= await this.#awaitRow(vmId, preparation.signal);
      if (row === undefined) throw vmNotSeen();
      if (!touchesFiles(row, request)) return request;
      return { ...request, ...(await this.neighbours.filesOfOthers(row, request.deleteDisks, preparation)) };
    };
  }

  /** Returns the row of a VM as soon as a host reports it; undefined if none does in time. */
  async #awaitRow(id: string, signal: AbortSignal): Promise<Readonly<Vm> | undefined> {
    const known = this.store.get('vm', id);
    if (known !== undefined) return known;
    await awaitChange(this.store, { kind: 'vm', id }, { clock: this.clock, timeoutMs: rowTimeout, signal });
    return this.store.get('vm', id);
  }
}

/** Returns the command of a deletion, which is refused if the VM has another name. */
export function deletionOrder(
  vmId: string,
  { name, force = false, deleteDisks = false }: DeletionOptions,
  caller: Caller,
): VmCommandOrder {
  return {
    command: 'vm.delete',
    vmId,
    options: { name, force, deleteDisks },
    caller,
    inAnyState: force,
    check: (vm) => nameRefusal(vm, name),
  };
}

/** Hyper-V merges the disks of checkpoints, whether files are deleted afterwards or not. */
function touchesFiles({ checkpoints }: Readonly<Vm>, { deleteDisks }: DeletionRequest): boolean {
  return deleteDisks || checkpoints.length > 0;
}

/** Returns the refusal of a VM whose name differs from the one that confirms it. */
export function nameRefusal(vm: Readonly<Vm>, name: string): ProblemError | null {
  if (vm.name === name) return null;
  return new ProblemError('conflict', `The VM ${vm.id} is named "${vm.name}", not "${name}".`);
}

function vmNotSeen(): HostOperationError {
  return new HostOperationError('not-found', 'No host has reported the VM. Nothing was deleted.', {
    began: false,
    remedy: null,
  });
}
