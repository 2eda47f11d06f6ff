import type { VmFacts, VmState } from '@aether-v/types';

// What WMI sends, as literals: the Hyper-V WMI pages (learn.microsoft.com/windows/win32/hyperv_v2), the port of Microsoft's module in
// nforgeio/neonSDK (Lib/Neon.HyperV/HyperVWmiDriver) and the failover cluster headers (msclus.h). Never by way of the tables that the
// agent reads, so that a fault in those is seen. numbers.test.ts compares the two.

/** Msvm_ComputerSystem.EnabledState. */
export const enabledStates = {
  Other: 1,
  Running: 2,
  Off: 3,
  Stopping: 4,
  Saved: 6,
  Paused: 9,
  Starting: 10,
  Resetting: 11,
  Saving: 32773,
  Pausing: 32776,
  Resuming: 32777,
  FastSaved: 32779,
  FastSaving: 32780,
  ForceShutdown: 32781,
  ForceReboot: 32782,
  Hibernated: 32783,
  ComponentServicing: 32784,
} as const satisfies Record<VmState, number>;

/** Msvm_ComputerSystem.OtherEnabledState, where Hyper-V sends EnabledState 1 for a state. */
export const otherEnabledStates = {
  Saving: 'Saving',
  Pausing: 'Quiescing',
  Resuming: 'Resuming',
  FastSaving: 'FastSaving',
  ComponentServicing: 'ComponentServicing',
} as const satisfies Partial<Record<VmState, string>>;

/** EnabledState and OtherEnabledState of a VM: some states arrive as Other with a text, and critical is none of them. */
export function enabledState({ state }: Pick<VmFacts, 'state'>): {
  readonly EnabledState: number;
  readonly OtherEnabledState: string | null;
} {
  const text = Object.entries(otherEnabledStates).find(([name]) => name === state)?.[1];
  return { EnabledState: text === undefined ? enabledStates[state] : 1, OtherEnabledState: text ?? null };
}

/** Msvm_ComputerSystem.OperationalStatus[1]; two phases of a storage migration are one activity. */
export const activities = {
  CreatingCheckpoint: [32768],
  ApplyingCheckpoint: [32769],
  DeletingCheckpoint: [32770],
  WaitingToStart: [32771],
  MergingDisks: [32772],
  Exporting: [32773],
  Migrating: [32774],
  BackingUp: [32776],
  Modifying: [32777],
  MovingStorage: [32778, 32779],
  MigratingPlanned: [32780],
  CheckingCompatibility: [32781],
} as const;

/** Msvm_ComputerSystem.OperationalStatus. */
export function operationalStatus({ activity }: VmFacts): number[] {
  return activity ? [2, activities[activity.kind][0]] : [2];
}

/** Msvm_ComputerSystem.HealthState. */
export const healthStates = { Unknown: 0, Ok: 5, MajorFailure: 20, CriticalFailure: 25 } as const;
/** Msvm_VirtualSystemSettingData.UserSnapshotType. */
export const snapshotTypes = { Disabled: 2, Production: 3, ProductionOnly: 4, Standard: 5 } as const;
/** Msvm_VirtualSystemSettingData.AutomaticStartupAction. */
export const startActions = { Nothing: 2, StartIfRunning: 3, Start: 4 } as const;
/** Msvm_VirtualSystemSettingData.AutomaticShutdownAction. */
export const stopActions = { TurnOff: 2, Save: 3, ShutDown: 4 } as const;
/** Msvm_ComputerSystem.ReplicationMode. */
export const replicationModes = { None: 0, Primary: 1, Replica: 2, ExtendedReplica: 4 } as const;
/** OperationalStatus[0] of an integration component. */
export const componentStates = {
  Unknown: 0,
  Ok: 2,
  Degraded: 3,
  Error: 6,
  NoContact: 12,
  LostCommunication: 13,
  Paused: 15,
  Disabled: 32896,
} as const;
/** MSCluster_ResourceGroup.State; -1 arrives as an unsigned number. */
export const roleStates = {
  Online: 0,
  Offline: 1,
  Failed: 2,
  PartialOnline: 3,
  Pending: 4,
  Unknown: 4294967295,
} as const;
/** MSCluster_Node.State; -1 arrives as an unsigned number. */
export const nodeStates = { Up: 0, Down: 1, Paused: 2, Joining: 3, Unknown: 4294967295 } as const;

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
