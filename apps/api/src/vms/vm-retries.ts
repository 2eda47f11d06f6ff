import { vmCommandNames, type CommandName, type VmCommandName } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import { CommandChecks, type RepeatedCommand } from '../jobs/command-checks.ts';
import type { VmCommandOrder } from './vm-command-order.ts';
import { VmCommandsService } from './vm-commands.service.ts';
import { deletionOrder, type DeletionOptions } from './vm-deletion.service.ts';

/** Checks retried commands for VMs like those of the routes; a VM that has moved is reached on its current host. */
@Injectable()
export class VmRetries {
  constructor(commands: VmCommandsService, checks: CommandChecks) {
    checks.register('vm', (repeated) => commands.check(orderOf(repeated)));
  }
}

function orderOf({ command, request, subjectId: vmId, principal }: RepeatedCommand): VmCommandOrder {
  if (!isVmCommand(command)) throw new TypeError(`${command} is not about a VM.`);
  const { vmId: _, ...options } = request as { readonly vmId?: unknown };
  const caller = { principal, idempotencyKey: undefined, dryRun: false };
  if (command === 'vm.delete') return deletionOrder(vmId, options as DeletionOptions, caller);
  // The options are those of an earlier job of the same command.
  return { command, vmId, options, caller } as VmCommandOrder;
}

function isVmCommand(command: CommandName): command is VmCommandName {
  return vmCommandNames.some((name) => name === command);
}
