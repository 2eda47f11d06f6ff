import { CreateVmRequest, type Plan } from '@aether-v/types';
import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../commands/caller.decorator.ts';
import { Command } from '../commands/command.decorator.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { VmCreationService } from './vm-creation.service.ts';

const description =
  'Without `host`, the service chooses the host with the most free memory that has the networks, images and storage. The plan of a dry run names the reasons. `POST /vms` and `POST /vms/create` are the same operation.';

/** Creates VMs. */
@ApiTags('VM changes')
@Controller('api/v1/vms')
export class CreationController {
  constructor(private readonly creations: VmCreationService) {}

  @Post()
  @Command('vm.create', { body: CreateVmRequest, description, problems: ['no-suitable-host'] })
  createVm(
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(CreateVmRequest)) request: CreateVmRequest,
  ): Promise<JobRow | Plan> {
    return this.creations.run(request, caller);
  }

  @Post('create')
  @Command('vm.create', { body: CreateVmRequest, description, problems: ['no-suitable-host'] })
  createVmByName(
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(CreateVmRequest)) request: CreateVmRequest,
  ): Promise<JobRow | Plan> {
    return this.creations.run(request, caller);
  }
}
