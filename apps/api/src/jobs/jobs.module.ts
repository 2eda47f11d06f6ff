import { Module } from '@nestjs/common';
import { JobFollower } from './job-follower.ts';
import { JobResolver } from './job-resolver.ts';
import { JobRows } from './job-rows.ts';
import { JobRunner } from './job-runner.ts';
import { JobsController } from './jobs.controller.ts';
import { JobsService } from './jobs.service.ts';

@Module({
  controllers: [JobsController],
  providers: [JobFollower, JobResolver, JobRows, JobRunner, JobsService],
  exports: [JobsService],
})
export class JobsModule {}
