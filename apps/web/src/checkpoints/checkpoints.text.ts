import type { VmCheckpoint } from '@aether-v/types';
import { formatCount } from '../components/format.ts';

const count = (n: number, one: string, many: string): string => (n === 1 ? one : `${formatCount(n)} ${many}`);

export const checkpointTexts = {
  title: 'Checkpoints',
  none: 'There are no checkpoints. A checkpoint preserves the state of a virtual machine, so that you can return to it later.',
  take: 'Take checkpoint',
  now: 'Now',
  nowBasedOn: 'The current state',
  current: 'current',
  automatic: 'automatic',
  columns: { name: 'Name', kind: 'Kind', taken: 'Taken', size: 'Size', actions: 'Actions' },
  notReported: 'Not reported by the host',
  sizeUnknown: 'The size is not known',
  actionsFor: (name: string) => `Actions for checkpoint ${name}`,
  apply: 'Apply…',
  applyNamed: (name: string) => `Apply ${name}`,
  rename: 'Rename…',
  deleteOne: 'Delete…',
  deleteTree: (descendants: number) => `Delete with ${count(descendants, '1 descendant', 'descendants')}…`,
  disabled: 'Checkpoints are disabled in the settings of this virtual machine (checkpoint type).',

  takeTitle: (vm: string) => `Take a checkpoint of ${vm}`,
  name: 'Name',
  nameHint: 'If it is empty, Hyper-V uses the name of the virtual machine and the time.',
  kindHint: {
    Standard:
      'A standard checkpoint also preserves the memory of a running virtual machine. Its applications are not prepared for it.',
    Production:
      'A production checkpoint is prepared by the guest, as for a backup. If that fails, it becomes a standard checkpoint.',
    ProductionOnly: 'A production checkpoint is prepared by the guest, as for a backup.',
    Disabled: 'Checkpoints are disabled for this virtual machine.',
  },

  applyTitle: (name: string, vm: string) => `Apply ${name} to ${vm}`,
  applyBody: (name: string) =>
    `The disks and settings return to the state of ${name}. Everything that was changed since then is lost, unless it is preserved in a checkpoint.`,
  takeFirst: 'Take a checkpoint of the current state first',
  turnOff: (vm: string, state: string) =>
    `Turn ${vm} off first: it is ${state}. The guest is not notified, and unsaved data is lost.`,
  mustTurnOff: (vm: string, state: string) =>
    `${vm} is ${state}. It must be off or saved: shut it down first, or turn it off here.`,
  applyOnly: (name: string) => `Apply ${name}`,
  takeThenApply: (name: string) => `Take checkpoint, then apply ${name}`,
  offThenApply: (name: string) => `Turn off and apply ${name}`,
  takeOffApply: (name: string) => `Take checkpoint, turn off, apply ${name}`,
  notApplied: (name: string) =>
    `${name} was not applied, because the checkpoint of the current state failed.`,

  renameTitle: (name: string, vm: string) => `Rename checkpoint ${name} of ${vm}`,
  renameTo: (name: string) => (name === '' ? 'Rename' : `Rename to ${name}`),

  deleteTitle: (name: string, vm: string) => `Delete checkpoint ${name} of ${vm}`,
  deleteTreeTitle: (name: string, descendants: number, vm: string) =>
    `Delete checkpoint ${name} of ${vm} and ${count(descendants, '1 descendant', 'descendants')}`,
  deleteBody:
    'You can no longer return to this checkpoint. Its disks are merged into the disks based on them; the current state does not change.',
  deleteTreeBody:
    'You can no longer return to these checkpoints. The changes that the current state needs are merged into its disks.',
  deleteButton: (name: string) => `Delete ${name}`,
  deleteTreeButton: (checkpoints: number) => `Delete ${formatCount(checkpoints)} checkpoints`,
  goes: 'Will be deleted',
};

export const checkpointKindWords: Record<NonNullable<VmCheckpoint['type']>, string> = {
  Standard: 'Standard',
  Production: 'Production',
  Recovery: 'Recovery',
  Planned: 'Planned',
  Replica: 'Replica',
  Missing: 'Missing',
};
