import type { VmFacts } from '@aether-v/types';
import type { HostLanguage } from './cultures.ts';
import {
  componentStates,
  enabledState,
  healthStates,
  operationalStatus,
  replicationModes,
  secureBootTemplates,
  serviceClasses,
  snapshotTypes,
  startActions,
  stopActions,
} from './numbers.ts';
import type { ChangeTimes } from './change-times.ts';
import { adapterInstanceId, driveInstanceId } from './vm-resources.ts';
import type { CimObject } from './wql.ts';

/** Msvm_ComputerSystem of a VM. */
export function systemRow(vm: VmFacts, times: ChangeTimes, now: number, language: HostLanguage): CimObject {
  return {
    Caption: language.virtualMachine,
    Description: language.virtualMachine,
    Name: vm.vmId.toUpperCase(),
    ElementName: vm.name,
    ...enabledState(vm),
    HealthState: healthStates[vm.health],
    OperationalStatus: operationalStatus(vm),
    StatusDescriptions: [language.running],
    OnTimeInMilliseconds: uptime(vm, now),
    ReplicationMode: replicationModes[vm.replication ?? 'None'],
    TimeOfLastConfigurationChange: { $date: new Date(times.configuration).toISOString() },
    TimeOfLastStateChange: { $date: new Date(times.state).toISOString() },
  };
}

/** Milliseconds that a VM has run. */
export function uptime({ startedAt }: VmFacts, now: number): number {
  return startedAt === null ? 0 : Math.max(1, now - Date.parse(startedAt));
}

function parentPath(host: string, checkpointId: string | null): string | null {
  if (checkpointId === null) return null;
  return `\\\\${host}\\root\\virtualization\\v2:Msvm_VirtualSystemSettingData.InstanceID="Microsoft:${checkpointId.toUpperCase()}"`;
}

/** Msvm_VirtualSystemSettingData of a VM and of its checkpoints. */
export function settingRows(host: string, vm: VmFacts): CimObject[] {
  const id = vm.vmId.toUpperCase();
  const shared = {
    VirtualSystemIdentifier: id,
    VirtualSystemSubType: `Microsoft:Hyper-V:SubType:${vm.generation}`,
    Version: vm.configurationVersion,
    ConfigurationDataRoot: vm.configurationPath,
    AutomaticStartupAction: startActions[vm.automaticStartAction ?? 'Nothing'],
    AutomaticStartupActionDelay: { $seconds: vm.automaticStartDelaySeconds ?? 0 },
    AutomaticShutdownAction: stopActions[vm.automaticStopAction ?? 'Save'],
    SecureBootEnabled: vm.secureBoot?.enabled ?? false,
    SecureBootTemplateId: vm.secureBoot?.template ? (secureBootTemplates[vm.secureBoot.template] ?? '') : '',
    IsSaved: vm.state === 'Saved',
    BootSourceOrder: bootSourceOrder(host, vm),
  };
  const current = vm.checkpoints.find((checkpoint) => checkpoint.current);
  return [
    {
      ...shared,
      InstanceID: `Microsoft:${id}`,
      VirtualSystemType: 'Microsoft:Hyper-V:System:Realized',
      ElementName: vm.name,
      CreationTime: vm.createdAt === null ? null : { $date: vm.createdAt },
      Notes: vm.notes === '' ? null : [vm.notes],
      Parent: parentPath(host, current?.id ?? null),
      UserSnapshotType: snapshotTypes[vm.checkpointType ?? 'Standard'],
    },
    ...vm.checkpoints.map((checkpoint) => ({
      ...shared,
      InstanceID: `Microsoft:${checkpoint.id.toUpperCase()}`,
      VirtualSystemType: `Microsoft:Hyper-V:Snapshot:${checkpoint.type === 'Production' || checkpoint.type === 'Standard' ? 'Realized' : (checkpoint.type ?? 'Unnamed')}`,
      ElementName: checkpoint.name,
      CreationTime: checkpoint.createdAt === null ? null : { $date: checkpoint.createdAt },
      Notes: null,
      Parent: parentPath(host, checkpoint.parentId),
      UserSnapshotType: checkpoint.type === 'Production' ? 3 : 5,
      IsSaved: checkpoint.type === 'Standard',
      IsAutomaticSnapshot: checkpoint.automatic,
    })),
  ];
}

/** What can be booted from: each device's id in the contract and at Hyper-V, and its boot source. */
function bootSources(
  vm: VmFacts,
): { readonly id: string; readonly device: string; readonly source: string }[] {
  const drives = [...vm.disks, ...vm.dvdDrives].map((drive) => ({
    id: drive.id,
    device: driveInstanceId(vm.vmId, drive),
  }));
  const adapters = vm.networkAdapters.map((adapter) => ({
    id: adapter.id,
    device: adapterInstanceId(vm.vmId, adapter),
  }));
  return [...drives, ...adapters].map((one) => ({
    ...one,
    source: `Microsoft:${vm.vmId.toUpperCase()}\\Boot\\${one.id}`,
  }));
}

function bootSourceOrder(host: string, vm: VmFacts): string[] | null {
  const sources = new Map(bootSources(vm).map(({ id, source }) => [id, source]));
  return (
    vm.bootOrder?.map((id) => {
      const escaped = (sources.get(id) ?? id).replaceAll('\\', '\\\\');
      return `\\\\${host}\\root\\virtualization\\v2:Msvm_BootSourceSettingData.InstanceID="${escaped}"`;
    }) ?? null
  );
}

/** Msvm_LogicalIdentity: which device a boot source stands for. */
export function identityRows(vm: VmFacts): CimObject[] {
  if (vm.generation === 1) return [];
  return bootSources(vm).map(({ device, source }) => ({
    SystemElement: { InstanceID: device },
    SameElement: { InstanceID: source },
  }));
}

function kvpItem(name: string, data: string): string {
  const escape = (text: string): string =>
    text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Caption" TYPE="string"></PROPERTY><PROPERTY NAME="Data" TYPE="string"><VALUE>${escape(data)}</VALUE></PROPERTY><PROPERTY NAME="Name" TYPE="string"><VALUE>${escape(name)}</VALUE></PROPERTY><PROPERTY NAME="Source" TYPE="uint16"><VALUE>2</VALUE></PROPERTY></INSTANCE>`;
}

function guestItems({ guest }: VmFacts): string[] | null {
  if (!guest) return null;
  const items = {
    OSName: guest.osName,
    OSVersion: guest.osVersion,
    FullyQualifiedDomainName: guest.hostname,
  };
  return Object.entries(items).flatMap(([name, data]) => (data === null ? [] : [kvpItem(name, data)]));
}

/** The components of a VM's integration services; a VM without a worker process has none. */
export function componentRows(vm: VmFacts, className: string): CimObject[] {
  const isHeartbeat = className === 'Msvm_HeartbeatComponent';
  return vm.integrationServices.flatMap(({ kind, enabled, status }) => {
    // Components live in the worker process: a paused VM has them, one that is off does not.
    if (serviceClasses[kind][0] !== className || (status === 'Unknown' && vm.startedAt === null)) return [];
    const state = isHeartbeat && enabled ? vm.heartbeat : status;
    const code = componentStates[state];
    return [
      {
        SystemName: vm.vmId.toUpperCase(),
        EnabledState: enabled ? 2 : 3,
        OperationalStatus: [code],
        ...(kind === 'KeyValuePairExchange' && { GuestIntrinsicExchangeItems: guestItems(vm) }),
      },
    ];
  });
}

/** Msvm_GuestNetworkAdapterConfiguration: one for each adapter. */
export function guestNetworkRows(vm: VmFacts): CimObject[] {
  return vm.networkAdapters.map((adapter) => ({
    InstanceID: adapterInstanceId(vm.vmId, adapter).replace('Microsoft:', 'Microsoft:GuestNetwork\\'),
    IPAddresses: adapter.addresses,
  }));
}

/** Msvm_SecuritySettingData: generation 2 only. */
export function securityRows(vm: VmFacts): CimObject[] {
  if (vm.generation === 1) return [];
  return [{ InstanceID: `Microsoft:${vm.vmId.toUpperCase()}\\Security`, TpmEnabled: vm.tpm }];
}
