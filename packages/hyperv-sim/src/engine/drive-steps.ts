import { driveId, type DriveSlot } from '@aether-v/types';
import { EngineError } from './engine-error.ts';
import { requireQuiet, usersOf } from './file-use.ts';
import { machineOf, requireChangeable, requireOff, type HostWorld } from './host-world.ts';
import type { Machine } from './machine.ts';
import type { VmConfig } from './vm-config.ts';

/** Slots of the single SCSI controller that New-VM creates in a generation 2 VM. */
const slotsOfScsi = 64;

type Drive = DriveSlot & { readonly id: string };

/** Returns the first free SCSI slot of a VM. */
function freeSlot(config: Pick<VmConfig, 'disks' | 'dvdDrives' | 'name'>): DriveSlot {
  const taken = new Set([...config.disks, ...config.dvdDrives].map(({ id }) => id));
  for (let controllerLocation = 0; controllerLocation < slotsOfScsi; controllerLocation++) {
    const slot: DriveSlot = { controllerType: 'SCSI', controllerNumber: 0, controllerLocation };
    if (!taken.has(driveId(slot))) return slot;
  }
  throw new EngineError('conflict', `All ${slotsOfScsi} SCSI slots of "${config.name}" are in use.`);
}

/** Returns a drive of a list; throws `not-found`. */
function driveOf<T extends Drive>(config: VmConfig, drives: readonly T[], id: string): T {
  const drive = drives.find((one) => one.id === id);
  if (!drive) throw new EngineError('not-found', `"${config.name}" has no drive ${id}.`);
  return drive;
}

/** Steps on disk and DVD drives of VMs. */
export class DriveSteps {
  readonly #world: HostWorld;

  constructor(world: HostWorld) {
    this.#world = world;
  }

  /** The number of SCSI controllers of a VM (Get-VMScsiController). */
  scsiControllers(vmId: string): number {
    return machineOf(this.#world, vmId).config.scsiControllers;
  }

  /** Attaches a file as a disk in the first free SCSI slot; also while the VM runs (Add-VMHardDiskDrive). Returns the drive's id. */
  addHardDiskDrive(vmId: string, path: string): string {
    const machine = this.#begin('addHardDiskDrive', vmId, 'attaching a disk');
    const { storage } = this.#world;
    const file = storage.file(path);
    if (!file.disk) throw new EngineError('not-supported', `"${path}" is not a virtual hard disk.`);
    requireQuiet(this.#world, path);
    // Hyper-V detects this only when the second VM starts; two writers corrupt a disk.
    const [user] = usersOf(this.#world, path);
    if (user) {
      const { name } = user.machine.config;
      throw new EngineError(
        'in-use',
        `"${file.path}" is already a disk of "${name}".`,
        'Detach the disk from that VM first.',
      );
    }
    if (storage.childrenOf(path).length > 0) {
      throw new EngineError('in-use', `"${file.path}" is the parent of other disks.`);
    }
    const slot = freeSlot(machine.config);
    const id = driveId(slot);
    const disks = [
      ...machine.config.disks,
      { id, ...slot, path: file.path, shared: false, passThrough: false },
    ];
    const { guest } = file.disk;
    machine.configure({ disks, bootOrder: withDevice(machine.config, id), ...(guest && { os: guest }) });
    return id;
  }

  /** Detaches a disk; its file stays (Remove-VMHardDiskDrive). */
  removeHardDiskDrive(vmId: string, id: string): void {
    const machine = this.#begin('removeHardDiskDrive', vmId, 'detaching a disk', id);
    driveOf(machine.config, machine.config.disks, id);
    machine.configure({
      disks: machine.config.disks.filter((drive) => drive.id !== id),
      bootOrder: withoutDevice(machine.config, id),
    });
  }

  /** Adds an empty DVD drive (Add-VMDvdDrive). Returns its id. */
  addDvdDrive(vmId: string): string {
    const machine = this.#begin('addDvdDrive', vmId, 'adding a DVD drive');
    const slot = freeSlot(machine.config);
    const id = driveId(slot);
    const dvdDrives = [...machine.config.dvdDrives, { id, ...slot, path: null }];
    machine.configure({ dvdDrives, bootOrder: withDevice(machine.config, id) });
    return id;
  }

  /** Inserts a medium at any time; null ejects it (Set-VMDvdDrive). */
  setDvdDrive(vmId: string, id: string, path: string | null): void {
    this.#world.check('setDvdDrive', vmId);
    const machine = machineOf(this.#world, vmId);
    driveOf(machine.config, machine.config.dvdDrives, id);
    const medium = path === null ? null : this.#world.storage.file(path).path;
    const dvdDrives = machine.config.dvdDrives.map((drive) =>
      drive.id === id ? { ...drive, path: medium } : drive,
    );
    machine.configure({ dvdDrives });
  }

  /** Removes a DVD drive (Remove-VMDvdDrive). */
  removeDvdDrive(vmId: string, id: string): void {
    const machine = this.#begin('removeDvdDrive', vmId, 'removing a DVD drive', id);
    driveOf(machine.config, machine.config.dvdDrives, id);
    machine.configure({
      dvdDrives: machine.config.dvdDrives.filter((drive) => drive.id !== id),
      bootOrder: withoutDevice(machine.config, id),
    });
  }

  #begin(step: Parameters<HostWorld['check']>[0], vmId: string, what: string, id = 'scsi'): Machine {
    this.#world.check(step, vmId);
    const machine = machineOf(this.#world, vmId);
    const isScsiDisk = id.startsWith('scsi') && /HardDisk/.test(step);
    if (id.startsWith('ide')) requireOff(machine, what);
    else requireChangeable(machine, what, isScsiDisk || machine.config.generation === 2);
    return machine;
  }
}

/** Appends a device to the boot order; null stays null (generation 1 has no firmware boot order). */
export function withDevice({ bootOrder }: Pick<VmConfig, 'bootOrder'>, id: string): VmConfig['bootOrder'] {
  return bootOrder && [...bootOrder, id];
}

/** Removes a device from the boot order. */
export function withoutDevice({ bootOrder }: Pick<VmConfig, 'bootOrder'>, id: string): VmConfig['bootOrder'] {
  return bootOrder && bootOrder.filter((device) => device !== id);
}
