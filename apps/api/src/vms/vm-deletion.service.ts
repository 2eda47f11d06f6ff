import type { DeleteVmRequest, Vm } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../commands/caller.decorator.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { StorageNeighbours } from './storage-neighbours.ts';
import { VmCommandsService } from './vm-commands.service.ts';

/** Accepts deletions of VMs: commands with a proof of the VM that is meant and a look at its storage (docs/vm-deletion-service.md). */
@Injectable()
export class VmDeletionService {
  constructor(
    private readonly commands: VmCommandsService,
    private readonly neighbours: StorageNeighbours,
  ) {}

  /** Makes a job of the deletion. @throws ProblemError if the VM is another one, or not in a state for it. */
  accept(
    vmId: string,
    { name, force = false, deleteDisks = false }: DeleteVmRequest,
    caller: Caller,
  ): Promise<JobRow> {
    const options = { name, force, deleteDisks };
    return this.commands.accept({
      command: 'vm.delete',
      vmId,
      options,
      caller,
      inAnyState: force,
      details: (vm) => {
        assertMeant(vm, name);
        // Hyper-V merges the disks of checkpoints however the files are dealt with afterwards.
        if (!deleteDisks && vm.checkpoints.length === 0) return { resumes: true };
        return {
          resumes: true,
          // Others may take or leave a file while the job waits, so they are asked when its turn has come.
          prepare: async (preparation) => ({
            vmId: vm.vmId,
            ...options,
            ...(await this.neighbours.filesOfOthers(vm, deleteDisks, preparation)),
          }),
        };
      },
    });
  }
}

function assertMeant(vm: Readonly<Vm>, name: string): void {
  if (vm.name === name) return;
  throw new ProblemError('conflict', `The VM ${vm.id} is named "${vm.name}", not "${name}".`);
}
