import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.ts';
import { HostCommandsService } from './host-commands.service.ts';
import { HostResourcesService } from './host-resources.service.ts';
import { HostsController } from './hosts.controller.ts';
import { HostsService } from './hosts.service.ts';

@Module({
  imports: [JobsModule],
  controllers: [HostsController],
  providers: [HostsService, HostCommandsService, HostResourcesService],
  exports: [HostResourcesService],
})
export class HostsModule {}
