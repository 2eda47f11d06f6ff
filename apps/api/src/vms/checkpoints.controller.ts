import {
  ApplyCheckpointRequest,
  CheckpointList,
  CreateCheckpointRequest,
  DeleteCheckpointQuery,
  RenameCheckpointRequest,
  type Plan,
} from '@aether-v/types';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { CurrentCaller, type Caller } from '../commands/caller.decorator.ts';
import { Command } from '../commands/command.decorator.ts';
import { Answers, hostProblems, Problems } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { CheckpointsService } from './checkpoints.service.ts';
import { VmCommandsService } from './vm-commands.service.ts';

/** Lists and changes the checkpoints of VMs. */
@ApiTags('Checkpoints')
@Controller('api/v1/vms/:vmId/checkpoints')
export class CheckpointsController {
  constructor(
    private readonly commands: VmCommandsService,
    private readonly checkpoints: CheckpointsService,
  ) {}

  @Get()
  @RequirePermission('view')
  @ApiOperation({
    summary: 'Read the checkpoints of a VM with their sizes',
    description:
      'Returns the tree, linked by `parentId`. Each request reads it from the host; the row of a VM contains it without sizes.',
  })
  @Answers(CheckpointList, 'The checkpoints, parents before their children')
  @Problems('not-found', 'disputed', 'wrong-state', ...hostProblems)
  listCheckpoints(
    @Param('vmId') vmId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<CheckpointList> {
    return this.checkpoints.list(vmId, principal);
  }

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
    description: 'Hyper-V merges the disks of the checkpoint into their successors.',
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
