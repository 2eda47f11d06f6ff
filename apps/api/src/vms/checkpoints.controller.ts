import {
  ApplyCheckpointRequest,
  CreateCheckpointRequest,
  DeleteCheckpointQuery,
  RenameCheckpointRequest,
  type Plan,
} from '@aether-v/types';
import { Body, Controller, Delete, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import { CurrentCaller, type Caller } from '../commands/caller.decorator.ts';
import { Command } from '../commands/command.decorator.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { VmCommandsService } from './vm-commands.service.ts';

/** Changes of the checkpoints of VMs. */
@ApiTags('Checkpoints')
@Controller('api/v1/vms/:vmId/checkpoints')
export class CheckpointsController {
  constructor(private readonly commands: VmCommandsService) {}

  @Post('')
  @Command('checkpoint.create', { body: CreateCheckpointRequest })
  createCheckpoint(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(CreateCheckpointRequest)) { name = null }: CreateCheckpointRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'checkpoint.create', vmId, options: { name }, caller });
  }

  @Post(':checkpointId/apply')
  @Command('checkpoint.apply', { body: ApplyCheckpointRequest })
  applyCheckpoint(
    @Param('vmId') vmId: string,
    @Param('checkpointId') checkpointId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(ApplyCheckpointRequest)) { force = false }: ApplyCheckpointRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'checkpoint.apply', vmId, options: { checkpointId, force }, caller });
  }

  @Patch(':checkpointId')
  @Command('checkpoint.rename', { body: RenameCheckpointRequest })
  renameCheckpoint(
    @Param('vmId') vmId: string,
    @Param('checkpointId') checkpointId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(RenameCheckpointRequest)) { name }: RenameCheckpointRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'checkpoint.rename', vmId, options: { checkpointId, name }, caller });
  }

  @Delete(':checkpointId')
  @Command('checkpoint.delete', {
    body: null,
    query: DeleteCheckpointQuery,
    description: 'Hyper-V merges its disks into their successors.',
  })
  deleteCheckpoint(
    @Param('vmId') vmId: string,
    @Param('checkpointId') checkpointId: string,
    @CurrentCaller() caller: Caller,
    @Query(ValidatedPipe.query(DeleteCheckpointQuery))
    { subtree = false }: Static<typeof DeleteCheckpointQuery>,
  ): Promise<JobRow | Plan> {
    return this.commands.run({
      command: 'checkpoint.delete',
      vmId,
      options: { checkpointId, subtree },
      caller,
    });
  }
}
