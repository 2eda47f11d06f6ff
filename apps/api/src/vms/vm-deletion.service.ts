import type { DeleteVmRequest, Vm } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { StorageNeighbours } from './storage-neighbours.ts';
import { assertHostThere, assertNotMoving, assertUndisputed } from './vm-checks.ts';
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
    private readonly neighbours: StorageNeighbours,
  ) {}

  /** Makes a job of the deletion. @throws ProblemError when the VM is another one, or not in a state for it. */
  accept({ vmId, body, principal, idempotencyKey }: VmDeletionRequest): JobRow {
    const vm = this.vms.get(vmId);
    const { name, force = false, deleteDisks = false } = body;
    const request = { vmId: vm.vmId, name, force, deleteDisks };
    const order = {
      op: 'vm.delete' as const,
      request,
      title: `Delete ${vm.name}`,
      hostId: vm.hostId,
      vm: { id: vm.id, name: vm.name },
      takesTurns: true,
      resumes: true,
      principal,
      idempotencyKey,
    };
    const repeated = this.jobs.findRepeated(order);
    if (repeated !== undefined) return repeated;
    assertMeant(vm, name);
    assertUndisputed(vm);
    assertHostThere(this.store, vm);
    assertNotMoving(vm);
    assertOff(vm, force);
    // Hyper-V merges the disks of checkpoints however the files are dealt with afterwards.
    if (!deleteDisks && vm.checkpoints.length === 0) return this.jobs.accept(order);
    return this.jobs.accept({
      ...order,
      // Others may take or leave a file while the job waits, so they are asked when its turn has come.
      prepare: async (preparation) => {
        return { ...request, keep: await this.neighbours.filesToKeep(vm, deleteDisks, preparation) };
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
  throw new ProblemError(
    'wrong-state',
    `${vm.name} is ${vm.state}: shut it down first, or force its deletion.`,
    {
      state: vm.state,
    },
  );
}
