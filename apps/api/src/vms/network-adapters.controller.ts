import {
  AddAdapterRequest,
  CommandQuery,
  ConnectAdapterRequest,
  SetMacRequest,
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

/** Changes the network adapters of VMs. */
@ApiTags('Network adapters')
@Controller('api/v1/vms/:vmId/network-adapters')
export class NetworkAdaptersController {
  constructor(private readonly commands: VmCommandsService) {}

  @Post('')
  @Command('adapter.add', { body: AddAdapterRequest })
  addAdapter(
    @Param('vmId') vmId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(AddAdapterRequest)) adapter: AddAdapterRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'adapter.add', vmId, options: { adapter }, caller });
  }

  @Delete(':adapterId')
  @Command('adapter.remove', { body: null, query: CommandQuery })
  removeAdapter(
    @Param('vmId') vmId: string,
    @Param('adapterId') adapterId: string,
    @CurrentCaller() caller: Caller,
    @Query(ValidatedPipe.query(CommandQuery)) _query: Static<typeof CommandQuery>,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'adapter.remove', vmId, options: { adapterId }, caller });
  }

  @Post(':adapterId/connect')
  @Command('adapter.connect', { body: ConnectAdapterRequest })
  connectAdapter(
    @Param('vmId') vmId: string,
    @Param('adapterId') adapterId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(ConnectAdapterRequest)) { network, vlanId = null }: ConnectAdapterRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({
      command: 'adapter.connect',
      vmId,
      options: { adapterId, network, vlanId },
      caller,
    });
  }

  @Post(':adapterId/mac')
  @Command('adapter.setMac', { body: SetMacRequest })
  setMac(
    @Param('vmId') vmId: string,
    @Param('adapterId') adapterId: string,
    @CurrentCaller() caller: Caller,
    @Body(ValidatedPipe.body(SetMacRequest)) { macAddress }: SetMacRequest,
  ): Promise<JobRow | Plan> {
    return this.commands.run({ command: 'adapter.setMac', vmId, options: { adapterId, macAddress }, caller });
  }
}
