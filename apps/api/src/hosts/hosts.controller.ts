import type { HostDetail, HostList } from '@aether-v/types';
import { Controller, Get, Param, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../auth/access.decorators.ts';
import { AnswersFleet, Problems } from '../http/answers.ts';
import { FleetVersionInterceptor } from '../inventory/fleet-version.interceptor.ts';
import { HostsService } from './hosts.service.ts';

@ApiTags('Hosts')
@Controller('api/v1/hosts')
@UseInterceptors(FleetVersionInterceptor)
export class HostsController {
  constructor(private readonly hosts: HostsService) {}

  @Get()
  @RequirePermission('view')
  @ApiOperation({ summary: 'List all hosts by name' })
  @AnswersFleet('HostList', 'All hosts')
  listHosts(): HostList {
    return this.hosts.list();
  }

  @Get(':hostId')
  @RequirePermission('view')
  @ApiOperation({ summary: 'Read one host and the age of its data' })
  @AnswersFleet('HostDetail', 'The host')
  @Problems('not-found')
  getHost(@Param('hostId') hostId: string): HostDetail {
    return this.hosts.get(hostId);
  }
}
