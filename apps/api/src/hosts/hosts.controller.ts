import { EmptyRequest, HostDetail, HostList, HostResources, type Plan } from '@aether-v/types';
import { Body, Controller, Get, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { CurrentCaller, type Caller } from '../commands/caller.decorator.ts';
import { Command } from '../commands/command.decorator.ts';
import { Answers, AnswersFleet, hostProblems, Problems } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { FleetEtag } from '../inventory/fleet-etag.interceptor.ts';
import { FleetVersionInterceptor } from '../inventory/fleet-version.interceptor.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { HostCommandsService } from './host-commands.service.ts';
import { HostResourcesService } from './host-resources.service.ts';
import { HostsService } from './hosts.service.ts';

@ApiTags('Hosts')
@Controller('api/v1/hosts')
@UseInterceptors(FleetVersionInterceptor)
export class HostsController {
  constructor(
    private readonly hosts: HostsService,
    private readonly commands: HostCommandsService,
    private readonly resources: HostResourcesService,
  ) {}

  @Get()
  @RequirePermission('view')
  @ApiOperation({ summary: 'List all hosts, sorted by name' })
  @AnswersFleet(HostList, 'All hosts')
  @FleetEtag()
  listHosts(@CurrentPrincipal() principal: Principal): HostList {
    return this.hosts.list(principal);
  }

  @Get(':hostId')
  @RequirePermission('view')
  @ApiOperation({ summary: 'Read one host and the age of its data' })
  @AnswersFleet(HostDetail, 'The host')
  @Problems('not-found')
  getHost(@Param('hostId') hostId: string, @CurrentPrincipal() principal: Principal): HostDetail {
    return this.hosts.get(hostId, principal);
  }

  @Get(':hostId/resources')
  @RequirePermission('view')
  @ApiOperation({
    summary: 'Read the resources of a host for new VMs',
    description:
      'Storage classes with free space, networks, images and ISOs, read from the host for this request. `problems` lists what its configuration names but the host does not have.',
  })
  @Answers(HostResources, 'The resources')
  @Problems('not-found', ...hostProblems)
  getHostResources(
    @Param('hostId') hostId: string,
    @CurrentPrincipal() principal: Principal,
  ): Promise<HostResources> {
    return this.resources.get(hostId, principal);
  }

  @Post(':hostId/test')
  @Command('host.test', {
    description:
      'Changes nothing, but takes the same path as a change: through the host’s agent and its journal.',
  })
  testHost(
    @Param('hostId') hostId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(EmptyRequest)) options: EmptyRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'host.test', hostId, options, caller });
  }
}
