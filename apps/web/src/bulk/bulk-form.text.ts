import { formatCount } from '../components/format.ts';

const vms = (count: number): string => (count === 1 ? '1 VM' : `${formatCount(count)} VMs`);
const files = (count: number): string => (count === 1 ? '1 file' : `${formatCount(count)} files`);

export const bulkFormTexts = {
  /** The VMs that the command can be run on, by command. */
  possible: {
    'checkpoint.create': 'Get a checkpoint',
    'vm.move': 'Will be moved',
    'vm.delete': 'Will be deleted',
  },
  files,
  kept: (path: string, reason: string) => `Kept: ${path}. ${reason}`,
  unchecked: 'This cannot be checked in advance.',
  leftOut: 'Left out',
  noneLeft: 'This action is not possible for any of these virtual machines. Their reasons are listed.',
  confirm: (word: string) => `Type ${word} to confirm`,
  mustTypeName: 'Type the name of the virtual machine to confirm.',
  mustTypeCount: 'Type the number of virtual machines to confirm.',

  disks: 'Also delete their disks and files',
  turnOff: (count: number) =>
    `Turn off ${vms(count)} first. The guests are not notified, and unsaved data is lost.`,
  deletes: (count: number, turnsOff: boolean) =>
    turnsOff ? `Turn off and delete ${vms(count)}` : `Delete ${vms(count)}`,

  name: 'Name of the checkpoints',
  takes: (count: number) => (count === 1 ? 'Take 1 checkpoint' : `Take ${formatCount(count)} checkpoints`),

  moves: (count: number, node: string | null) =>
    node === null ? `Move ${vms(count)}` : `Move ${vms(count)} to ${node}`,
  clusters: 'The virtual machines belong to several clusters, so each cluster chooses the node.',
};
