import type { Vm, VmControlAction, VmControlList, VmControlResult } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { configToken, type Config } from '../config/settings.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { JobWaits } from '../jobs/job-waits.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { assertNoRefusals } from '../problems/refusals.ts';
import { reachRefusals } from '../vms/vm-checks.ts';
import { findVm, isOnHost } from '../vms/find-vm.ts';
import type { VmCommandOrder } from '../vms/vm-command-order.ts';
import { VmCommandsService } from '../vms/vm-commands.service.ts';
import { alreadyRunning, controlledActions } from './vm-control.actions.ts';

/** A request for an action. */
interface ControlOrder {
  readonly action: VmControlAction;
  readonly vm: Readonly<Vm>;
  readonly principal: Principal;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  /** Called with the id of the job as soon as it exists. */
  readonly onJob: (jobId: string) => void;
}

/** Implements the VM control API with the commands of the REST API. */
@Injectable()
export class VmControlService {
  constructor(
    private readonly fleet: FleetViews,
    private readonly commands: VmCommandsService,
    private readonly waits: JobWaits,
    @Inject(configToken) private readonly config: Pick<Config, 'vmControlWait'>,
  ) {}

  /** Returns the names of all VMs, sorted. Names of several VMs are repeated. */
  list(principal: Principal, host: string | undefined): VmControlList {
    const sorted = this.fleet.of(principal).sortedVms('name');
    return { vms: sorted.flatMap(({ vm }) => (isOnHost(vm, host) ? [vm.name] : [])) };
  }

  /** Returns the VM that a request names. @throws ProblemError if there is none, or more than one. */
  find(name: string, host: string | undefined, principal: Principal): Readonly<Vm> {
    return findVm(this.fleet.of(principal).rows('vm'), { name, host }, advice);
  }

  /** Runs an action and waits for its job. @throws ProblemError if it is refused or fails. */
  async act({ action, vm, principal, signal, onJob }: ControlOrder): Promise<VmControlResult> {
    if (action === 'start' && this.#isRunning(vm, principal)) return success(vm, action, alreadyRunning);
    const accepted = await this.commands.accept(orderOf(action, vm, principal));
    onJob(accepted.id);
    const job = await this.waits.untilEnd(accepted, this.config.vmControlWait * 1000, signal);
    return resultOf(action, vm, job);
  }

  /** Returns whether a VM is known to run; false if its state may be outdated. @throws ProblemError */
  #isRunning(vm: Readonly<Vm>, principal: Principal): boolean {
    if (vm.state !== 'Running' || vm.critical) return false;
    assertNoRefusals(reachRefusals({ vm, view: this.fleet.of(principal) }));
    return true;
  }
}

const advice = {
  byHost: 'Add ?host= with one of:',
  byId: 'Rename one of them, or use POST /api/v1/vms/ID/… with one of the ids in "candidates".',
};

function orderOf(action: VmControlAction, { id: vmId }: Readonly<Vm>, principal: Principal): VmCommandOrder {
  const caller = { principal, idempotencyKey: undefined, dryRun: false };
  const { command } = controlledActions[action];
  return command === 'vm.shutdown'
    ? { command, vmId, options: { force: true }, caller }
    : { command, vmId, options: {}, caller };
}

function resultOf(action: VmControlAction, vm: Readonly<Vm>, job: JobRow): VmControlResult {
  if (job.state === 'succeeded') return success(vm, action, controlledActions[action].done);
  if (job.state === 'queued' || job.state === 'running') {
    return { ...success(vm, action, `Still in progress: job ${job.id}`), status: 'accepted', job };
  }
  throw failureOf(job);
}

function success({ name }: Readonly<Vm>, action: VmControlAction, output: string): VmControlResult {
  return { status: 'success', vm: name, action, output };
}

function failureOf({ id, title, state, error }: JobRow): ProblemError {
  if (error !== null) {
    const detail = error.remedy === null ? error.message : `${error.message} ${error.remedy}`;
    return new ProblemError(error.code, detail);
  }
  return state === 'cancelled'
    ? new ProblemError('cancelled', `${title} was cancelled (job ${id}).`)
    : new ProblemError(
        'outcome-unknown',
        `The outcome of "${title}" is unknown (job ${id}). Check the state of the VM.`,
      );
}
