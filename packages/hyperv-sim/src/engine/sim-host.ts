import { timestamp, type ClusterFacts, type HostFacts, type VmFacts } from '@aether-v/types';
import type { EngineClock } from './clock.ts';
import type { ClusterSpec, HostSpec } from './fleet-spec.ts';
import type { Machine } from './machine.ts';
import { Random } from './random.ts';
import type { Volume } from './volume.ts';

const gibibyte = 1024 ** 3;
const hourMs = 3_600_000;

/** The share of a host's memory that Windows uses itself. */
const hostReserve = 0.06;

/** The version that the simulated agents report. */
export const simulatedAgentVersion = '0.1.0';

/** One host: its facts and its VMs. */
export class SimHost {
  readonly id: string;
  readonly spec: HostSpec;
  facts: HostFacts;
  readonly machines = new Map<string, Machine>();
  /** VMs that have moved away, but that the host still reports for a moment. */
  readonly leaving = new Map<string, VmFacts>();
  readonly #macPool: string;
  #nextMac = 0;

  constructor(spec: HostSpec, clusterId: string | null, seed: string, clock: EngineClock) {
    const random = new Random(`${seed}/host/${spec.name}`);
    this.spec = spec;
    this.id = spec.name.toLowerCase();
    this.#macPool = `00155D${random.hex(4).toUpperCase()}`;
    this.facts = {
      hostId: this.id,
      name: spec.name,
      fqdn: spec.domain === null ? null : `${this.id}.${spec.domain}`,
      clusterId,
      osName: spec.osName,
      osVersion: spec.osVersion,
      manufacturer: spec.manufacturer,
      model: spec.model,
      processorName: spec.processorName,
      logicalProcessors: spec.logicalProcessors,
      memory: spec.memoryGb * gibibyte,
      bootedAt: timestamp(clock.now() - spec.upHours * hourMs),
      defaultVmPath: 'D:\\Hyper-V',
      defaultDiskPath: 'D:\\Hyper-V\\Virtual Hard Disks',
      switches: spec.switches.map((network) => ({ id: random.guid(), ...network })),
      agentVersion: simulatedAgentVersion,
      nodeState: clusterId === null ? null : 'Up',
      problems: [],
    };
  }

  /** Returns the next dynamic MAC address of the host's pool. */
  nextMac(): string {
    const last = (this.#nextMac++ % 256).toString(16).padStart(2, '0');
    return this.#macPool + last.toUpperCase();
  }

  /** All VMs that the host reports, in the order in which it received them. */
  reported(): VmFacts[] {
    return [...[...this.machines.values()].map((machine) => machine.facts), ...this.leaving.values()];
  }

  /** Bytes of memory that are free for VMs that start. */
  freeMemory(): number {
    let used = this.facts.memory * hostReserve;
    for (const { condition, config } of this.machines.values()) {
      if (condition.startedAt !== null || condition.state === 'Starting') used += config.memory.startup;
    }
    return Math.max(0, this.facts.memory - used);
  }
}

/** One cluster: the facts that its nodes report. */
export function clusterFacts(
  spec: ClusterSpec,
  clusterId: string,
  nodes: readonly SimHost[],
  volumes: readonly Volume[],
): ClusterFacts {
  return {
    clusterId,
    name: spec.name,
    fqdn: `${spec.name.toLowerCase()}.${spec.domain}`,
    nodes: nodes.map((node) => ({ name: node.spec.name, hostId: node.id, state: 'Up' })),
    functionalLevel: spec.functionalLevel,
    sharedVolumes: volumes.map(({ name, root, total, free }) => ({ name, path: root, size: total, free })),
  };
}
