import { timestamp } from '@aether-v/types';
import { EngineError } from './engine-error.ts';
import { RunningJob, type EngineJob } from './engine-job.ts';
import { emptyDiskBytes } from './file-steps.ts';
import { requireQuiet } from './file-use.ts';
import { guestOperatingSystems } from './guest-os.ts';
import { machineOf, requireIdle, type HostWorld } from './host-world.ts';
import type { Machine } from './machine.ts';
import { isCheckpointDisk } from './merge-chain.ts';
import { runTimed } from './timed.ts';
import { keptSettings, type CheckpointConfig, type DiskDrive } from './vm-config.ts';
import { isCritical } from './vm-facts.ts';
import { chainFilesOf, mergeLive } from './vm-merges.ts';

/** Maximum number of checkpoints of a VM. */
const mostCheckpoints = 50;

/** Steps on checkpoints of VMs. */
export class CheckpointSteps {
  readonly #world: HostWorld;

  constructor(world: HostWorld) {
    this.#world = world;
  }

  /** Creates a checkpoint (Checkpoint-VM). At the end of the job it is the VM's current one. */
  checkpointVm(vmId: string, name: string | null): EngineJob {
    this.#world.check('checkpointVm', vmId);
    const machine = machineOf(this.#world, vmId);
    requireIdle(machine);
    for (const { path } of machine.config.disks) requireQuiet(this.#world, path);
    const type = this.#typeOf(machine);
    const needed = machine.config.disks.length * emptyDiskBytes;
    const [first] = machine.config.disks;
    const volume = first && this.#world.storage.volumeOf(first.path);
    if (volume && volume.free < needed) {
      throw new EngineError(
        'out-of-space',
        `"${volume.name}" does not have enough free space for a checkpoint.`,
      );
    }
    return this.#during(machine, 'CreatingCheckpoint', this.#world.random.integer(1_000, 4_000), () => {
      const { config, condition } = machine;
      const now = timestamp(this.#world.clock.now());
      const checkpoint: CheckpointConfig = {
        id: this.#world.random.guid(),
        parentId: config.currentCheckpointId,
        name: name ?? `${config.name} - (${now.slice(0, 10)} - ${now.slice(11, 19)})`,
        type,
        automatic: false,
        createdAt: now,
        settings: keptSettings(config),
        hasMemory: type === 'Standard' && condition.state !== 'Off',
      };
      machine.configure({
        disks: this.#branch(config.disks),
        checkpoints: [...config.checkpoints, checkpoint],
        currentCheckpointId: checkpoint.id,
      });
      machine.end({ activity: null });
    });
  }

  /** Restores a VM to a checkpoint and discards later changes (Restore-VMSnapshot). The VM must be off or saved. */
  restoreSnapshot(vmId: string, checkpointId: string): EngineJob {
    this.#world.check('restoreSnapshot', vmId);
    const machine = machineOf(this.#world, vmId);
    requireIdle(machine);
    for (const { path } of checkpointOf(machine, checkpointId).settings.disks)
      requireQuiet(this.#world, path);
    const { state } = machine.condition;
    if (state !== 'Off' && state !== 'Saved') {
      throw new EngineError(
        'wrong-state',
        `"${machine.config.name}" is ${state}: it must be off or saved to apply a checkpoint.`,
        'Turn the VM off first.',
      );
    }
    return this.#during(machine, 'ApplyingCheckpoint', this.#world.random.integer(1_000, 3_000), () => {
      const { settings, hasMemory } = checkpointOf(machine, checkpointId);
      const scope = chainFilesOf(this.#world, machine);
      const disks = this.#branch(settings.disks);
      machine.configure({ ...settings, disks, currentCheckpointId: checkpointId });
      machine.end({ activity: null, state: hasMemory ? 'Saved' : 'Off', startedAt: null, contact: 'none' });
      mergeLive(this.#world, machine, scope);
    });
  }

  /** The disk files of each checkpoint of a VM, by id. */
  diskPaths(vmId: string): ReadonlyMap<string, readonly string[]> {
    const { checkpoints } = machineOf(this.#world, vmId).config;
    return new Map(checkpoints.map(({ id, settings: { disks } }) => [id, disks.map(({ path }) => path)]));
  }

  /** The size of each checkpoint's checkpoint files, by id. */
  sizes(vmId: string): ReadonlyMap<string, number> {
    const size = (path: string): number => this.#world.storage.find(path)?.size ?? 0;
    return new Map(
      [...this.diskPaths(vmId)].map(([id, paths]) => [
        id,
        paths.filter(isCheckpointDisk).reduce((sum, path) => sum + size(path), 0),
      ]),
    );
  }

  /** Renames a checkpoint (Rename-VMSnapshot). */
  renameSnapshot(vmId: string, checkpointId: string, name: string): void {
    this.#world.check('renameSnapshot', vmId);
    const machine = machineOf(this.#world, vmId);
    checkpointOf(machine, checkpointId);
    machine.configure({
      checkpoints: machine.config.checkpoints.map((one) =>
        one.id === checkpointId ? { ...one, name } : one,
      ),
    });
  }

  /**
   * Deletes a checkpoint, or a checkpoint and all its descendants (Remove-VMSnapshot). The job ends when they are out
   * of the tree; the disks are merged in the background after that.
   */
  removeSnapshot(vmId: string, checkpointId: string, subtree: boolean): EngineJob {
    this.#world.check('removeSnapshot', vmId);
    const machine = machineOf(this.#world, vmId);
    requireIdle(machine);
    checkpointOf(machine, checkpointId);
    return this.#during(machine, 'DeletingCheckpoint', 1_000, () => {
      const scope = chainFilesOf(this.#world, machine);
      const { checkpoints, currentCheckpointId } = machine.config;
      const gone = subtree ? subtreeOf(checkpoints, checkpointId) : [checkpointId];
      const { parentId } = checkpointOf(machine, checkpointId);
      const adopted = (id: string | null): string | null =>
        id !== null && gone.includes(id) ? parentId : id;
      machine.configure({
        checkpoints: checkpoints
          .filter(({ id }) => !gone.includes(id))
          .map((one) => ({ ...one, parentId: adopted(one.parentId) })),
        currentCheckpointId: adopted(currentCheckpointId),
      });
      machine.end({ activity: null });
      mergeLive(this.#world, machine, scope);
    });
  }

  /** Returns the type of checkpoint that the VM can have now; throws if it can have none. */
  #typeOf({ config, condition }: Machine): 'Standard' | 'Production' {
    const cannot = (why: string): EngineError =>
      new EngineError('wrong-state', `"${config.name}" cannot have a checkpoint: ${why}.`);
    if (isCritical(condition)) throw cannot('its storage is unreachable');
    if (config.checkpointType === 'Disabled') throw cannot('checkpoints are disabled for it');
    if (config.checkpoints.length >= mostCheckpoints) throw cannot(`it has ${mostCheckpoints} already`);
    if (config.disks.some(({ shared }) => shared)) throw cannot('it has shared disks');
    if (config.disks.some(({ passThrough }) => passThrough)) throw cannot('it has physical disks');
    if (config.checkpointType === 'Standard' || condition.state !== 'Running') return 'Standard';
    const { services } = guestOperatingSystems[config.os];
    const answers = services.some((service) => service === 'Vss') && !config.disabledServices.includes('Vss');
    if (condition.contact === 'ok' && answers) return 'Production';
    if (config.checkpointType === 'ProductionOnly') throw cannot('its guest does not answer');
    return 'Standard';
  }

  /** Creates differencing disks on these disks, for later changes. */
  #branch(drives: readonly DiskDrive[]): DiskDrive[] {
    const { storage, random } = this.#world;
    return drives.map((drive) => {
      const { path, disk } = storage.file(drive.path);
      const base = path.replace(/(?:_[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12})?\.a?vhdx?$/i, '');
      const extension = disk?.format === 'VHD' ? 'avhd' : 'avhdx';
      const child = `${base}_${random.guid().toUpperCase()}.${extension}`;
      storage.create({
        path: child,
        size: emptyDiskBytes,
        disk: {
          format: disk?.format ?? 'VHDX',
          type: 'Differencing',
          virtualSize: disk?.virtualSize ?? 0,
          parentPath: path,
          guest: null,
        },
      });
      return { ...drive, path: child };
    });
  }

  /** Runs a job that the VM shows as an activity. Its preconditions may no longer hold when it takes effect. */
  #during(
    machine: Machine,
    kind: 'CreatingCheckpoint' | 'ApplyingCheckpoint' | 'DeletingCheckpoint',
    durationMs: number,
    effect: () => void,
  ): EngineJob {
    const job = new RunningJob(kind, machine.id, kind);
    machine.begin(job);
    machine.become({ activity: { kind, percent: 0 } });
    job.cancellable(() => machine.end({ activity: null }));
    job.onChange(() => {
      if (job.state === 'running') machine.become({ activity: { kind, percent: job.percent } });
    });
    runTimed(machine, job, durationMs, () => {
      job.cancellable(null);
      try {
        effect();
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        machine.end({ activity: null }, error);
      }
    });
    return job;
  }
}

/** A checkpoint of a VM; throws `not-found`. */
function checkpointOf({ config }: Machine, id: string): CheckpointConfig {
  const checkpoint = config.checkpoints.find((one) => one.id === id);
  if (!checkpoint) throw new EngineError('not-found', `"${config.name}" has no checkpoint ${id}.`);
  return checkpoint;
}

/** The ids of a checkpoint and all its descendants. */
function subtreeOf(checkpoints: readonly CheckpointConfig[], id: string): string[] {
  const below = checkpoints.filter(({ parentId }) => parentId === id);
  return [id, ...below.flatMap((child) => subtreeOf(checkpoints, child.id))];
}
