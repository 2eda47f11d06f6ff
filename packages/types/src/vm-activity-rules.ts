// No schema here: the console imports these rules without TypeBox.
import { vmCommandNames, type CommandName } from './commands.ts';
import type { VmActivityKind } from './vm-conditions.ts';

/** The name of an activity, and the commands that it blocks. */
export interface VmActivityRule {
  /** The activity in lower case, shown after the state: `Running, migrating`. */
  readonly words: string;
  /** The commands that cannot work until the activity has ended. */
  readonly blocks: readonly CommandName[];
  /** The reason, as a sentence about the VM. */
  readonly reason: string;
}

/**
 * The activities of a VM and the commands that they block. All activities block deletion: the files of the VM are in
 * use, and the host refuses it. Power actions are blocked only if they cannot work: a VM that migrates or whose
 * checkpoints are being changed does not change its state, and a planned VM must be realized before it can run
 * (RealizePlannedSystem and SetPowerState of Msvm_PlannedComputerSystem: learn.microsoft.com/windows/win32/hyperv_v2).
 * Disk merges, backups, exports and storage moves continue while a VM runs, starts and stops. If no source states that
 * an action fails, the host decides.
 */
export const vmActivityRules = {
  CreatingCheckpoint: {
    words: 'creating a checkpoint',
    blocks: vmCommandNames,
    reason:
      'It is creating a checkpoint. Hyper-V does not change its state until the checkpoint is complete.',
  },
  ApplyingCheckpoint: {
    words: 'applying a checkpoint',
    blocks: vmCommandNames,
    reason: 'It is applying a checkpoint, which replaces its state and its disks.',
  },
  DeletingCheckpoint: {
    words: 'deleting a checkpoint',
    blocks: vmCommandNames,
    reason: 'It is deleting a checkpoint. Hyper-V does not change its state until the deletion is complete.',
  },
  WaitingToStart: {
    words: 'waiting to start',
    blocks: ['vm.delete'],
    reason: 'It is waiting to start, so its files are about to be used.',
  },
  MergingDisks: {
    words: 'merging disks',
    blocks: ['vm.delete'],
    reason: 'It is merging disks, so their files are in use.',
  },
  Exporting: {
    words: 'exporting',
    blocks: ['vm.delete'],
    reason: 'It is being exported, so its files are in use.',
  },
  Migrating: {
    words: 'migrating',
    blocks: vmCommandNames,
    reason: 'It is migrating to another host. Hyper-V does not change its state until it has arrived.',
  },
  BackingUp: {
    words: 'backing up',
    blocks: ['vm.delete'],
    reason: 'It is being backed up, so its files are in use.',
  },
  Modifying: {
    words: 'being changed',
    blocks: ['vm.delete'],
    reason: 'It is being changed, so its configuration is in use.',
  },
  MovingStorage: {
    words: 'moving storage',
    blocks: ['vm.delete'],
    reason: 'It is moving its storage, so its files are in use in two places.',
  },
  MigratingPlanned: {
    words: 'migrating (planned)',
    blocks: vmCommandNames,
    reason:
      'It is the planned virtual machine of a migration, and can run only after the migration has ended.',
  },
  CheckingCompatibility: {
    words: 'checking compatibility',
    blocks: ['vm.delete'],
    reason: 'It is being checked for compatibility with another host, so its configuration is in use.',
  },
} as const satisfies Readonly<Record<VmActivityKind, VmActivityRule>>;

/** Returns the activity that blocks the command, with its rule; null if no activity blocks it. */
export function activityBlock(
  command: CommandName,
  { activity }: { readonly activity: { readonly kind: VmActivityKind } | null },
): (VmActivityRule & { readonly kind: VmActivityKind }) | null {
  if (activity === null) return null;
  const rule: VmActivityRule = vmActivityRules[activity.kind];
  return rule.blocks.includes(command) ? { kind: activity.kind, ...rule } : null;
}
