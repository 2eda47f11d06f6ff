import type { VmActionName } from '@aether-v/types';
import type { EngineError } from './engine-error.ts';

/** A step that completes immediately, named after its cmdlet. */
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

/**
 * Injects failures: returns the error of a step before it does anything, or null to let Hyper-V decide. A step without
 * a VM has an empty id.
 */
export type FailureSource = (point: {
  readonly hostId: string;
  readonly vmId: string;
  readonly action: EngineStep;
}) => EngineError | null;
