import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.ts';
import { StorageNeighbours } from './storage-neighbours.ts';
import { VmCommandsController } from './vm-commands.controller.ts';
import { VmCommandsService } from './vm-commands.service.ts';
import { VmDeletionService } from './vm-deletion.service.ts';
import { VmsController } from './vms.controller.ts';
import { VmsService } from './vms.service.ts';

@Module({
  imports: [JobsModule],
  controllers: [VmsController, VmCommandsController],
  providers: [VmsService, VmCommandsService, VmDeletionService, StorageNeighbours],
  exports: [VmCommandsService],
})
export class VmsModule {}
