import {
  commandRow,
  isCommandAllowed,
  type CommandRequest,
  type Vm,
  type VmCommandName,
} from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../commands/caller.decorator.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { keyedRequest } from '../jobs/idempotency.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { assertHostThere, assertNotBlocked, assertNotMoving, assertUndisputed } from './vm-checks.ts';
import { VmsService } from './vms.service.ts';

interface Ordered<C extends VmCommandName> {
  readonly command: C;
  readonly vmId: string;
  /** The request of the command's operation, without its VM. */
  readonly options: Omit<CommandRequest<C>, 'vmId'>;
  readonly caller: Caller;
  /** True if states that the table excludes are accepted as well; absent if the caller has no choice. */
  readonly inAnyState?: boolean;
  /** Additional checks that the table cannot express. @throws ProblemError */
  readonly check?: (vm: Readonly<Vm>) => void;
}

/** A caller's request for a VM command. */
export type VmCommandOrder = { [C in VmCommandName]: Ordered<C> }[VmCommandName];

/** Accepts VM commands: refuses early what it can; the host checks again. */
@Injectable()
export class VmCommandsService {
  constructor(
    private readonly fleet: FleetViews,
    private readonly vms: VmsService,
    private readonly jobs: JobsService,
    private readonly repeated: RepeatedRequests,
  ) {}

  /** Creates a job for the command. @throws ProblemError if the state of the VM or its host does not allow it. */
  async accept(order: VmCommandOrder): Promise<JobRow> {
    const { command, vmId, options, caller, inAnyState, check } = order;
    const { principal, idempotencyKey: key } = caller;
    const keyed = keyedRequest({ principalId: principal.id, key, command, subjectId: vmId, options });
    // An earlier run of the service may have completed it, so the VM may be in another state, or deleted.
    const repeated = await this.repeated.find(keyed, principal);
    if (repeated !== undefined) return repeated;
    const vm = this.vms.get(vmId, principal);
    check?.(vm);
    assertUndisputed(vm);
    assertHostThere(this.fleet.of(principal), vm);
    assertNotMoving(vm);
    assertNotBlocked(command, vm);
    assertAllowed(command, vm, inAnyState);
    return this.jobs.accept({
      command,
      request: { vmId: vm.vmId, ...options },
      hostId: vm.hostId,
      subject: { kind: 'vm', id: vm.id, name: vm.name },
      principal,
      keyed,
    });
  }
}

function assertAllowed(command: VmCommandName, vm: Readonly<Vm>, inAnyState: boolean | undefined): void {
  if (inAnyState === true || isCommandAllowed(command, vm)) return;
  const { title, allowedStates = [] } = commandRow(command);
  const state = vm.critical ? `${vm.state}Critical` : vm.state;
  const way = inAnyState === false ? ', or with force' : '';
  throw new ProblemError(
    'wrong-state',
    `${vm.name} is ${state}; ${title.toLowerCase()} is possible in: ${allowedStates.join(', ')}${way}.`,
    { state: vm.state },
  );
}
