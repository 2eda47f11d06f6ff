import { EmptyRequest, ShutdownRequest, type Plan } from '@aether-v/types';
import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../commands/caller.decorator.ts';
import { Command } from '../commands/command.decorator.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { VmCommandsService } from './vm-commands.service.ts';

const empty = ValidatedPipe.body(EmptyRequest);

/** Runs power actions on VMs. */
@ApiTags('VM actions')
@Controller('api/v1/vms')
export class VmCommandsController {
  constructor(private readonly commands: VmCommandsService) {}

  @Post(':vmId/start')
  @Command('vm.start')
  startVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(empty) options: EmptyRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.start', vmId, options, caller });
  }

  @Post(':vmId/shutdown')
  @Command('vm.shutdown', { body: ShutdownRequest })
  shutdownVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(ShutdownRequest)) { force = false }: ShutdownRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.shutdown', vmId, options: { force }, caller });
  }

  @Post(':vmId/stop')
  @Command('vm.stop')
  stopVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(empty) options: EmptyRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.stop', vmId, options, caller });
  }

  @Post(':vmId/restart')
  @Command('vm.restart')
  restartVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(empty) options: EmptyRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.restart', vmId, options, caller });
  }

  @Post(':vmId/reset')
  @Command('vm.reset')
  resetVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(empty) options: EmptyRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.reset', vmId, options, caller });
  }

  @Post(':vmId/save')
  @Command('vm.save')
  saveVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(empty) options: EmptyRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.save', vmId, options, caller });
  }

  @Post(':vmId/pause')
  @Command('vm.pause')
  pauseVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(empty) options: EmptyRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.pause', vmId, options, caller });
  }

  @Post(':vmId/resume')
  @Command('vm.resume')
  resumeVm(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(empty) options: EmptyRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'vm.resume', vmId, options, caller });
  }
}
