import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.ts';
import { VmActionsController } from './vm-actions.controller.ts';
import { VmActionsService } from './vm-actions.service.ts';
import { VmsController } from './vms.controller.ts';
import { VmsService } from './vms.service.ts';

@Module({
  imports: [JobsModule],
  controllers: [VmsController, VmActionsController],
  providers: [VmsService, VmActionsService],
})
export class VmsModule {}
