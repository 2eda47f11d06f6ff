import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.ts';
import { BulkController } from './bulk.controller.ts';
import { BulkService } from './bulk.service.ts';
import { CheckpointsController } from './checkpoints.controller.ts';
import { DisksController } from './disks.controller.ts';
import { NetworkAdaptersController } from './network-adapters.controller.ts';
import { CheckpointsService } from './checkpoints.service.ts';
import { StorageNeighbours } from './storage-neighbours.ts';
import { StoragePreparations } from './storage-preparations.ts';
import { VmChangesController } from './vm-changes.controller.ts';
import { VmCommandsController } from './vm-commands.controller.ts';
import { VmCommandsService } from './vm-commands.service.ts';
import { VmDeletionService } from './vm-deletion.service.ts';
import { VmRetries } from './vm-retries.ts';
import { VmsController } from './vms.controller.ts';
import { VmsService } from './vms.service.ts';

@Module({
  imports: [JobsModule],
  controllers: [
    VmsController,
    VmCommandsController,
    VmChangesController,
    DisksController,
    NetworkAdaptersController,
    CheckpointsController,
    BulkController,
  ],
  providers: [
    BulkService,
    CheckpointsService,
    StorageNeighbours,
    StoragePreparations,
    VmCommandsService,
    VmDeletionService,
    VmRetries,
    VmsService,
  ],
  exports: [VmCommandsService],
})
export class VmsModule {}
