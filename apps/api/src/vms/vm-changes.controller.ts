import {
  CommandQuery,
  DeleteVmByNameRequest,
  DeleteVmQuery,
  EmptyRequest,
  MoveVmRequest,
  UpdateVmRequest,
  type Plan,
} from '@aether-v/types';
import { Body, Controller, Delete, Headers, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import { CurrentCaller, type Caller } from '../commands/caller.decorator.ts';
import { Command } from '../commands/command.decorator.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { VmCommandsService } from './vm-commands.service.ts';
import { ifMatchDescription, updateOrder } from './vm-update.ts';
import { VmDeletionService } from './vm-deletion.service.ts';

const empty = ValidatedPipe.body(EmptyRequest);

/** Changes the settings of VMs, and deletes, moves and clusters VMs. */
@ApiTags('VM changes')
@Controller('api/v1/vms')
export class VmChangesController {
  constructor(
    private readonly commands: VmCommandsService,
    private readonly deletions: VmDeletionService,
  ) {}

  @Patch(':vmId')
  @Command('vm.update', {
    body: UpdateVmRequest,
    description:
      'With `If-Match`, the change is made only if the editable settings match the ETag; the host compares them again before the change. Memory sizes that contradict each other are refused.',
    problems: ['precondition-failed'],
  })
  @ApiHeader(ifMatchDescription)
  updateVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Headers('if-match') ifMatch: string | undefined,
    @Body(ValidatedPipe.body(UpdateVmRequest)) changes: UpdateVmRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run(updateOrder(vmId, changes, caller, ifMatch));
  }

  @Delete(':vmId')
  @Command('vm.delete', {
    body: null,
    query: DeleteVmQuery,
    description:
      'With `force`, a VM in another state is turned off first. Files that other VMs need are kept.',
    problems: ['conflict'],
  })
  deleteVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Query(ValidatedPipe.query(DeleteVmQuery)) query: Static<typeof DeleteVmQuery>,
  ): Promise<JobRow | Plan> {
    return this.deletions.run(vmId, query, caller);
  }

  @Post('delete')
  @Command('vm.delete', {
    body: DeleteVmByNameRequest,
    description:
      'Identifies the VM by its name, or by its id with the name as a confirmation. Otherwise the same as `DELETE /vms/{vmId}`.',
    problems: ['conflict', 'ambiguous-name'],
  })
  deleteVmByName(
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(DeleteVmByNameRequest)) request: DeleteVmByNameRequest,
  ): Promise<JobRow | Plan> {
    return this.deletions.runByName(request, caller);
  }

  @Post(':vmId/move')
  @Command('vm.move', {
    body: MoveVmRequest,
    description: 'Moves the VM to another node of its cluster; a running VM is moved live.',
  })
  moveVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(MoveVmRequest)) { targetHostId }: MoveVmRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.move', vmId, options: { targetHostId }, caller });
  }

  @Post(':vmId/cluster-role')
  @Command('vm.addClusterRole')
  addClusterRole(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(empty) _body: EmptyRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.addClusterRole', vmId, options: {}, caller });
  }

  @Delete(':vmId/cluster-role')
  @Command('vm.removeClusterRole', {
    body: null,
    query: CommandQuery,
    description: 'The VM stays on its host.',
  })
  removeClusterRole(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Query(ValidatedPipe.query(CommandQuery)) _query: Static<typeof CommandQuery>,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.removeClusterRole', vmId, options: {}, caller });
  }
}
