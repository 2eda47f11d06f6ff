import {
  commands,
  isActionAllowed,
  isTransitional,
  vmActions,
  type ShutdownRequest,
  type Vm,
  type VmActionName,
} from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { keyedRequest } from '../jobs/idempotency.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { assertHostThere, assertNotBlocked, assertNotMoving, assertUndisputed } from './vm-checks.ts';
import { VmsService } from './vms.service.ts';

/** A power action that somebody asks for. */
export interface VmActionRequest {
  readonly action: VmActionName;
  readonly vmId: string;
  readonly body: ShutdownRequest;
  readonly principal: Principal;
  readonly idempotencyKey: string | undefined;
}

/** Accepts power actions: what can be refused at once is refused here, the host checks again. */
@Injectable()
export class VmActionsService {
  constructor(
    private readonly store: FleetStore,
    private readonly vms: VmsService,
    private readonly jobs: JobsService,
    private readonly repeated: RepeatedRequests,
  ) {}

  /** Makes a job of the action. @throws ProblemError when the VM or its host are not in a state for it. */
  async accept({ action, vmId, body, principal, idempotencyKey }: VmActionRequest): Promise<JobRow> {
    const { op } = vmActions[action];
    const { title } = commands[op];
    const options = action === 'shutdown' ? { force: body.force ?? false } : {};
    const keyed = keyedRequest({ principalId: principal.id, key: idempotencyKey, op, vmId, options });
    // An earlier life of the service may have done it, so the VM need not be in a state for it any more, nor be known.
    const repeated = await this.repeated.find(keyed);
    if (repeated !== undefined) return repeated;
    const vm = this.vms.get(vmId);
    const target = { vmId: vm.vmId };
    const order = {
      op,
      request: { ...target, ...options },
      title: `${title} ${vm.name}`,
      hostId: vm.hostId,
      vm: { id: vm.id, name: vm.name },
      takesTurns: !breaksHang(action),
      principal,
      keyed,
    };
    assertUndisputed(vm);
    assertHostThere(this.store, vm);
    assertNotMoving(vm);
    assertNotBlocked(op, vm);
    assertAllowed(action, vm);
    return this.jobs.accept(order);
  }
}

function assertAllowed(action: VmActionName, vm: Readonly<Vm>): void {
  if (isActionAllowed(action, vm)) return;
  const state = vm.critical ? `${vm.state}Critical` : vm.state;
  const { op, allowedStates } = vmActions[action];
  throw new ProblemError(
    'wrong-state',
    `${vm.name} is ${state}; ${commands[op].title.toLowerCase()} is possible in: ${allowedStates.join(', ')}.`,
    { state: vm.state },
  );
}

/** An action that Hyper-V accepts amid a transition is there to end one that hangs, so it waits for none. */
function breaksHang(action: VmActionName): boolean {
  return vmActions[action].allowedStates.some(isTransitional);
}
