import { clusterGroupState, clusterNodeState, clusterResourceState } from './clusters.ts';
import {
  automaticStartAction,
  automaticStopAction,
  checkpointSystemType,
  integrationServiceStatus,
  replicationMode,
  userSnapshotType,
  virtualDiskFormat,
  virtualDiskType,
  vlanMode,
  vmActivity,
  vmEnabledState,
  vmHealth,
  vmOtherEnabledState,
  vmStatus,
} from './virtual-machines.ts';

/** Every enumeration of Windows that is read by its numbers. */
export const windowsEnumerations = {
  automaticStartAction,
  automaticStopAction,
  clusterGroupState,
  clusterNodeState,
  clusterResourceState,
  integrationServiceStatus,
  replicationMode,
  userSnapshotType,
  virtualDiskFormat,
  virtualDiskType,
  vlanMode,
  vmActivity,
  vmEnabledState,
  vmHealth,
  vmStatus,
} as const;

/** Every table by which an agent names what Windows says, by the table's name: the file that agents are shipped with. */
export const windowsTables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...Object.fromEntries(
    Object.entries(windowsEnumerations).map(([name, { values }]) => [
      name,
      values as Readonly<Record<string, string>>,
    ]),
  ),
  checkpointSystemType,
  vmOtherEnabledState,
};
