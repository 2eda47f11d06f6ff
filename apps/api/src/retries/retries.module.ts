import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.ts';
import { JobRetries } from './job-retries.ts';
import { RetriesController } from './retries.controller.ts';

@Module({ imports: [JobsModule], controllers: [RetriesController], providers: [JobRetries] })
export class RetriesModule {}
