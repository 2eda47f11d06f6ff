import type { WindowsEnumeration } from './enumeration.ts';
import type { VmState } from './vm-states.ts';

/** States of a VM. No number means critical; see `vmHealth`. */
export const vmEnabledState = {
  source:
    'Msvm_ComputerSystem.EnabledState: learn.microsoft.com/windows/win32/hyperv_v2/msvm-computersystem; from 32773 on VMComputerSystemState of nforgeio/neonSDK, Lib/Neon.HyperV/HyperVWmiDriver',
  values: {
    1: 'Other',
    2: 'Running',
    3: 'Off',
    4: 'Stopping',
    6: 'Saved',
    9: 'Paused',
    10: 'Starting',
    11: 'Resetting',
    32773: 'Saving',
    32776: 'Pausing',
    32777: 'Resuming',
    32779: 'FastSaved',
    32780: 'FastSaving',
    32781: 'ForceShutdown',
    32782: 'ForceReboot',
    32783: 'Hibernated',
    32784: 'ComponentServicing',
  },
} as const satisfies WindowsEnumeration<VmState>;

/**
 * The state if EnabledState is 1 (Other), by Msvm_ComputerSystem.OtherEnabledState in lower case. Hyper-V does not
 * translate it (VMComputerSystemStateUtilities of nforgeio/neonSDK).
 */
export const vmOtherEnabledState: Readonly<Record<string, VmState>> = {
  saving: 'Saving',
  quiescing: 'Pausing',
  resuming: 'Resuming',
  fastsaving: 'FastSaving',
  componentservicing: 'ComponentServicing',
};

/** Health of a VM. Hyper-V calls a VM critical if its health is anything but 5 (VirtualMachine.State of neonSDK). */
export const vmHealth = {
  source:
    'Msvm_ComputerSystem.HealthState: learn.microsoft.com/windows/win32/hyperv_v2/msvm-computersystem; VMComputerSystemHealthState of nforgeio/neonSDK',
  values: { 0: 'Unknown', 5: 'Ok', 20: 'MajorFailure', 25: 'CriticalFailure' },
} as const satisfies WindowsEnumeration<string>;

/** Activities in addition to the state: the operational statuses that are activities. */
export const vmActivity = {
  source:
    'Msvm_ComputerSystem.OperationalStatus: learn.microsoft.com/windows/win32/hyperv_v2/msvm-computersystem; from 32776 on VMComputerSystemOperationalStatus of nforgeio/neonSDK',
  values: {
    32768: 'CreatingCheckpoint',
    32769: 'ApplyingCheckpoint',
    32770: 'DeletingCheckpoint',
    32771: 'WaitingToStart',
    32772: 'MergingDisks',
    32773: 'Exporting',
    32774: 'Migrating',
    32776: 'BackingUp',
    32777: 'Modifying',
    32778: 'MovingStorage',
    32779: 'MovingStorage',
    32780: 'MigratingPlanned',
    32781: 'CheckingCompatibility',
  },
} as const satisfies WindowsEnumeration<string>;

/** Operational statuses that are not activities. The contract reports them through `health`. */
export const vmStatus = {
  source: vmActivity.source,
  values: {
    0: 'Unknown',
    1: 'Other',
    2: 'Ok',
    3: 'Degraded',
    5: 'PredictiveFailure',
    10: 'Stopped',
    11: 'InService',
    15: 'Dormant',
    16: 'SupportingEntityInError',
    32782: 'ApplicationCriticalState',
    32783: 'CommunicationTimedOut',
    32784: 'CommunicationFailed',
    32785: 'NoIommu',
    32786: 'NoIovSupportInNic',
    32787: 'SwitchNotInIovMode',
    32788: 'IovBlockedByPolicy',
    32789: 'IovNoAvailResources',
    32790: 'IovGuestDriversNeeded',
    32795: 'CriticalIoError',
  },
} as const satisfies WindowsEnumeration<string>;

/**
 * Status of integration services, including the heartbeat. Degraded (3) is reported by older integration components
 * that work normally; NonRecoverableError and ProtocolMismatch mean that the service does not work, Dormant that the VM
 * is paused.
 */
export const integrationServiceStatus = {
  source:
    'OperationalStatus[0] of Msvm_ShutdownComponent, Msvm_HeartbeatComponent and their siblings: learn.microsoft.com/windows/win32/hyperv_v2; VMIntegrationComponentOperationalStatus of nforgeio/neonSDK',
  values: {
    0: 'Unknown',
    2: 'Ok',
    3: 'Degraded',
    6: 'Error',
    7: 'Error',
    12: 'NoContact',
    13: 'LostCommunication',
    15: 'Paused',
    32775: 'Error',
    32782: 'Degraded',
    32783: 'LostCommunication',
    32784: 'LostCommunication',
    32896: 'Disabled',
  },
} as const satisfies WindowsEnumeration<string>;

/** The checkpoint type configured for a VM, and the type of a checkpoint. */
export const userSnapshotType = {
  source:
    'Msvm_VirtualSystemSettingData.UserSnapshotType: learn.microsoft.com/windows/win32/hyperv_v2/msvm-virtualsystemsettingdata; UserSnapshotType of nforgeio/neonSDK',
  values: { 2: 'Disabled', 3: 'Production', 4: 'ProductionOnly', 5: 'Standard' },
} as const satisfies WindowsEnumeration<string>;

/**
 * Checkpoint types by Msvm_VirtualSystemSettingData.VirtualSystemType without `Microsoft:Hyper-V:Snapshot:` and in
 * lower case (VMComputerSystemSettingView of nforgeio/neonSDK). `Realized` is one created by a user: Standard or
 * Production.
 */
export const checkpointSystemType = {
  realized: 'Realized',
  recovery: 'Recovery',
  planned: 'Planned',
  missing: 'Missing',
  replica: 'Replica',
  'replica:standard': 'Replica',
  'replica:applicationconsistent': 'Replica',
  'replica:plannedfailover': 'Replica',
} as const;

/** The action of a VM when its host starts. */
export const automaticStartAction = {
  source:
    'Msvm_VirtualSystemSettingData.AutomaticStartupAction: learn.microsoft.com/windows/win32/hyperv_v2/msvm-virtualsystemsettingdata; ServiceStartOperation of nforgeio/neonSDK',
  values: { 2: 'Nothing', 3: 'StartIfRunning', 4: 'Start' },
} as const satisfies WindowsEnumeration<string>;

/** The action of a VM when its host shuts down. */
export const automaticStopAction = {
  source:
    'Msvm_VirtualSystemSettingData.AutomaticShutdownAction: learn.microsoft.com/windows/win32/hyperv_v2/msvm-virtualsystemsettingdata; ServiceStopOperation of nforgeio/neonSDK',
  values: { 2: 'TurnOff', 3: 'Save', 4: 'ShutDown' },
} as const satisfies WindowsEnumeration<string>;

/** Hyper-V Replica. A test replica (3) counts as a replica in the fleet. */
export const replicationMode = {
  source:
    'Msvm_ComputerSystem.ReplicationMode: learn.microsoft.com/windows/win32/hyperv_v2/msvm-computersystem; FailoverReplicationMode of nforgeio/neonSDK',
  values: { 0: 'None', 1: 'Primary', 2: 'Replica', 3: 'Replica', 4: 'ExtendedReplica' },
} as const satisfies WindowsEnumeration<string>;

/** VLAN modes of a connection; 0 means that none is set. */
export const vlanMode = {
  source:
    'Msvm_EthernetSwitchPortVlanSettingData.OperationMode: learn.microsoft.com/windows/win32/hyperv_v2; VlanOperationMode of nforgeio/neonSDK',
  values: { 0: 'Untagged', 1: 'Access', 2: 'Trunk', 3: 'Private' },
} as const satisfies WindowsEnumeration<string>;

/** Types of virtual hard disks. */
export const virtualDiskType = {
  source:
    'Msvm_VirtualHardDiskSettingData.Type: learn.microsoft.com/windows/win32/hyperv_v2/msvm-virtualharddisksettingdata; VhdType of nforgeio/neonSDK',
  values: { 2: 'Fixed', 3: 'Dynamic', 4: 'Differencing' },
} as const satisfies WindowsEnumeration<string>;

/** Formats of virtual hard disks. */
export const virtualDiskFormat = {
  source:
    'Msvm_VirtualHardDiskSettingData.Format: learn.microsoft.com/windows/win32/hyperv_v2/msvm-virtualharddisksettingdata; VhdFormat of nforgeio/neonSDK',
  values: { 2: 'VHD', 3: 'VHDX', 4: 'VHDSet' },
} as const satisfies WindowsEnumeration<string>;
