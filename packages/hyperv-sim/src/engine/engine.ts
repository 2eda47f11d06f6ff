import type { ClusterFacts, HostFacts, HostUsage, VmActionName, VmFacts, VmUsage } from '@aether-v/types';
import { buildVm } from './build-vm.ts';
import { timestamp, type EngineClock } from './clock.ts';
import { EngineError } from './engine-error.ts';
import type { EngineJob } from './engine-job.ts';
import type { FleetSpec, VmSpec } from './fleet-spec.ts';
import { Machine } from './machine.ts';
import { runMerge } from './merge.ts';
import { beginMigration } from './migration.ts';
import { beginPowerAction } from './power.ts';
import { Random } from './random.ts';
import { clusterFacts, SimHost } from './sim-host.ts';
import { hostUsage, vmUsage } from './usage-samples.ts';
import type { VmCondition } from './vm-facts.ts';

/** Makes a power action fail at once: returns the error, or null to let Hyper-V decide. */
export type FailureSource = (point: {
  readonly hostId: string;
  readonly vmId: string;
  readonly action: VmActionName;
}) => EngineError | null;

/** The world that an engine lives in. */
export interface EngineOptions {
  readonly clock: EngineClock;
  /** The same seed, fleet and clock give the same everything. */
  readonly seed: string;
  readonly fleet: FleetSpec;
  readonly failures?: FailureSource;
}

/** A host now reports something else of this VM: read it again; it may be gone. */
export interface EngineChange {
  readonly hostId: string;
  readonly vmId: string;
}

const hourMs = 3_600_000;

/**
 * A fleet of Hyper-V hosts as a state machine. It does nothing of its own: time, randomness and failures come from
 * outside, and everything that a host would do by itself is scheduled on the given clock. Where Hyper-V refuses, its
 * methods throw `EngineError`; what takes time is an `EngineJob`.
 */
export class HyperVEngine {
  readonly clock: EngineClock;
  readonly #fleet: FleetSpec;
  readonly #random: Random;
  readonly #failures: FailureSource;
  readonly #hosts = new Map<string, SimHost>();
  readonly #clusterIds = new Map<string, string>();
  readonly #scheduled = new Set<() => void>();
  readonly #listeners = new Set<(change: EngineChange) => void>();

  constructor({ clock, seed, fleet, failures = () => null }: EngineOptions) {
    this.clock = this.#tracked(clock);
    this.#fleet = fleet;
    this.#failures = failures;
    this.#random = new Random(`${seed}/engine`);
    for (const { name } of fleet.clusters) {
      this.#clusterIds.set(name, new Random(`${seed}/cluster/${name}`).guid());
    }
    for (const spec of fleet.hosts) {
      const clusterId = spec.cluster === null ? null : (this.#clusterIds.get(spec.cluster) ?? null);
      const host = new SimHost(spec, clusterId, seed, clock);
      this.#hosts.set(host.id, host);
    }
    for (const [hostName, specs] of Object.entries(fleet.vms)) {
      const host = this.#host(hostName.toLowerCase());
      for (const spec of specs) {
        const vmId = new Random(`${seed}/vm-id/${spec.sameIdAs ?? spec.name}`).guid();
        this.#place(host, spec, vmId, new Random(`${seed}/vm/${spec.name}/${host.id}`));
      }
    }
  }

  /** The ids of all hosts, in the order of the specification. */
  get hostIds(): string[] {
    return [...this.#hosts.keys()];
  }

  /** What a host reports of itself. */
  host(hostId: string): HostFacts {
    return this.#host(hostId).facts;
  }

  /** What a host reports of its cluster; null for a host without one. */
  cluster(hostId: string): ClusterFacts | null {
    const { spec, facts } = this.#host(hostId);
    const cluster = this.#fleet.clusters.find(({ name }) => name === spec.cluster);
    if (!cluster || facts.clusterId === null) return null;
    const nodes = [...this.#hosts.values()].filter((node) => node.facts.clusterId === facts.clusterId);
    return clusterFacts(cluster, facts.clusterId, nodes);
  }

  /** Evicts a node from its cluster, or lets a host that was evicted join again. Refuses while it owns clustered roles. */
  setMember(hostId: string, member: boolean): void {
    const host = this.#host(hostId);
    const clusterId = this.#clusterIds.get(host.spec.cluster ?? '');
    if (clusterId === undefined) throw new EngineError('not-found', `${hostId} belongs to no cluster.`);
    if (!member && [...host.machines.values()].some(({ config }) => config.clustered)) {
      throw new EngineError('wrong-state', `${hostId} still owns clustered roles.`);
    }
    host.facts = {
      ...host.facts,
      clusterId: member ? clusterId : null,
      nodeState: member ? 'Up' : null,
    };
  }

  /** Every VM that a host reports. */
  vms(hostId: string): VmFacts[] {
    return this.#host(hostId).reported();
  }

  /** What a host reports of one VM; undefined when it has none of that id. */
  vm(hostId: string, vmId: string): VmFacts | undefined {
    const host = this.#host(hostId);
    return host.machines.get(vmId)?.facts ?? host.leaving.get(vmId);
  }

  /** A sample of what the host and each of its live VMs use now. Sampling changes nothing. */
  usage(hostId: string): { readonly host: HostUsage; readonly vms: readonly VmUsage[] } {
    const host = this.#host(hostId);
    const now = this.clock.now();
    const machines = [...host.machines.values()].filter(({ condition }) => condition.startedAt !== null);
    const vms = machines.map((machine) => vmUsage(machine, now));
    return { host: hostUsage(host, machines, vms, now), vms };
  }

  /** Begins a power action (table `vmActions`). Throws where Hyper-V refuses at once. */
  power(
    hostId: string,
    vmId: string,
    action: VmActionName,
    { force = false }: { readonly force?: boolean } = {},
  ): EngineJob {
    const machine = this.#machine(hostId, vmId);
    const failure = this.#failures({ hostId, vmId, action });
    if (failure) throw failure;
    return beginPowerAction(machine, action, { force, freeMemory: this.#host(hostId).freeMemory() });
  }

  /** Moves a clustered VM to another node (live where it runs). */
  migrate(hostId: string, vmId: string, targetHostId: string): EngineJob {
    const machine = this.#machine(hostId, vmId);
    return beginMigration(machine, this.#host(hostId), this.#host(targetHostId), (host) =>
      this.#publish({ hostId: host.id, vmId }),
    );
  }

  /** Creates a VM at once, as somebody at the host would. */
  createVm(hostId: string, spec: VmSpec): VmFacts {
    const host = this.#host(hostId);
    const random = new Random(this.#random.hex(16));
    const machine = this.#place(host, { ...spec, ageDays: 0 }, random.guid(), random);
    machine.configure({ createdAt: timestamp(this.clock.now()) });
    return machine.facts;
  }

  /** Deletes a VM. Hyper-V refuses unless it is Off or Saved and nothing is under way. */
  deleteVm(hostId: string, vmId: string): void {
    const machine = this.#machine(hostId, vmId);
    const { state, activity } = machine.condition;
    if (activity || (state !== 'Off' && state !== 'Saved')) {
      const what = activity ? `busy (${activity.kind})` : state;
      throw new EngineError(
        'wrong-state',
        `"${machine.config.name}" is ${what}: only a VM that is off can be deleted.`,
      );
    }
    machine.dispose();
    this.#host(hostId).machines.delete(vmId);
    this.#publish({ hostId, vmId });
  }

  /** Renames a VM. */
  renameVm(hostId: string, vmId: string, name: string): void {
    this.#machine(hostId, vmId).configure({ name });
  }

  /** Replaces a VM's notes. */
  setNotes(hostId: string, vmId: string, notes: string): void {
    this.#machine(hostId, vmId).configure({ notes });
  }

  /** Takes a VM's storage away (a running VM is paused, critical) or brings it back (it runs on). */
  setStorageLost(hostId: string, vmId: string, lost: boolean): void {
    const machine = this.#machine(hostId, vmId);
    const { state, critical } = machine.condition;
    if (lost === critical) return;
    if (machine.transition) throw new EngineError('wrong-state', `"${machine.config.name}" is ${state}.`);
    if (state === 'Off' || state === 'Saved') machine.become({ critical: lost });
    else machine.become({ critical: lost, state: lost ? 'Paused' : 'Running' });
  }

  /** Calls `listener` at each change of what a host reports of a VM. Returns the way out. */
  subscribe(listener: (change: EngineChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Drops everything scheduled; the fleet stands still from then on. */
  dispose(): void {
    for (const cancel of this.#scheduled) cancel();
    this.#scheduled.clear();
    this.#listeners.clear();
  }

  #host(hostId: string): SimHost {
    const host = this.#hosts.get(hostId);
    if (!host) throw new EngineError('not-found', `There is no host "${hostId}".`);
    return host;
  }

  #machine(hostId: string, vmId: string): Machine {
    const machine = this.#host(hostId).machines.get(vmId);
    if (!machine) throw new EngineError('not-found', `${hostId} has no VM ${vmId}.`);
    return machine;
  }

  /** The same clock, remembering what is scheduled on it for `dispose`. */
  #tracked(clock: EngineClock): EngineClock {
    return {
      now: () => clock.now(),
      schedule: (delayMs, action) => {
        const forget = (): void => {
          cancel();
          this.#scheduled.delete(forget);
        };
        const cancel = clock.schedule(delayMs, () => {
          this.#scheduled.delete(forget);
          action();
        });
        this.#scheduled.add(forget);
        return forget;
      },
    };
  }

  #publish(change: EngineChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  #place(host: SimHost, spec: VmSpec, vmId: string, random: Random): Machine {
    const clustered = host.facts.clusterId !== null;
    const volumes = this.#fleet.clusters.find(({ name }) => name === host.spec.cluster)?.volumes ?? [];
    const volume = volumes[(spec.volume ?? 0) % Math.max(1, volumes.length)];
    const place = {
      now: this.clock.now(),
      folder: clustered && volume ? `C:\\ClusterStorage\\${volume.name}` : 'D:\\Hyper-V',
      domain: host.spec.domain,
      clustered,
      networks: this.#fleet.networks,
      nextMac: () => host.nextMac(),
    };
    const config = buildVm(spec, vmId, place, random);
    const machine = new Machine(host.id, config, this.#initialCondition(host, spec, random), {
      clock: this.clock,
      random: new Random(random.hex(16)),
      changed: ({ hostId }) => this.#publish({ hostId, vmId }),
    });
    host.machines.set(vmId, machine);
    if (spec.activity?.kind === 'MergingDisks') runMerge(machine);
    this.#publish({ hostId: host.id, vmId });
    return machine;
  }

  #initialCondition(host: SimHost, spec: VmSpec, random: Random): VmCondition {
    const state = spec.state ?? 'Off';
    const alive = state === 'Running' || state === 'Paused';
    const upHours = spec.upHours ?? host.spec.upHours * (0.2 + 0.79 * random.next());
    return {
      state,
      critical: spec.critical ?? false,
      activity: spec.activity ?? null,
      startedAt: alive ? Math.round(this.clock.now() - upHours * hourMs) : null,
      contact: alive && spec.os !== 'appliance' ? 'ok' : 'none',
    };
  }
}
