import { formatBytes } from '../components/format.ts';

/** Returns the name of a file without its folder. */
export function fileName(path: string): string {
  return path.split('\\').at(-1) ?? path;
}

export const hardwareTexts = {
  actions: 'Actions',
  actionsFor: (name: string) => `Actions for ${name}`,
  networkLabel: (name: string, switchName: string, vlanId: number | null) =>
    `${name} (switch ${switchName}${vlanId === null ? '' : `, VLAN ${vlanId}`})`,
  switchMissing: (name: string) => `the host has no switch ${name}`,
  notConnected: 'Not connected',

  newDisk: 'New disk',
  newDiskTitle: (vm: string) => `New disk for ${vm}`,
  source: 'Content',
  blank: 'Blank',
  fromImage: 'From an image',
  size: 'Size',
  sizeHint: 'Such as 60 GB or 1.5 TB.',
  enlarge: 'Enlarge to',
  enlargeHint: 'Leave empty to keep the size of the image.',
  diskType: 'Type',
  image: 'Image',
  imageLabel: (name: string, size: number | null) =>
    size === null ? name : `${name} (${formatBytes(size)})`,
  noImages: 'This host has no images.',
  storage: 'Storage',
  ownFolder: 'The folder of the virtual machine',
  addDisk: (size: string | null) => (size === null ? 'Add disk' : `Add disk of ${size}`),

  attachDisk: 'Attach disk',
  attachTitle: (vm: string) => `Attach a disk to ${vm}`,
  path: 'Path of the file',
  pathHint: (folders: string) =>
    folders === '' ? 'A virtual disk in a storage class of the host.' : `A virtual disk below ${folders}.`,
  attach: (file: string) => (file === '' ? 'Attach' : `Attach ${file}`),

  grow: 'Grow…',
  growTitle: (file: string, vm: string) => `Grow ${file} of ${vm}`,
  newSize: 'New size',
  growHint: (size: string) =>
    `It has ${size} now. A disk cannot become smaller again. The guest has to extend its partition itself.`,
  growAnyHint: 'A disk cannot become smaller again. The guest has to extend its partition itself.',
  tooSmall: (size: string) => `The new size must be more than ${size}.`,
  growTo: (size: string | null) => (size === null ? 'Grow' : `Grow to ${size}`),

  detach: 'Detach…',
  detachTitle: (file: string, vm: string) => `Detach ${file} from ${vm}`,
  detachBody:
    'The disk is detached, even if the virtual machine is running. The file is kept and can be attached again.',
  detachNamed: (file: string) => `Detach ${file}`,

  deleteDisk: 'Delete…',
  deleteTitle: (file: string, vm: string) => `Delete ${file} of ${vm}`,
  deleteBody: 'The disk is detached and its file is deleted. The data cannot be recovered.',
  deleteNamed: (file: string) => `Delete ${file}`,

  insert: 'Insert medium',
  insertInto: 'Insert…',
  insertTitle: (vm: string) => `Insert a medium into ${vm}`,
  iso: 'Medium',
  noIsos: 'This host has no ISO files.',
  drive: 'Drive',
  newDrive: 'A new drive',
  insertNamed: (iso: string) => (iso === '' ? 'Insert' : `Insert ${iso}`),
  eject: 'Eject…',
  ejectTitle: (file: string, vm: string) => `Eject ${file} from ${vm}`,
  ejectBody: 'The drive stays, without a medium.',
  ejectNamed: (file: string) => `Eject ${file}`,

  newAdapter: 'New network adapter',
  newAdapterTitle: (vm: string) => `New network adapter for ${vm}`,
  network: 'Network',
  mac: 'MAC address',
  dynamicMac: 'Dynamic, from the pool of the host',
  fixedMac: 'Fixed',
  fixedMacLabel: 'Fixed MAC address',
  addAdapter: (network: string) => (network === '' ? 'Add adapter' : `Add adapter in ${network}`),
  connect: 'Change network…',
  connectTitle: (adapter: string, vm: string) => `Change the network of ${adapter} in ${vm}`,
  vlan: 'VLAN',
  vlanHint: (vlanId: number | null) =>
    vlanId === null
      ? 'Leave empty for no VLAN, the default of this network.'
      : `Leave empty for VLAN ${vlanId}, the default of this network.`,
  noVlan: 'Enter a number from 1 to 4094, or leave the field empty.',
  interrupts: 'Connections of the guest through this adapter are interrupted.',
  connectTo: (network: string, vlanId: number | null) =>
    network === ''
      ? 'Disconnect'
      : vlanId === null
        ? `Connect to ${network}`
        : `Connect to ${network}, VLAN ${vlanId}`,
  setMac: 'Change MAC address…',
  setMacTitle: (adapter: string, vm: string) => `Change the MAC address of ${adapter} in ${vm}`,
  setMacTo: (mac: string | null) => (mac === null ? 'Use a dynamic address' : `Set to ${mac}`),
  driveEmpty: 'The drive is empty.',
  remove: 'Remove…',
  removeTitle: (adapter: string, vm: string) => `Remove ${adapter} from ${vm}`,
  removeBody: 'The adapter and its addresses are removed. Guest connections through it are closed.',
  removeNamed: (adapter: string) => `Remove ${adapter}`,
};
