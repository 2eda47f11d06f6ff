import type { VmState } from '@aether-v/types';
import { buildVm } from './build-vm.ts';
import type { EngineClock } from './clock.ts';
import type { EngineJob } from './engine-job.ts';
import type { FailureSource } from './engine-step.ts';
import type { FleetSpec, VmSpec } from './fleet-spec.ts';
import {
  clusterVolumes,
  hostConfigurationOf,
  isoFile,
  localVmFolder,
  localVolumes,
  seedLibrary,
} from './host-setup.ts';
import { HostSteps } from './host-steps.ts';
import { HostStorage } from './host-storage.ts';
import type { HostWorld } from './host-world.ts';
import { Machine } from './machine.ts';
import { runMerge } from './merge.ts';
import { Random } from './random.ts';
import type { SimHost } from './sim-host.ts';
import type { VmConfig } from './vm-config.ts';
import type { VmCondition } from './vm-facts.ts';
import type { Volume } from './volume.ts';

/** Called when the facts of a VM on a host have changed, or the VM is gone. */
export interface EngineChange {
  readonly hostId: string;
  readonly vmId: string;
}

/** The functions that the ground needs of its engine. */
export interface FleetGroundOptions {
  readonly fleet: FleetSpec;
  readonly clock: EngineClock;
  readonly random: Random;
  readonly failures: FailureSource;
  readonly publish: (change: EngineChange) => void;
  readonly migrate: (hostId: string, vmId: string, targetHostId: string) => EngineJob;
}

const hourMs = 3_600_000;

/** States in which a VM has no worker process. */
const restingStates: readonly VmState[] = ['Off', 'Saved', 'FastSaved', 'Hibernated'];

const offCondition: VmCondition = {
  state: 'Off',
  health: 'Ok',
  activity: null,
  startedAt: null,
  contact: 'none',
};

/** Returns a free name for a VM's folder, because several VMs may have the same name. */
function freeFolderName(storage: HostStorage | undefined, folder: string, name: string): string {
  let free = name;
  for (let count = 2; storage?.volumeOf(folder).hasFolder(`${folder}\\${free}`); count++)
    free = `${name} (${count})`;
  return free;
}

/** The hosts of a fleet, the volumes that they share, and the steps of each host. */
export class FleetGround {
  readonly hosts = new Map<string, SimHost>();
  readonly steps = new Map<string, HostSteps>();
  /** Shared volumes, by the name of their cluster. */
  readonly volumes = new Map<string, readonly Volume[]>();
  readonly #worlds = new Map<string, HostWorld>();
  readonly #options: FleetGroundOptions;

  constructor(options: FleetGroundOptions) {
    this.#options = options;
    for (const cluster of options.fleet.clusters) {
      const volumes = clusterVolumes(cluster);
      volumes.slice(0, 1).forEach(seedLibrary);
      this.volumes.set(cluster.name, volumes);
    }
  }

  /** Creates the storage and the steps of a host. */
  furnish(host: SimHost): void {
    this.hosts.set(host.id, host);
    const shared = this.volumes.get(host.spec.cluster ?? '') ?? [];
    const local = localVolumes();
    if (shared.length === 0) local.slice(-1).forEach(seedLibrary);
    const storage = new HostStorage([...shared, ...local]);
    const world: HostWorld = {
      host,
      storage,
      clock: this.#options.clock,
      random: new Random(this.#options.random.hex(16)),
      background: new Set(),
      busyFiles: this.#worldOfCluster(host)?.busyFiles ?? new Set(),
      neighbours: () =>
        [...this.hosts.values()]
          .filter(
            (other) =>
              other === host || (host.spec.cluster !== null && other.spec.cluster === host.spec.cluster),
          )
          .flatMap(({ machines }) => [...machines.values()]),
      place: (config) => this.#settle(host, config, offCondition, new Random(this.#options.random.hex(16))),
      displace: (machine) => {
        machine.dispose();
        host.machines.delete(machine.id);
        this.#options.publish({ hostId: host.id, vmId: machine.id });
      },
      check: (action, vmId) => {
        const failure = this.#options.failures({ hostId: host.id, vmId, action });
        if (failure) throw failure;
      },
    };
    this.#worlds.set(host.id, world);
    const configuration = hostConfigurationOf(host.spec, this.#options.fleet, shared);
    const move = (vmId: string, target: string): EngineJob => this.#options.migrate(host.id, vmId, target);
    this.steps.set(host.id, new HostSteps(world, configuration, move));
  }

  #worldOfCluster({ spec }: SimHost): HostWorld | undefined {
    if (spec.cluster === null) return undefined;
    return [...this.#worlds.values()].find(({ host }) => host.spec.cluster === spec.cluster);
  }

  #settle(host: SimHost, config: VmConfig, condition: VmCondition, random: Random): Machine {
    const { vmId } = config;
    const machine = new Machine(host.id, config, condition, {
      clock: this.#options.clock,
      random,
      look: (hostId, path) => this.#worlds.get(hostId)?.storage.readable(path),
      changed: ({ hostId }) => this.#options.publish({ hostId, vmId }),
    });
    host.machines.set(vmId, machine);
    this.#options.publish({ hostId: host.id, vmId });
    return machine;
  }

  /** Creates a VM on a host from its specification, with its files. */
  place(host: SimHost, spec: VmSpec, vmId: string, random: Random): Machine {
    const clustered = host.facts.clusterId !== null;
    const volumes = this.volumes.get(host.spec.cluster ?? '') ?? [];
    const volume = volumes[(spec.volume ?? 0) % Math.max(1, volumes.length)];
    const storage = this.#worlds.get(host.id)?.storage;
    const folder = volume?.root ?? localVmFolder;
    const place = {
      now: this.#options.clock.now(),
      folder,
      folderName: freeFolderName(storage, folder, spec.name),
      domain: host.spec.domain,
      clustered,
      networks: this.#options.fleet.networks,
      nextMac: () => host.nextMac(),
    };
    const { config, files } = buildVm(spec, vmId, place, random);
    const media = typeof spec.dvd === 'string' ? [isoFile(spec.dvd)] : [];
    for (const file of [...files, ...media]) {
      if (!storage?.find(file.path)) storage?.volumeOf(file.path).seed(file);
    }
    const condition = this.#initialCondition(host, spec, random);
    const machine = this.#settle(host, config, condition, new Random(random.hex(16)));
    if (spec.activity?.kind === 'MergingDisks') runMerge(machine);
    return machine;
  }

  #initialCondition(host: SimHost, spec: VmSpec, random: Random): VmCondition {
    const state = spec.state ?? 'Off';
    const alive = !restingStates.includes(state);
    const upHours = spec.upHours ?? host.spec.upHours * (0.2 + 0.79 * random.next());
    return {
      state,
      health: spec.health ?? (spec.critical ? 'CriticalFailure' : 'Ok'),
      activity: spec.activity ?? null,
      startedAt: alive ? Math.round(this.#options.clock.now() - upHours * hourMs) : null,
      contact: alive && spec.os !== 'appliance' ? 'ok' : 'none',
    };
  }
}
