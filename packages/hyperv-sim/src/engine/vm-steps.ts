import { isLiveMemoryChange, timestamp, type VmFacts } from '@aether-v/types';
import { unpluggedAdapter } from './adapter-steps.ts';
import { configurationFile } from './build-vm.ts';
import { EngineError } from './engine-error.ts';
import type { EngineStep } from './engine-step.ts';
import { machineOf, requireIdle, requireOff, type HostWorld } from './host-world.ts';
import type { Machine } from './machine.ts';
import { diskPathsOf, type VmConfig } from './vm-config.ts';
import { chainFilesOf, mergeRemains } from './vm-merges.ts';

/** Specification of a new VM (New-VM -Generation 2 -NoVHD). */
export interface NewVm {
  readonly name: string;
  /** The folder in which a folder with the VM's name is created. */
  readonly path: string;
  readonly memoryStartupBytes: number;
}

/** Settings of Set-VM. */
export type VmSettingsChange = Partial<
  Pick<
    VmConfig,
    'notes' | 'automaticStartAction' | 'automaticStartDelaySeconds' | 'automaticStopAction' | 'checkpointType'
  >
>;

/** Settings of Set-VMFirmware. */
export type FirmwareChange = Partial<Pick<VmConfig, 'secureBoot' | 'bootOrder'>>;

/** Steps on VMs as a whole. */
export class VmSteps {
  readonly #world: HostWorld;

  constructor(world: HostWorld) {
    this.#world = world;
  }

  /** The facts of a VM; undefined if the host has no such VM. */
  find(vmId: string): VmFacts | undefined {
    return this.#world.host.machines.get(vmId)?.facts;
  }

  /** Every VM of the host. */
  list(): VmFacts[] {
    return [...this.#world.host.machines.values()].map(({ facts }) => facts);
  }

  /** The disk files of a VM, current and in its checkpoints. */
  diskPaths(vmId: string): string[] {
    return diskPathsOf(machineOf(this.#world, vmId).config);
  }

  /** The files that belong to the VM itself, which are removed with it. */
  ownFiles(vmId: string): string[] {
    return [configurationFile(machineOf(this.#world, vmId).config).path];
  }

  /**
   * Creates a generation 2 VM: one processor, static memory, a disconnected adapter, no disk. Returns its id. Several
   * VMs may have the same name.
   */
  newVm({ name, path, memoryStartupBytes }: NewVm): string {
    this.#world.check('newVm', '');
    const { storage, host, random, clock } = this.#world;
    const vmId = random.guid();
    const adapter = unpluggedAdapter(random.guid(), 'Network Adapter', host.nextMac());
    const config: VmConfig = {
      vmId,
      name,
      generation: 2,
      configurationVersion: '10.0',
      createdAt: timestamp(clock.now()),
      notes: '',
      configurationPath: `${path}\\${name}`,
      processors: 1,
      memory: {
        dynamic: false,
        startup: memoryStartupBytes,
        minimum: null,
        maximum: null,
        bufferPercent: null,
      },
      disks: [],
      scsiControllers: 1,
      dvdDrives: [],
      networkAdapters: [adapter],
      checkpointType: 'Production',
      checkpoints: [],
      currentCheckpointId: null,
      replication: 'None',
      automaticStartAction: 'StartIfRunning',
      automaticStartDelaySeconds: 0,
      automaticStopAction: 'Save',
      secureBoot: { enabled: true, template: 'MicrosoftWindows' },
      tpm: false,
      bootOrder: [adapter.id],
      disabledServices: ['GuestServiceInterface'],
      clustered: false,
      os: 'appliance',
      hostname: name,
      manners: 'obeys',
      profile: 'utility',
    };
    const file = configurationFile(config);
    const folder = `${config.configurationPath}\\Virtual Machines`;
    const made = storage.volumeOf(path).ensureFolder(folder);
    try {
      storage.create(file);
    } catch (error) {
      for (const one of made.reverse()) storage.volumeOf(one).folders.delete(one.toLowerCase());
      throw error;
    }
    this.#world.place(config);
    return vmId;
  }

  /** Sets notes, automatic actions and the kind of checkpoints (Set-VM). */
  setVm(vmId: string, change: VmSettingsChange): void {
    const machine = this.#begin('setVm', vmId);
    if (change.automaticStopAction !== undefined) requireOff(machine, 'changing the automatic stop action');
    machine.configure(change);
  }

  /** Renames a VM; its files keep their names (Rename-VM). */
  renameVm(vmId: string, name: string): void {
    this.#begin('renameVm', vmId).configure({ name });
  }

  /** Sets the number of processors (Set-VMProcessor). */
  setVmProcessor(vmId: string, processors: number): void {
    const machine = this.#begin('setVmProcessor', vmId);
    requireOff(machine, 'changing its processors');
    const { logicalProcessors, name } = this.#world.host.facts;
    if (processors > logicalProcessors) {
      throw new EngineError(
        'not-supported',
        `${name} has ${logicalProcessors} logical processors, but ${processors} were requested.`,
      );
    }
    machine.configure({ processors });
  }

  /** Sets memory (Set-VMMemory). Dynamic memory can be widened while the VM runs. */
  setVmMemory(vmId: string, memory: VmConfig['memory']): void {
    const machine = this.#begin('setVmMemory', vmId);
    if (isLiveMemoryChange(machine.config.memory, memory)) requireIdle(machine);
    else requireOff(machine, 'changing its memory');
    machine.configure({ memory });
  }

  /** Sets secure boot and the boot order (Set-VMFirmware). Devices that are not named come last. */
  setVmFirmware(vmId: string, { secureBoot, bootOrder }: FirmwareChange): void {
    const machine = this.#begin('setVmFirmware', vmId);
    requireOff(machine, 'changing its firmware');
    const { config } = machine;
    if (config.bootOrder === null) {
      throw new EngineError(
        'not-supported',
        `"${config.name}" is a generation 1 VM, which has neither secure boot nor a firmware boot order.`,
      );
    }
    const unknown = bootOrder?.find((id) => !config.bootOrder?.includes(id));
    if (unknown !== undefined)
      throw new EngineError('not-found', `"${config.name}" has no device ${unknown}.`);
    const first = [...new Set(bootOrder ?? [])];
    machine.configure({
      ...(secureBoot !== undefined && { secureBoot }),
      ...(bootOrder && { bootOrder: [...first, ...config.bootOrder.filter((id) => !first.includes(id))] }),
    });
  }

  /**
   * Removes a VM that is off or saved: its configuration and its checkpoints, never its disks (Remove-VM). Its
   * checkpoints are merged in the background after that.
   */
  removeVm(vmId: string): void {
    const machine = this.#begin('removeVm', vmId);
    requireIdle(machine);
    const { state } = machine.condition;
    if (state !== 'Off' && state !== 'Saved') {
      throw new EngineError(
        'wrong-state',
        `"${machine.config.name}" is ${state}: only a VM that is off can be deleted.`,
      );
    }
    const scope = chainFilesOf(this.#world, machine);
    this.#world.storage.erase(configurationFile(machine.config).path);
    this.#world.displace(machine);
    mergeRemains(this.#world, machine, scope);
  }

  #begin(step: EngineStep, vmId: string): Machine {
    this.#world.check(step, vmId);
    return machineOf(this.#world, vmId);
  }
}
