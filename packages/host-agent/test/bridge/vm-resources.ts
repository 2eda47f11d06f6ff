import type { VmDisk, VmDvdDrive, VmFacts, VmNetworkAdapter } from '@aether-v/types';
import type { HostLanguage } from './cultures.ts';
import { serviceClasses } from './numbers.ts';
import type { CimObject } from './wql.ts';

const mebibyte = 1024 ** 2;

/** What every instance of CIM_ResourceAllocationSettingData has, whatever its class adds. */
const blank = {
  Address: '',
  AddressOnParent: '',
  ElementName: '',
  EnabledState: null,
  HostResource: null,
  Parent: null,
  VirtualQuantity: null,
  Reservation: null,
  Limit: null,
} as const;

function reference(host: string, className: string, instanceId: string): string {
  const escaped = instanceId.replaceAll('\\', '\\\\');
  return `\\\\${host}\\root\\virtualization\\v2:${className}.InstanceID="${escaped}"`;
}

/** A GUID that follows from a text, for controllers: `pad` keeps those of one VM apart. */
function derivedGuid(vm: string, kind: string, number: number): string {
  const seed = Buffer.from(`${kind}${number}`).toString('hex').padEnd(12, '0').slice(0, 12).toUpperCase();
  return `${vm.slice(0, 24)}${seed}`;
}

const controllerSubTypes = {
  IDE: 'Microsoft:Hyper-V:Emulated IDE Controller',
  SCSI: 'Microsoft:Hyper-V:Synthetic SCSI Controller',
  PMEM: 'Microsoft:Hyper-V:Persistent Memory Controller',
  Floppy: 'Microsoft:Hyper-V:Emulated Diskette Controller',
} as const;

type Drive = VmDisk | VmDvdDrive;

function controllerOf(
  vm: string,
  { controllerType, controllerNumber }: Pick<Drive, 'controllerType' | 'controllerNumber'>,
): string {
  return `Microsoft:${vm}\\${derivedGuid(vm, controllerType, controllerNumber)}\\${controllerNumber}`;
}

function controllers(vm: string, drives: readonly Drive[], scsi: number): CimObject[] {
  const rows = new Map<string, CimObject>();
  // A SCSI controller is there with nothing attached to it, too.
  const bare = Array.from({ length: scsi }, (_, controllerNumber) => ({
    controllerType: 'SCSI' as const,
    controllerNumber,
  }));
  const sorted = [...drives, ...bare].sort((a, b) => a.controllerNumber - b.controllerNumber);
  for (const drive of sorted) {
    const InstanceID = controllerOf(vm, drive);
    rows.set(InstanceID, {
      ...blank,
      InstanceID,
      ResourceSubType: controllerSubTypes[drive.controllerType],
      Address: drive.controllerType === 'IDE' ? String(drive.controllerNumber) : '',
    });
  }
  return [...rows.values()];
}

function drive(host: string, vm: string, on: Drive, kind: 'disk' | 'dvd'): CimObject[] {
  const controller = controllerOf(vm, on);
  const base = `${controller}\\${on.controllerLocation}`;
  const isPhysical = 'type' in on && on.type === 'PassThrough';
  const row = {
    ...blank,
    InstanceID: `${base}\\D`,
    ResourceSubType:
      kind === 'dvd'
        ? 'Microsoft:Hyper-V:Synthetic DVD Drive'
        : isPhysical
          ? 'Microsoft:Hyper-V:Physical Disk Drive'
          : 'Microsoft:Hyper-V:Synthetic Disk Drive',
    AddressOnParent: String(on.controllerLocation),
    Parent: reference(host, 'Msvm_ResourceAllocationSettingData', controller),
    HostResource: isPhysical ? [on.path] : null,
  };
  if (isPhysical || on.path === null) return [row];
  const medium = {
    ...blank,
    InstanceID: `${base}\\L`,
    ResourceSubType:
      kind === 'dvd' ? 'Microsoft:Hyper-V:Virtual CD/DVD Disk' : 'Microsoft:Hyper-V:Virtual Hard Disk',
    Parent: reference(host, 'Msvm_ResourceAllocationSettingData', row.InstanceID),
    HostResource: [on.path],
    PersistentReservationsSupported: 'shared' in on && on.shared,
  };
  return [row, medium];
}

/** Hyper-V's own id of an adapter. */
export function adapterInstanceId(vmId: string, { id }: VmNetworkAdapter): string {
  return `Microsoft:${vmId.toUpperCase()}\\${id.toUpperCase()}`;
}

/** Hyper-V's own id of a drive. */
export function driveInstanceId(vmId: string, drive: Drive): string {
  return `${controllerOf(vmId.toUpperCase(), drive)}\\${drive.controllerLocation}\\D`;
}

function adapter(
  host: string,
  vm: string,
  on: VmNetworkAdapter,
  switchIds: ReadonlyMap<string, string>,
  language: HostLanguage,
): CimObject[] {
  const className = on.legacy
    ? 'Msvm_EmulatedEthernetPortSettingData'
    : 'Msvm_SyntheticEthernetPortSettingData';
  const InstanceID = adapterInstanceId(vm, on);
  const port = {
    ...blank,
    InstanceID,
    ResourceSubType: on.legacy
      ? 'Microsoft:Hyper-V:Emulated Ethernet Port'
      : 'Microsoft:Hyper-V:Synthetic Ethernet Port',
    ElementName: on.name,
    Address: on.macAddress,
    StaticMacAddress: !on.dynamicMacAddress,
  };
  const switchId = on.switchName === null ? undefined : switchIds.get(on.switchName);
  const connection = {
    ...blank,
    InstanceID: `${InstanceID}\\C`,
    ResourceSubType: 'Microsoft:Hyper-V:Ethernet Connection',
    ElementName: language.networkAdapter,
    Parent: reference(host, className, InstanceID),
    EnabledState: on.connected ? 2 : 3,
    HostResource:
      switchId === undefined
        ? null
        : [
            `\\\\${host}\\root\\virtualization\\v2:Msvm_VirtualEthernetSwitch.CreationClassName="Msvm_VirtualEthernetSwitch",Name="${switchId.toUpperCase()}"`,
          ],
    LastKnownSwitchName: on.switchName ?? '',
  };
  return [port, connection];
}

/** All instances of CIM_ResourceAllocationSettingData of one VM, its subclasses included. */
export function resourceRows(
  host: string,
  vm: VmFacts,
  switchIds: ReadonlyMap<string, string>,
  language: HostLanguage,
  scsiControllers: number,
): CimObject[] {
  const id = vm.vmId.toUpperCase();
  const { memory } = vm;
  const inMegabytes = (bytes: number | null): number | null => (bytes === null ? null : bytes / mebibyte);
  return [
    {
      ...blank,
      InstanceID: `Microsoft:${id}\\b637f346-6a0e-4dec-af52-bd70cb80a21d\\0`,
      ResourceSubType: 'Microsoft:Hyper-V:Processor',
      VirtualQuantity: vm.processors,
    },
    {
      ...blank,
      InstanceID: `Microsoft:${id}\\4764334d-e001-4176-82ee-5594ec9b530e`,
      ResourceSubType: 'Microsoft:Hyper-V:Memory',
      DynamicMemoryEnabled: memory.dynamic,
      VirtualQuantity: inMegabytes(memory.startup),
      Reservation: inMegabytes(memory.minimum ?? memory.startup),
      Limit: inMegabytes(memory.maximum ?? memory.startup),
      TargetMemoryBuffer: memory.bufferPercent ?? 20,
    },
    ...controllers(id, [...vm.disks, ...vm.dvdDrives], scsiControllers),
    ...vm.disks.flatMap((disk) => drive(host, id, disk, 'disk')),
    ...vm.dvdDrives.flatMap((dvd) => drive(host, id, dvd, 'dvd')),
    ...vm.networkAdapters.flatMap((on) => adapter(host, id, on, switchIds, language)),
    ...vm.integrationServices.map(({ kind, enabled }) => ({
      ...blank,
      InstanceID: `Microsoft:${id}\\${serviceClasses[kind][1]}`,
      ResourceSubType: '',
      ElementName: language.heartbeat,
      EnabledState: enabled ? 2 : 3,
    })),
  ];
}

/** Msvm_EthernetSwitchPortVlanSettingData of one VM: none for untagged connections. */
export function vlanRows(vm: VmFacts): CimObject[] {
  const modes = { Untagged: 0, Access: 1, Trunk: 2, Private: 3 } as const;
  return vm.networkAdapters
    .filter(({ vlan }) => vlan.mode !== 'Untagged')
    .map(({ vlan, ...on }) => ({
      InstanceID: `${adapterInstanceId(vm.vmId, { ...on, vlan })}\\C\\952C5004-4465-451C-8CB8-FA9AB382B773`,
      OperationMode: modes[vlan.mode ?? 'Untagged'],
      AccessVlanId: vlan.accessVlanId ?? 0,
      NativeVlanId: vlan.nativeVlanId ?? 0,
      TrunkVlanIdArray: vlan.allowedVlanIds === null ? null : expandRanges(vlan.allowedVlanIds),
    }));
}

function expandRanges(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [first = NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** The disks of a VM's checkpoints: settings of their own, under the GUID of a checkpoint. */
export function checkpointDiskRows(disks: ReadonlyMap<string, readonly string[]>): CimObject[] {
  return [...disks].flatMap(([checkpointId, paths]) =>
    paths.map((path, index) => ({
      ...blank,
      InstanceID: `Microsoft:${checkpointId.toUpperCase()}\\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\\0\\${index}\\L`,
      ResourceSubType: 'Microsoft:Hyper-V:Virtual Hard Disk',
      HostResource: [path],
      PersistentReservationsSupported: false,
    })),
  );
}
