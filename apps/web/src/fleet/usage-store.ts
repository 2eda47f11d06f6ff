import type { HostUsage, VmUsage } from '@aether-v/types';

/** The latest sample and its predecessors, oldest first. */
export interface UsageSeries<T> {
  readonly latest: T;
  readonly cpu: readonly number[];
  /** The time of the oldest sample. */
  readonly since: string;
}

/** 25 minutes, with a sample every five seconds. */
const kept = 300;

/**
 * The gap in milliseconds after which older samples are discarded: a chart has one point per sample, so a longer gap
 * would look like continuous values.
 */
const pauseMs = 60_000;

function extend<T extends { readonly cpuPercent: number; readonly sampledAt: string }>(
  series: UsageSeries<T> | undefined,
  sample: T,
): UsageSeries<T> {
  if (series?.latest.sampledAt === sample.sampledAt) return series;
  const since = series ? Date.parse(sample.sampledAt) - Date.parse(series.latest.sampledAt) : 0;
  if (!series || since > pauseMs)
    return { latest: sample, cpu: [sample.cpuPercent], since: sample.sampledAt };
  const cpu = [...series.cpu, sample.cpuPercent];
  if (cpu.length <= kept) return { latest: sample, cpu, since: series.since };
  // The samples are about equally far apart.
  const oldest = Date.parse(series.since) + (Date.parse(sample.sampledAt) - Date.parse(series.since)) / kept;
  return { latest: sample, cpu: cpu.slice(-kept), since: new Date(oldest).toISOString() };
}

/** Usage samples of visible objects; separate from the fleet's rows, because they are not versioned. */
export class UsageStore {
  readonly #vms = new Map<string, UsageSeries<VmUsage>>();
  readonly #hosts = new Map<string, UsageSeries<HostUsage>>();
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(vms: readonly VmUsage[], hosts: readonly HostUsage[]): void {
    for (const sample of vms) this.#vms.set(sample.vmId, extend(this.#vms.get(sample.vmId), sample));
    for (const sample of hosts)
      this.#hosts.set(sample.hostId, extend(this.#hosts.get(sample.hostId), sample));
    for (const listener of this.#listeners) listener();
  }

  vm(id: string): UsageSeries<VmUsage> | null {
    return this.#vms.get(id) ?? null;
  }

  host(id: string): UsageSeries<HostUsage> | null {
    return this.#hosts.get(id) ?? null;
  }
}
