import {
  AttachDiskRequest,
  CreateDiskRequest,
  DeleteDiskQuery,
  DetachDiskRequest,
  EjectDvdRequest,
  GrowDiskRequest,
  InsertDvdRequest,
  type Plan,
} from '@aether-v/types';
import { Body, Controller, Delete, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import { CurrentCaller, type Caller } from '../commands/caller.decorator.ts';
import { Command } from '../commands/command.decorator.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { VmCommandsService } from './vm-commands.service.ts';

/** Changes the disks and DVD drives of VMs. */
@ApiTags('Disks and media')
@Controller('api/v1/vms/:vmId')
export class DisksController {
  constructor(private readonly commands: VmCommandsService) {}

  @Post('disks')
  @Command('disk.create', { body: CreateDiskRequest })
  createDisk(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(CreateDiskRequest)) { disk, storageClass = null }: CreateDiskRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'disk.create', vmId, options: { disk, storageClass }, caller });
  }

  @Post('disks/attach')
  @Command('disk.attach', { body: AttachDiskRequest })
  attachDisk(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(AttachDiskRequest)) { path }: AttachDiskRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'disk.attach', vmId, options: { path }, caller });
  }

  @Post('disks/:diskId/detach')
  @Command('disk.detach', { body: DetachDiskRequest, description: 'The file is kept.' })
  detachDisk(
    @Param('vmId') vmId: string,
    @Param('diskId') diskId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(DetachDiskRequest)) { path }: DetachDiskRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'disk.detach', vmId, options: { diskId, path }, caller });
  }

  @Post('disks/:diskId/grow')
  @Command('disk.grow', { body: GrowDiskRequest })
  growDisk(
    @Param('vmId') vmId: string,
    @Param('diskId') diskId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(GrowDiskRequest)) { path, sizeBytes }: GrowDiskRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'disk.grow', vmId, options: { diskId, path, sizeBytes }, caller });
  }

  @Delete('disks/:diskId')
  @Command('disk.delete', {
    body: null,
    query: DeleteDiskQuery,
    description: 'Detaches the disk and deletes its file, unless another VM needs the file.',
  })
  deleteDisk(
    @Param('vmId') vmId: string,
    @Param('diskId') diskId: string,
    @CurrentCaller() caller: Caller,
    @Query(ValidatedPipe.query(DeleteDiskQuery)) { path }: Static<typeof DeleteDiskQuery>,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'disk.delete', vmId, options: { diskId, path }, caller });
  }

  @Post('dvd/insert')
  @Command('dvd.insert', { body: InsertDvdRequest })
  insertDvd(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(InsertDvdRequest)) { iso, driveId = null }: InsertDvdRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'dvd.insert', vmId, options: { iso, driveId }, caller });
  }

  @Post('dvd/eject')
  @Command('dvd.eject', { body: EjectDvdRequest })
  ejectDvd(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(EjectDvdRequest)) body: EjectDvdRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'dvd.eject', vmId, options: body, caller });
  }
}
