import type { SecureBootSetting, VmUpdateField } from '@aether-v/types';

/** Secure boot as chosen; `other` stands for a template that the console does not set. */
export type SecureBootInput = SecureBootSetting | 'other' | null;

export const settingLabels: Record<VmUpdateField, string> = {
  name: 'Name',
  notes: 'Notes',
  checkpointType: 'Checkpoints',
  automaticStartAction: 'When the host starts',
  automaticStartDelaySeconds: 'Delay of the start in seconds',
  automaticStopAction: 'When the host stops',
  processors: 'Processors',
  memory: 'Memory',
  secureBoot: 'Secure boot',
  bootOrder: 'Boot order',
};

export const secureBootWords: Record<NonNullable<SecureBootInput>, string> = {
  off: 'Off',
  MicrosoftWindows: 'Windows',
  MicrosoftUEFICertificateAuthority: 'Microsoft UEFI certificate authority (most Linux systems)',
  other: 'Another template',
};

export const settingsTexts = {
  title: (vm: string) => `Edit settings of ${vm}`,
  submit: (count: number) => (count === 0 ? 'Save' : count === 1 ? 'Save 1 change' : `Save ${count} changes`),
  groups: {
    general: 'General',
    hardware: 'Processor and memory',
    boot: 'Boot',
    host: 'Host and checkpoints',
  },
  noName: 'Enter a name.',
  noProcessors: 'Enter a number from 1 to 2048.',
  noMemory: 'Enter a size such as 4 GB or 512 MB.',
  noBuffer: 'The buffer is a percentage from 5 to 2000.',
  noDelay: 'Enter a number of seconds from 0 to 86400.',
  dynamicMemory: 'Dynamic memory',
  startup: 'Startup memory',
  minimum: 'Minimum',
  maximum: 'Maximum',
  buffer: 'Buffer in percent',
  notReported: 'Not reported by the host',
  generation1: 'Not available in generation 1',
  needsOff: (state: string) => `The virtual machine must be off for this change; it is ${state}.`,
  needsOffMemory: (state: string) =>
    `The virtual machine is ${state}. Until it is off, you can only lower the minimum memory, raise the maximum memory, and change the buffer.`,
  shutDownFirst: (fields: string, vm: string) =>
    `${fields}: possible only while ${vm} is off. Shut it down first, or undo these changes.`,
  undo: 'Undo these changes',
  bootHint: 'To move a device, press Alt with the up or down arrow key.',
  moveUp: (device: string) => `Move ${device} up`,
  moveDown: (device: string) => `Move ${device} down`,
  moved: (device: string, position: number, count: number) => `${device}: position ${position} of ${count}`,
  disk: (file: string) => `Disk ${file}`,
  dvd: (slot: string) => `DVD drive ${slot}`,
  conflictTitle: 'These settings were changed while the form was open.',
  conflictLine: (field: string, before: string, theirs: string, mine: string) =>
    `${field}: it was ${before}, is now ${theirs}, and you entered ${mine}.`,
  mergedLine: (field: string, before: string, theirs: string) =>
    `${field}: it was ${before} and is now ${theirs}.`,
  keep: 'Keep mine',
  take: 'Take theirs',
  resolve: 'First choose which values to keep.',
  empty: 'empty',
  somethingElse: 'something else',
  reading: 'Reading the settings…',
};
