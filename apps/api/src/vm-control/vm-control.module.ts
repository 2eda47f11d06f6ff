import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.ts';
import { VmsModule } from '../vms/vms.module.ts';
import { VmControlController } from './vm-control.controller.ts';
import { VmControlService } from './vm-control.service.ts';

@Module({
  imports: [JobsModule, VmsModule],
  controllers: [VmControlController],
  providers: [VmControlService],
})
export class VmControlModule {}
