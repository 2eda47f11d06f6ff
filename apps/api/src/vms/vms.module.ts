import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.ts';
import { VmActionsController } from './vm-actions.controller.ts';
import { VmActionsService } from './vm-actions.service.ts';
import { StorageNeighbours } from './storage-neighbours.ts';
import { VmDeletionController } from './vm-deletion.controller.ts';
import { VmDeletionService } from './vm-deletion.service.ts';
import { VmsController } from './vms.controller.ts';
import { VmsService } from './vms.service.ts';

@Module({
  imports: [JobsModule],
  controllers: [VmsController, VmActionsController, VmDeletionController],
  providers: [VmsService, VmActionsService, VmDeletionService, StorageNeighbours],
})
export class VmsModule {}
