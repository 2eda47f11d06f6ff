import type { DeleteVmByNameRequest, Plan, Vm } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../commands/caller.decorator.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { keyedRequest, type KeyedRequest } from '../jobs/idempotency.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { noSuchObject } from '../problems/not-found.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { findVm, isOnHost } from './find-vm.ts';
import type { VmCommandOrder } from './vm-command-order.ts';
import { VmCommandsService } from './vm-commands.service.ts';

/** A deletion as its caller requests it. */
export interface DeletionOptions {
  /** The name that the VM must have. */
  readonly name: string;
  readonly force?: boolean;
  readonly deleteDisks?: boolean;
}

const advice = {
  byHost: 'Name the host of the one to delete in `host`:',
  byId: 'Name the one to delete by its id in `id`; `candidates` lists them.',
};

/** Accepts deletions of VMs: commands with a confirmation of the VM (docs/vm-deletion-service.md). */
@Injectable()
export class VmDeletionService {
  constructor(
    private readonly fleet: FleetViews,
    private readonly commands: VmCommandsService,
    private readonly repeated: RepeatedRequests,
  ) {}

  /**
   * Creates a job for the deletion, or its plan. @throws ProblemError if the name differs, or the VM's state does not
   * allow it.
   */
  run(vmId: string, options: DeletionOptions, caller: Caller): Promise<JobRow | Plan> {
    return this.commands.run(deletionOrder(vmId, options, caller));
  }

  /**
   * Creates a job for the deletion of a VM that is named by its name or id, or its plan.
   *
   * @throws ProblemError as `run`, and if there is no such VM or more than one.
   */
  async runByName(request: DeleteVmByNameRequest, caller: Caller): Promise<JobRow | Plan> {
    const { principal, dryRun } = caller;
    const keyed = dryRun ? undefined : this.#keyed(request, caller);
    // The first run may have deleted the VM, so the name may no longer exist.
    const repeated = await this.repeated.find(keyed, principal);
    if (repeated !== undefined) return repeated;
    const { id } = this.#find(request, caller);
    return this.commands.run({ ...deletionOrder(id, request, caller), keyed });
  }

  #find({ id, name, host }: DeleteVmByNameRequest, { principal }: Caller): Readonly<Vm> {
    const view = this.fleet.of(principal);
    if (id === undefined) return findVm(view.rows('vm'), { name, host }, advice);
    const vm = view.get('vm', id);
    if (vm === undefined) throw noSuchObject('vm', id);
    if (isOnHost(vm, host)) return vm;
    throw new ProblemError('conflict', `The VM ${vm.id} is on ${vm.hostName}, not on ${String(host)}.`);
  }

  #keyed(
    request: DeleteVmByNameRequest,
    { principal, idempotencyKey: key }: Caller,
  ): KeyedRequest | undefined {
    const { host } = request;
    const hostIds = this.fleet
      .of(principal)
      .rows('host')
      .filter(({ id, name }) => isOnHost({ hostId: id, hostName: name }, host))
      .map(({ id }) => id);
    const common = { principalId: principal.id, key, command: 'vm.delete', subjectId: '' } as const;
    return keyedRequest({ ...common, options: request, hostIds });
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

/** Returns the refusal of a VM whose name differs from the one that confirms it. */
export function nameRefusal(vm: Readonly<Vm>, name: string): ProblemError | null {
  if (vm.name === name) return null;
  return new ProblemError('conflict', `The VM ${vm.id} is named "${vm.name}", not "${name}".`);
}
