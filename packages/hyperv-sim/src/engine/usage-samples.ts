import { timestamp, type HostUsage, type VmUsage } from '@aether-v/types';
import type { Machine } from './machine.ts';
import type { SimHost } from './sim-host.ts';
import { memoryDemand, processorLoad } from './usage.ts';

const mebibyte = 1024 ** 2;

function percent(part: number): number {
  return Math.round(part * 1_000) / 10;
}

function wholeMebibytes(bytes: number): number {
  return Math.round(bytes / mebibyte) * mebibyte;
}

/** Returns a usage sample of a running VM at a time. */
export function vmUsage({ config, condition, id }: Machine, now: number): VmUsage {
  const { memory, profile } = config;
  const working = condition.state !== 'Paused' && condition.state !== 'Starting';
  const demand = wholeMebibytes(memory.startup * memoryDemand(id, profile, now));
  const wanted = wholeMebibytes(demand * (1 + (memory.bufferPercent ?? 0) / 100));
  const assigned = memory.dynamic
    ? Math.min(memory.maximum ?? wanted, Math.max(memory.minimum ?? wanted, wanted))
    : memory.startup;
  return {
    vmId: id,
    sampledAt: timestamp(now),
    cpuPercent: working ? percent(processorLoad(id, profile, now)) : 0,
    memoryAssigned: assigned,
    memoryDemand: condition.contact === 'ok' ? demand : null,
  };
}

/** Returns a usage sample of a host at a time: the usage of its VMs plus a small overhead. */
export function hostUsage(
  host: SimHost,
  machines: readonly Machine[],
  samples: readonly VmUsage[],
  now: number,
): HostUsage {
  const { memory, logicalProcessors, hostId } = host.facts;
  let load = 0.02 * logicalProcessors;
  let assigned = memory * 0.06;
  for (const [index, sample] of samples.entries()) {
    load += (sample.cpuPercent / 100) * (machines[index]?.config.processors ?? 0);
    assigned += sample.memoryAssigned;
  }
  return {
    hostId,
    sampledAt: timestamp(now),
    cpuPercent: percent(Math.min(1, load / logicalProcessors)),
    memoryAvailable: Math.max(0, wholeMebibytes(memory - assigned)),
  };
}
