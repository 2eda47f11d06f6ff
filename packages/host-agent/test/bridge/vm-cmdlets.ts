import type { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import type { VmFacts, VmNetworkAdapter } from '@aether-v/types';
import { StubError } from './stub-error.ts';
import { adapterInstanceId, driveInstanceId } from './vm-resources.ts';
import type { CimObject } from './wql.ts';

type Bound = Readonly<Record<string, unknown>>;
type Cmdlet = (parameters: Bound) => readonly CimObject[];

interface Named {
  readonly Id: string;
}
/** A device as the stubs hand it back: the VM it belongs to, and its id in the contract. */
interface Device {
  readonly VMId: string;
  readonly StubId: string;
}

function vmIdOf(parameters: Bound): string {
  return (parameters['VM'] as Named).Id.toLowerCase();
}

/**
 * A drive as the cmdlets give it. They count SCSI controllers in another order than WMI lists them, as hosts may do: of several, the last
 * is their first.
 */
function driveRow(
  vm: VmFacts,
  drive: VmFacts['disks'][number] | VmFacts['dvdDrives'][number],
  scsiControllers: number,
): CimObject {
  const { controllerType, controllerNumber } = drive;
  return {
    Id: driveInstanceId(vm.vmId, drive),
    VMId: vm.vmId,
    StubId: drive.id,
    ControllerType: drive.controllerType,
    ControllerNumber: controllerType === 'SCSI' ? scsiControllers - 1 - controllerNumber : controllerNumber,
    ControllerLocation: drive.controllerLocation,
    Path: drive.path,
  };
}

function adapterRow(vm: VmFacts, adapter: VmNetworkAdapter): CimObject {
  return {
    Id: adapterInstanceId(vm.vmId, adapter),
    VMId: vm.vmId,
    StubId: adapter.id,
    Name: adapter.name,
    MacAddress: adapter.macAddress,
    SwitchName: adapter.switchName ?? '',
  };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new StubError('Hyper-V has no such object.', { id: 'ObjectNotFound' });
  return value;
}

/**
 * Of a clustered VM these act first, and then ask the cluster's module to bring the role up to date, which no remote session may do: the
 * drive is changed, and the cmdlet fails.
 */
const failAfterwards = new Set([
  'Add-VMHardDiskDrive',
  'Remove-VMHardDiskDrive',
  'Add-VMDvdDrive',
  'Set-VMDvdDrive',
  'Remove-VMDvdDrive',
]);

/** The cmdlets of the Hyper-V module that change VMs, as the hosts of a cluster know them. */
export function vmCmdlets(engine: HyperVEngine, hostId: string): Readonly<Record<string, Cmdlet>> {
  const steps = engineCmdlets(engine, hostId);
  const refusing = Object.entries(steps).map(([name, step]): [string, Cmdlet] => [
    name,
    (parameters) => {
      const target = parameters['VM'] ?? parameters['VMHardDiskDrive'] ?? parameters['VMDvdDrive'];
      const output = step(parameters);
      if (failAfterwards.has(name) && isClustered(target)) {
        throw new StubError('The cluster could not be asked to update the role of the virtual machine.', {
          id: 'OperationFailed',
        });
      }
      return output;
    },
  ]);
  const isClustered = (target: unknown): boolean => {
    const { VMId, Id } = target as { readonly VMId?: string; readonly Id: string };
    return engine.vm(hostId, (VMId ?? Id).toLowerCase())?.clusterRole != null;
  };
  return Object.fromEntries(refusing);
}

/** The cmdlets of the Hyper-V module that change VMs, as steps of the engine. */
function engineCmdlets(engine: HyperVEngine, hostId: string): Readonly<Record<string, Cmdlet>> {
  const { vms, drives, adapters, checkpoints } = engine.steps(hostId);
  const vmOf = (vmId: string): VmFacts => found(vms.find(vmId.toLowerCase()));
  const row = ({ vmId, name }: VmFacts): CimObject => ({ Id: vmId, Name: name });
  const driveIn = (vm: VmFacts, drive: Parameters<typeof driveRow>[1]): CimObject =>
    driveRow(vm, drive, drives.scsiControllers(vm.vmId));
  const device = (parameters: Bound, name: string): Device => parameters[name] as Device;
  return {
    'Get-VM': ({ Id }) => [row(vmOf(Id as string))],
    'New-VM': ({ Name, Path, MemoryStartupBytes }) => [
      row(
        vmOf(
          vms.newVm({
            name: Name as string,
            path: Path as string,
            memoryStartupBytes: MemoryStartupBytes as number,
          }),
        ),
      ),
    ],
    'Get-VMSnapshot': ({ Id }) => {
      const id = (Id as string).toLowerCase();
      const owner = found(vms.list().find(({ checkpoints: all }) => all.some((one) => one.id === id)));
      return [{ Id: id, VMId: owner.vmId }];
    },
    'Rename-VMSnapshot': (parameters) => {
      const { VMId, Id } = parameters['VMSnapshot'] as Device & Named;
      checkpoints.renameSnapshot(VMId, Id, parameters['NewName'] as string);
      return [];
    },
    'Remove-VM': (parameters) => {
      vms.removeVm(vmIdOf(parameters));
      return [];
    },
    'Rename-VM': (parameters) => {
      vms.renameVm(vmIdOf(parameters), parameters['NewName'] as string);
      return [];
    },
    'Set-VMProcessor': (parameters) => {
      vms.setVmProcessor(vmIdOf(parameters), parameters['Count'] as number);
      return [];
    },
    'Set-VMMemory': (parameters) => {
      const before = vmOf(vmIdOf(parameters)).memory;
      const dynamic = (parameters['DynamicMemoryEnabled'] as boolean | undefined) ?? before.dynamic;
      const given = (name: string, held: number | null): number | null =>
        (parameters[name] as number | undefined) ?? held;
      vms.setVmMemory(vmIdOf(parameters), {
        dynamic,
        startup: (parameters['StartupBytes'] as number | undefined) ?? before.startup,
        minimum: dynamic ? given('MinimumBytes', before.minimum) : null,
        maximum: dynamic ? given('MaximumBytes', before.maximum) : null,
        bufferPercent: dynamic ? given('Buffer', before.bufferPercent) : null,
      });
      return [];
    },
    'Set-VM': (parameters) => {
      const settings = {
        Notes: 'notes',
        AutomaticStartAction: 'automaticStartAction',
        AutomaticStartDelay: 'automaticStartDelaySeconds',
        AutomaticStopAction: 'automaticStopAction',
        CheckpointType: 'checkpointType',
      } as const;
      const given = Object.entries(settings).filter(([name]) => name in parameters);
      vms.setVm(
        vmIdOf(parameters),
        Object.fromEntries(given.map(([name, setting]) => [setting, parameters[name]])),
      );
      return [];
    },
    'Set-VMFirmware': (parameters) => {
      const vmId = vmIdOf(parameters);
      const order = parameters['BootOrder'] as readonly Device[] | undefined;
      const enabled = parameters['EnableSecureBoot'];
      const before = vmOf(vmId).secureBoot?.template ?? 'MicrosoftWindows';
      const template = (parameters['SecureBootTemplate'] as string | undefined) ?? before;
      vms.setVmFirmware(vmId, {
        ...(order && { bootOrder: order.map(({ StubId }) => StubId) }),
        ...(enabled !== undefined && { secureBoot: { enabled: enabled === 'On', template } }),
      });
      return [];
    },
    'Get-VMFirmware': (parameters) => {
      const { bootOrder } = vmOf(vmIdOf(parameters));
      return [
        { BootOrder: (bootOrder ?? []).map((id) => ({ BootType: id.includes('-') ? 'Network' : 'Drive' })) },
      ];
    },
    'Get-VMHardDiskDrive': (parameters) => {
      const vm = vmOf(vmIdOf(parameters));
      return vm.disks.map((disk) => driveIn(vm, disk));
    },
    'Get-VMDvdDrive': (parameters) => {
      const vm = vmOf(vmIdOf(parameters));
      return vm.dvdDrives.map((drive) => driveIn(vm, drive));
    },
    'Get-VMNetworkAdapter': (parameters) => {
      const vm = vmOf(vmIdOf(parameters));
      return vm.networkAdapters.map((adapter) => adapterRow(vm, adapter));
    },
    'Add-VMHardDiskDrive': (parameters) => {
      const vmId = vmIdOf(parameters);
      const id = drives.addHardDiskDrive(vmId, parameters['Path'] as string);
      const vm = vmOf(vmId);
      return [driveIn(vm, found(vm.disks.find((disk) => disk.id === id)))];
    },
    'Remove-VMHardDiskDrive': (parameters) => {
      const { VMId, StubId } = device(parameters, 'VMHardDiskDrive');
      drives.removeHardDiskDrive(VMId, StubId);
      return [];
    },
    'Remove-VMDvdDrive': (parameters) => {
      const { VMId, StubId } = device(parameters, 'VMDvdDrive');
      drives.removeDvdDrive(VMId, StubId);
      return [];
    },
    'Add-VMDvdDrive': (parameters) => {
      const vmId = vmIdOf(parameters);
      const id = drives.addDvdDrive(vmId);
      const vm = vmOf(vmId);
      return [driveIn(vm, found(vm.dvdDrives.find((drive) => drive.id === id)))];
    },
    'Set-VMDvdDrive': (parameters) => {
      const { VMId, StubId } = device(parameters, 'VMDvdDrive');
      const path = parameters['Path'];
      drives.setDvdDrive(VMId, StubId, typeof path === 'string' && path !== '' ? path : null);
      return [];
    },
    'Add-VMNetworkAdapter': (parameters) => {
      const vmId = vmIdOf(parameters);
      const id = adapters.addNetworkAdapter(vmId, parameters['Name'] as string);
      const vm = vmOf(vmId);
      return [adapterRow(vm, found(vm.networkAdapters.find((adapter) => adapter.id === id)))];
    },
    'Remove-VMNetworkAdapter': (parameters) => {
      const { VMId, StubId } = device(parameters, 'VMNetworkAdapter');
      adapters.removeNetworkAdapter(VMId, StubId);
      return [];
    },
    'Set-VMNetworkAdapter': (parameters) => {
      const { VMId, StubId } = device(parameters, 'VMNetworkAdapter');
      const dynamic = parameters['DynamicMacAddress'] === true;
      adapters.setNetworkAdapterMac(
        VMId,
        StubId,
        dynamic ? null : (parameters['StaticMacAddress'] as string),
      );
      return [];
    },
    'Connect-VMNetworkAdapter': (parameters) => {
      const { VMId, StubId } = device(parameters, 'VMNetworkAdapter');
      adapters.connectNetworkAdapter(VMId, StubId, parameters['SwitchName'] as string);
      return [];
    },
    'Disconnect-VMNetworkAdapter': (parameters) => {
      const { VMId, StubId } = device(parameters, 'VMNetworkAdapter');
      adapters.connectNetworkAdapter(VMId, StubId, null);
      return [];
    },
    'Set-VMNetworkAdapterVlan': (parameters) => {
      const { VMId, StubId } = device(parameters, 'VMNetworkAdapter');
      const access = parameters['Access'] === true ? (parameters['VlanId'] as number) : null;
      const trunk = {
        mode: 'Trunk',
        accessVlanId: null,
        nativeVlanId: parameters['NativeVlanId'] as number,
        allowedVlanIds: parameters['AllowedVlanIdList'] as string,
      } as const;
      adapters.setNetworkAdapterVlan(VMId, StubId, parameters['Trunk'] === true ? trunk : access);
      return [];
    },
  };
}
