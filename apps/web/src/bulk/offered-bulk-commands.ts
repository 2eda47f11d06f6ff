import type { BulkCommand } from '@aether-v/types';
import { offeredVmCommands } from '../fleet/offered-commands.ts';

/** The commands that have a dialog; the others are confirmed if they interrupt work. */
export const bulkFormCommands = [
  'checkpoint.create',
  'vm.move',
  'vm.delete',
] as const satisfies readonly BulkCommand[];
/** A command for several VMs that has a dialog. */
export type BulkFormCommand = (typeof bulkFormCommands)[number];

/** The commands that the console offers for several VMs, in the order of the bar. */
export const offeredBulkCommands = [
  ...offeredVmCommands,
  ...bulkFormCommands,
] as const satisfies readonly BulkCommand[];
/** A command that the console offers for several VMs. */
export type OfferedBulkCommand = (typeof offeredBulkCommands)[number];
