import type { Plan, Vm } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import { FleetViews } from '../inventory/fleet-views.ts';
import { keyedRequest } from '../jobs/idempotency.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { PlansService } from '../jobs/plans.service.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import type { ProblemError } from '../problems/problem-error.ts';
import { assertNoRefusals } from '../problems/refusals.ts';
import { assertPartExists, optionRefusals } from './option-checks.ts';
import { vmRefusals } from './vm-checks.ts';
import type { VmCommandOrder } from './vm-command-order.ts';
import { VmsService } from './vms.service.ts';

/** A VM command as it would be sent, with all reasons why the service refuses it. */
export interface CheckedOrder {
  readonly job: ReturnType<typeof ordered>;
  readonly refusals: readonly ProblemError[];
}

/** Accepts VM commands, and refuses early those that cannot succeed; the host checks again. */
@Injectable()
export class VmCommandsService {
  constructor(
    private readonly fleet: FleetViews,
    private readonly vms: VmsService,
    private readonly jobs: JobsService,
    private readonly plans: PlansService,
    private readonly repeated: RepeatedRequests,
  ) {}

  /** Creates a job for the command, or its plan if the caller asks for a dry run. @throws ProblemError as `accept`. */
  run(order: VmCommandOrder): Promise<JobRow | Plan> {
    return order.caller.dryRun ? this.plan(order) : this.accept(order);
  }

  /** Creates a job for the command. @throws ProblemError if the state of the VM or its host does not allow it. */
  async accept(order: VmCommandOrder): Promise<JobRow> {
    const { command, vmId, options, ifMatch, caller } = order;
    const { principal, idempotencyKey: key } = caller;
    const compared = ifMatch === undefined ? options : { ...options, ifMatch };
    const common = { principalId: principal.id, key, command, subjectId: vmId };
    const keyed = order.keyed ?? keyedRequest({ ...common, options: compared });
    // An earlier run of the service may have completed it, so the VM may be in another state, or deleted.
    const repeated = await this.repeated.find(keyed, principal);
    if (repeated !== undefined) return repeated;
    const { job, refusals } = this.check(order);
    // The same request may have been accepted while this one waited.
    if (refusals.length > 0) {
      const same = this.jobs.repeated(keyed, principal);
      if (same !== undefined) return same;
    }
    assertNoRefusals(refusals);
    return this.jobs.accept({ ...job, keyed });
  }

  /** Returns the plan of the command. @throws ProblemError if the caller sees no such VM. */
  async plan(order: VmCommandOrder): Promise<Plan> {
    const { job, refusals } = this.check(order);
    return this.plans.plan({ ...job, refusals, signal: order.caller.signal });
  }

  /** Checks the command without querying its host. @throws ProblemError if the caller sees no such VM. */
  check(order: VmCommandOrder): CheckedOrder {
    const { command, vmId, caller } = order;
    const vm = this.vms.get(vmId, caller.principal);
    assertPartExists(order, vm);
    const inProgress = [this.jobs.beingCreated(vm), this.jobs.underWay(command, vm.id)];
    const refusals = [...this.#refusals(order, vm), ...inProgress.filter((refusal) => refusal !== null)];
    return { job: ordered(order, vm), refusals };
  }

  #refusals(order: VmCommandOrder, vm: Readonly<Vm>): ProblemError[] {
    const { command, caller, inAnyState, check } = order;
    const own = check?.(vm) ?? null;
    const view = this.fleet.of(caller.principal);
    return [
      ...(own === null ? [] : [own]),
      ...vmRefusals({ command, vm, view, inAnyState }),
      ...optionRefusals(order, vm, view),
    ];
  }
}

function ordered({ command, options, caller, complete }: VmCommandOrder, vm: Readonly<Vm>) {
  return {
    command,
    request: { vmId: vm.vmId, ...options, ...complete?.(vm) },
    hostId: vm.hostId,
    subject: { kind: 'vm', id: vm.id, name: vm.name },
    principal: caller.principal,
  } as const;
}
