import type { DeleteVmRequest, Vm } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { keyedRequest } from '../jobs/idempotency.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { StorageNeighbours } from './storage-neighbours.ts';
import { assertHostThere, assertNotBlocked, assertNotMoving, assertUndisputed } from './vm-checks.ts';
import { VmsService } from './vms.service.ts';

/** A deletion that somebody asks for. */
export interface VmDeletionRequest {
  readonly vmId: string;
  readonly body: DeleteVmRequest;
  readonly principal: Principal;
  readonly idempotencyKey: string | undefined;
}

/** Accepts deletions of VMs: what can be refused at once is refused here, the host checks again (docs/vm-deletion-service.md). */
@Injectable()
export class VmDeletionService {
  constructor(
    private readonly store: FleetStore,
    private readonly vms: VmsService,
    private readonly jobs: JobsService,
    private readonly repeated: RepeatedRequests,
    private readonly neighbours: StorageNeighbours,
  ) {}

  /** Makes a job of the deletion. @throws ProblemError when the VM is another one, or not in a state for it. */
  async accept({ vmId, body, principal, idempotencyKey }: VmDeletionRequest): Promise<JobRow> {
    const { name, force = false, deleteDisks = false } = body;
    const options = { name, force, deleteDisks };
    const keyed = keyedRequest({
      principalId: principal.id,
      key: idempotencyKey,
      op: 'vm.delete',
      vmId,
      options,
    });
    // An earlier life of the service may have deleted it, so that there is no VM any more.
    const repeated = await this.repeated.find(keyed);
    if (repeated !== undefined) return repeated;
    const vm = this.vms.get(vmId);
    const request = { vmId: vm.vmId, ...options };
    const order = {
      op: 'vm.delete' as const,
      request,
      title: `Delete ${vm.name}`,
      hostId: vm.hostId,
      vm: { id: vm.id, name: vm.name },
      takesTurns: true,
      resumes: true,
      principal,
      keyed,
    };
    assertMeant(vm, name);
    assertUndisputed(vm);
    assertHostThere(this.store, vm);
    assertNotMoving(vm);
    assertNotBlocked('vm.delete', vm);
    assertOff(vm, force);
    // Hyper-V merges the disks of checkpoints however the files are dealt with afterwards.
    if (!deleteDisks && vm.checkpoints.length === 0) return this.jobs.accept(order);
    return this.jobs.accept({
      ...order,
      // Others may take or leave a file while the job waits, so they are asked when its turn has come.
      prepare: async (preparation) => {
        return { ...request, ...(await this.neighbours.filesOfOthers(vm, deleteDisks, preparation)) };
      },
    });
  }
}

function assertMeant(vm: Readonly<Vm>, name: string): void {
  if (vm.name === name) return;
  throw new ProblemError('conflict', `The VM ${vm.id} is named "${vm.name}", not "${name}".`);
}

function assertOff(vm: Readonly<Vm>, force: boolean): void {
  if (force || vm.state === 'Off' || vm.state === 'Saved') return;
  throw new ProblemError('wrong-state', `${vm.name} is ${vm.state}: shut it down first, or set force.`, {
    state: vm.state,
  });
}
