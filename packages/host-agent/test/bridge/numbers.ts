import type { VmFacts, VmState } from '@aether-v/types';

/** Msvm_ComputerSystem.EnabledState. */
const enabledStates: Readonly<Partial<Record<VmState, number>>> = {
  Running: 2,
  Off: 3,
  Stopping: 4,
  Saved: 6,
  Paused: 9,
  Starting: 10,
  Resetting: 11,
  Saving: 32_773,
  Pausing: 32_776,
  Resuming: 32_777,
  FastSaved: 32_779,
  FastSaving: 32_780,
};

/** The critical variants follow from 32781 on, in the order of the list above. */
export function enabledState({ state, critical }: Pick<VmFacts, 'state' | 'critical'>): number {
  const value = enabledStates[state];
  if (value === undefined) return 1;
  return critical ? 32_781 + Object.keys(enabledStates).indexOf(state) : value;
}

/** Msvm_ComputerSystem.OperationalStatus[1]. */
const activities = {
  CreatingCheckpoint: 32_768,
  ApplyingCheckpoint: 32_769,
  DeletingCheckpoint: 32_770,
  WaitingToStart: 32_771,
  MergingDisks: 32_772,
  Exporting: 32_773,
  Migrating: 32_774,
} as const;

/** Msvm_ComputerSystem.OperationalStatus. */
export function operationalStatus({ activity }: VmFacts): number[] {
  return activity ? [2, activities[activity.kind]] : [2];
}

/** Msvm_ComputerSystem.HealthState. */
export const healthStates = { Ok: 5, MajorFailure: 20, CriticalFailure: 25 } as const;
/** Msvm_VirtualSystemSettingData.UserSnapshotType. */
export const snapshotTypes = { Disabled: 2, Production: 3, ProductionOnly: 4, Standard: 5 } as const;
/** Msvm_VirtualSystemSettingData.AutomaticStartupAction. */
export const startActions = { Nothing: 2, StartIfRunning: 3, Start: 4 } as const;
/** Msvm_VirtualSystemSettingData.AutomaticShutdownAction. */
export const stopActions = { TurnOff: 2, Save: 3, ShutDown: 4 } as const;
/** Msvm_ComputerSystem.ReplicationMode. */
export const replicationModes = { None: 0, Primary: 1, Replica: 2, ExtendedReplica: 4 } as const;
/** OperationalStatus[0] of an integration component. */
export const componentStates = { Ok: 2, Degraded: 3, NoContact: 12, LostCommunication: 13 } as const;
/** MSCluster_ResourceGroup.State. */
export const roleStates = {
  Online: 0,
  Offline: 1,
  Failed: 2,
  PartialOnline: 3,
  Pending: 4,
  Unknown: -1,
} as const;
/** MSCluster_Node.State. */
export const nodeStates = { Up: 0, Down: 1, Paused: 2, Joining: 3, Unknown: -1 } as const;

/** Msvm_VirtualSystemSettingData.SecureBootTemplateId. */
export const secureBootTemplates: Readonly<Record<string, string>> = {
  MicrosoftWindows: '1734c6e8-3154-4dda-ba5f-a874cc483422',
  MicrosoftUEFICertificateAuthority: '272e7447-90a4-4563-a4b9-8e4ab00526ce',
};

/** Integration services: the component's class, and the GUID that ends the InstanceID of its setting data. */
export const serviceClasses = {
  Heartbeat: ['Msvm_HeartbeatComponent', '84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47'],
  Shutdown: ['Msvm_ShutdownComponent', '9F8233AC-BE49-4C79-8EE3-E7E1985B2077'],
  TimeSynchronization: ['Msvm_TimeSyncComponent', '2497F4DE-E9FA-4204-80E4-4B75C46419C0'],
  KeyValuePairExchange: ['Msvm_KvpExchangeComponent', '2A34B1C2-FD73-4043-8A5B-DD2159BC743F'],
  Vss: ['Msvm_VssComponent', '5CED1297-4598-4915-A5FC-AD21BB4D02A4'],
  GuestServiceInterface: ['Msvm_GuestServiceInterfaceComponent', '6C09BB55-D683-4DA0-8931-C9BF705F6480'],
} as const;
