import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.ts';
import { JobsModule } from '../jobs/jobs.module.ts';
import { AboutController } from './about.controller.ts';
import { DiagnosticsService } from './diagnostics.service.ts';
import { EventLoopDelay } from './event-loop-delay.ts';
import { ServiceStart } from './service-start.ts';

@Module({
  imports: [EventsModule, JobsModule],
  controllers: [AboutController],
  providers: [DiagnosticsService, EventLoopDelay, ServiceStart],
})
export class AboutModule {}
