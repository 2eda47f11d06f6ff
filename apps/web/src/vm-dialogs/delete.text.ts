import { formatBytes, formatCount } from '../components/format.ts';

const count = (n: number, one: string, many: string): string =>
  n === 1 ? `1 ${one}` : `${formatCount(n)} ${many}`;

export const deleteTexts = {
  title: (vm: string) => `Delete ${vm}`,
  disks: 'Also delete its disks and files',
  disksHint: 'Files that other virtual machines need are always kept.',
  turnOff: (vm: string, state: string) =>
    `Turn ${vm} off first: it is ${state}. The guest is not notified, and unsaved data is lost.`,
  mustTurnOff: (vm: string, state: string) =>
    `${vm} is ${state}. It must be off: shut it down first, or turn it off here.`,
  machine: (vm: string) => `The virtual machine ${vm}, with its settings`,
  checkpoints: (names: readonly string[]) =>
    `${count(names.length, 'checkpoint', 'checkpoints')}: ${names.join(', ')}`,
  freed: (bytes: number) => `Frees about ${formatBytes(bytes)}.`,
  confirm: (vm: string) => `Type ${vm} to confirm`,
  mustType: 'Type the name of the virtual machine to confirm.',
  submit: (vm: string, disks: number, turnsOff: boolean) => {
    const what = disks === 0 ? vm : `${vm} and ${count(disks, 'disk', 'disks')}`;
    return turnsOff ? `Turn off and delete ${what}` : `Delete ${what}`;
  },
};
