import { Module } from '@nestjs/common';
import { HostsModule } from '../hosts/hosts.module.ts';
import { JobsModule } from '../jobs/jobs.module.ts';
import { Commitments } from './commitments.ts';
import { CreationController } from './creation.controller.ts';
import { CreationRetries } from './creation-retries.ts';
import { VmCreationService } from './vm-creation.service.ts';

@Module({
  imports: [HostsModule, JobsModule],
  controllers: [CreationController],
  providers: [Commitments, CreationRetries, VmCreationService],
})
export class CreationModule {}
