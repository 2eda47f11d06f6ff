import type { VmActionName } from '@aether-v/types';
import type { EngineError } from './engine-error.ts';

/** One step that Hyper-V or the host takes at once, named as its cmdlet would be. */
export type EngineStep =
  | VmActionName
  | 'newVm'
  | 'setVm'
  | 'renameVm'
  | 'setVmProcessor'
  | 'setVmMemory'
  | 'setVmFirmware'
  | 'removeVm'
  | 'newVhd'
  | 'resizeVhd'
  | 'copyFile'
  | 'removeFile'
  | 'newFolder'
  | 'removeFolder'
  | 'addHardDiskDrive'
  | 'removeHardDiskDrive'
  | 'addDvdDrive'
  | 'setDvdDrive'
  | 'removeDvdDrive'
  | 'addNetworkAdapter'
  | 'removeNetworkAdapter'
  | 'connectNetworkAdapter'
  | 'setNetworkAdapterVlan'
  | 'setNetworkAdapterMac'
  | 'checkpointVm'
  | 'restoreSnapshot'
  | 'renameSnapshot'
  | 'removeSnapshot'
  | 'addVmRole'
  | 'removeVmRole'
  | 'moveVmRole';

/** Makes a step fail before it does anything: returns the error, or null to let Hyper-V decide. A step on no VM has an empty id. */
export type FailureSource = (point: {
  readonly hostId: string;
  readonly vmId: string;
  readonly action: EngineStep;
}) => EngineError | null;
