import type { HostCommandName, VmCommandName } from '@aether-v/types';

/** The commands that the console offers for a VM, in menu order. */
export const offeredVmCommands = [
  'vm.start',
  'vm.shutdown',
  'vm.stop',
  'vm.restart',
  'vm.reset',
  'vm.save',
  'vm.pause',
  'vm.resume',
] as const satisfies readonly VmCommandName[];

/** A command that the console offers for a VM. */
export type OfferedVmCommand = (typeof offeredVmCommands)[number];

/** A command that the console offers. */
export type OfferedCommand = OfferedVmCommand | Extract<HostCommandName, 'host.test'>;
