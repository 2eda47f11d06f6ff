import {
  timestamp,
  type ClusterFacts,
  type HostFacts,
  type HostUsage,
  type VmActionName,
  type VmFacts,
  type VmUsage,
} from '@aether-v/types';
import type { EngineClock } from './clock.ts';
import { EngineError } from './engine-error.ts';
import type { EngineJob } from './engine-job.ts';
import type { FailureSource } from './engine-step.ts';
import { FleetGround, type EngineChange } from './fleet-ground.ts';
import type { FleetSpec, VmSpec } from './fleet-spec.ts';
import type { HostSteps } from './host-steps.ts';
import type { Machine } from './machine.ts';
import { beginMigration } from './migration.ts';
import { beginPowerAction, requirePowerAction } from './power.ts';
import { Random } from './random.ts';
import { clusterFacts, SimHost } from './sim-host.ts';
import { hostUsage, vmUsage } from './usage-samples.ts';
import { isCritical } from './vm-facts.ts';

/** Options of an engine. */
export interface EngineOptions {
  readonly clock: EngineClock;
  /** The same seed, fleet and clock produce the same behaviour. */
  readonly seed: string;
  readonly fleet: FleetSpec;
  readonly failures?: FailureSource;
}

/**
 * A fleet of Hyper-V hosts as a state machine. Time, randomness and failures come from outside, and everything that a
 * host would do by itself is scheduled on the given clock. Methods throw `EngineError` if Hyper-V refuses; long work is
 * an `EngineJob`.
 */
export class HyperVEngine {
  readonly clock: EngineClock;
  readonly #fleet: FleetSpec;
  readonly #random: Random;
  readonly #failures: FailureSource;
  readonly #ground: FleetGround;
  readonly #clusterIds = new Map<string, string>();
  readonly #scheduled = new Set<() => void>();
  readonly #listeners = new Set<(change: EngineChange) => void>();

  constructor({ clock, seed, fleet, failures = () => null }: EngineOptions) {
    this.clock = this.#tracked(clock);
    this.#fleet = fleet;
    this.#failures = failures;
    this.#random = new Random(`${seed}/engine`);
    this.#ground = new FleetGround({
      fleet,
      clock: this.clock,
      random: this.#random,
      failures,
      publish: (change) => this.#publish(change),
      migrate: (...move) => this.migrate(...move),
    });
    for (const { name } of fleet.clusters) {
      this.#clusterIds.set(name, new Random(`${seed}/cluster/${name}`).guid());
    }
    for (const spec of fleet.hosts) {
      const clusterId = spec.cluster === null ? null : (this.#clusterIds.get(spec.cluster) ?? null);
      this.#ground.furnish(new SimHost(spec, clusterId, seed, clock));
    }
    const named = new Map<string, number>();
    for (const [hostName, specs] of Object.entries(fleet.vms)) {
      const host = this.#host(hostName.toLowerCase());
      for (const spec of specs) {
        // Hyper-V allows several VMs with the same name; each has its own GUID.
        const count = spec.sameIdAs === undefined ? (named.get(spec.name) ?? 0) + 1 : 1;
        named.set(spec.name, count);
        const key = count === 1 ? spec.name : `${spec.name} (${count})`;
        const vmId = new Random(`${seed}/vm-id/${spec.sameIdAs ?? key}`).guid();
        this.#ground.place(host, spec, vmId, new Random(`${seed}/vm/${key}/${host.id}`));
      }
    }
  }

  /** The ids of all hosts, in the order of the specification. */
  get hostIds(): string[] {
    return [...this.#ground.hosts.keys()];
  }

  /** The facts of a host. */
  host(hostId: string): HostFacts {
    return this.#host(hostId).facts;
  }

  /** The facts of a host's cluster; null without a cluster. */
  cluster(hostId: string): ClusterFacts | null {
    const { spec, facts } = this.#host(hostId);
    const cluster = this.#fleet.clusters.find(({ name }) => name === spec.cluster);
    if (!cluster || facts.clusterId === null) return null;
    const nodes = [...this.#ground.hosts.values()].filter((node) => node.facts.clusterId === facts.clusterId);
    return clusterFacts(cluster, facts.clusterId, nodes, this.#ground.volumes.get(cluster.name) ?? []);
  }

  /** Evicts a node from its cluster, or lets an evicted host join again. Throws while the host owns clustered roles. */
  setMember(hostId: string, member: boolean): void {
    const host = this.#host(hostId);
    const clusterId = this.#clusterIds.get(host.spec.cluster ?? '');
    if (clusterId === undefined)
      throw new EngineError('not-found', `${hostId} does not belong to a cluster.`);
    if (!member && [...host.machines.values()].some(({ config }) => config.clustered)) {
      throw new EngineError('wrong-state', `${hostId} still owns clustered roles.`);
    }
    host.facts = {
      ...host.facts,
      clusterId: member ? clusterId : null,
      nodeState: member ? 'Up' : null,
    };
  }

  /** The facts of all VMs that a host reports. */
  vms(hostId: string): VmFacts[] {
    return this.#host(hostId).reported();
  }

  /** The facts of one VM; undefined if the host has no such VM. */
  vm(hostId: string, vmId: string): VmFacts | undefined {
    const host = this.#host(hostId);
    return host.machines.get(vmId)?.facts ?? host.leaving.get(vmId);
  }

  /** A sample of the current usage of a host and its running VMs. Sampling changes nothing. */
  usage(hostId: string): { readonly host: HostUsage; readonly vms: readonly VmUsage[] } {
    const host = this.#host(hostId);
    const now = this.clock.now();
    const machines = [...host.machines.values()].filter(({ condition }) => condition.startedAt !== null);
    const vms = machines.map((machine) => vmUsage(machine, now));
    return { host: hostUsage(host, machines, vms, now), vms };
  }

  /** The steps of a host, one for each cmdlet. */
  steps(hostId: string): HostSteps {
    const steps = this.#ground.steps.get(this.#host(hostId).id);
    if (!steps) throw new EngineError('not-found', `The host "${hostId}" does not exist.`);
    return steps;
  }

  /** Starts a power action (table `vmActions`). Throws if Hyper-V refuses it at once. */
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

  /** Throws if Hyper-V would refuse a power action at once. Whether the memory suffices is known only afterwards. */
  requirePower(hostId: string, vmId: string, action: VmActionName): void {
    requirePowerAction(this.#machine(hostId, vmId), action);
  }

  /** Moves a clustered VM to another node, live if it runs. */
  migrate(hostId: string, vmId: string, targetHostId: string): EngineJob {
    const machine = this.#machine(hostId, vmId);
    return beginMigration(machine, this.#host(hostId), this.#host(targetHostId), (host) =>
      this.#publish({ hostId: host.id, vmId }),
    );
  }

  /** Creates a VM immediately, as an administrator could on the host. */
  createVm(hostId: string, spec: VmSpec): VmFacts {
    const host = this.#host(hostId);
    const random = new Random(this.#random.hex(16));
    const machine = this.#ground.place(host, { ...spec, ageDays: 0 }, random.guid(), random);
    machine.configure({ createdAt: timestamp(this.clock.now()) });
    return machine.facts;
  }

  /**
   * Deletes a VM but not its disks, as an administrator could on the host. Throws unless it is off or saved, and idle.
   */
  deleteVm(hostId: string, vmId: string): void {
    this.steps(hostId).vms.removeVm(vmId);
  }

  /** Renames a VM. */
  renameVm(hostId: string, vmId: string, name: string): void {
    this.#machine(hostId, vmId).configure({ name });
  }

  /** Replaces a VM's notes. */
  setNotes(hostId: string, vmId: string, notes: string): void {
    this.#machine(hostId, vmId).configure({ notes });
  }

  /**
   * Makes a VM's storage unreachable (a running VM is paused and critical, saving it fails) or reachable again (it
   * resumes).
   */
  setStorageLost(hostId: string, vmId: string, lost: boolean): void {
    const machine = this.#machine(hostId, vmId);
    const { state } = machine.condition;
    if (lost === isCritical(machine.condition)) return;
    const health = lost ? 'CriticalFailure' : 'Ok';
    const { name } = machine.config;
    if (state === 'Saving') {
      const error = new EngineError('agent-error', `The memory of "${name}" could not be written.`);
      machine.end({ health, state: 'Paused' }, error);
    } else if (machine.transition) throw new EngineError('wrong-state', `"${name}" is ${state}.`);
    else if (state === 'Off' || state === 'Saved') machine.become({ health });
    else machine.become({ health, state: lost ? 'Paused' : 'Running' });
  }

  /** Calls `listener` at each change of a VM's facts. Returns the unsubscribe function. */
  subscribe(listener: (change: EngineChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Cancels everything that is scheduled; the fleet does not change any more. */
  dispose(): void {
    for (const cancel of this.#scheduled) cancel();
    this.#scheduled.clear();
    this.#listeners.clear();
  }

  #host(hostId: string): SimHost {
    const host = this.#ground.hosts.get(hostId);
    if (!host) throw new EngineError('not-found', `The host "${hostId}" does not exist.`);
    return host;
  }

  #machine(hostId: string, vmId: string): Machine {
    const machine = this.#host(hostId).machines.get(vmId);
    if (!machine) throw new EngineError('not-found', `${hostId} has no VM ${vmId}.`);
    return machine;
  }

  /** Wraps a clock and records what is scheduled on it, for `dispose`. */
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
}
