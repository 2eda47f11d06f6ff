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

/** All Windows enumerations that are read by number. */
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

/** All tables that map Windows values to contract names, by table name; agents are shipped with them as files. */
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
