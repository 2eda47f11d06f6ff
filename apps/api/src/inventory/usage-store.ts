import type { HostUsage, VmUsage } from '@aether-v/types';
import type { UsageInterest, UsageSamples, UsageWatch } from './usage-watch.ts';

interface Registration {
  interest: UsageInterest;
  readonly listener: (samples: UsageSamples) => void;
}

/**
 * The latest sample of each VM and host. Samples are not versioned, and are sent only to readers that registered
 * interest.
 */
export class UsageStore {
  readonly #vms = new Map<string, VmUsage>();
  readonly #hosts = new Map<string, HostUsage>();
  readonly #registrations = new Set<Registration>();

  /** Returns the latest sample of a VM, by row id. */
  vm(rowId: string): VmUsage | undefined {
    return this.#vms.get(rowId);
  }

  /** Returns the latest sample of a host. */
  host(hostId: string): HostUsage | undefined {
    return this.#hosts.get(hostId);
  }

  /** Stores new samples and notifies interested readers. */
  put(samples: UsageSamples): void {
    for (const [id, sample] of samples.vms) this.#vms.set(id, sample);
    for (const [id, sample] of samples.hosts) this.#hosts.set(id, sample);
    for (const registration of this.#registrations) deliver(registration, samples.vms, samples.hosts);
  }

  /** Removes the sample of a deleted VM. */
  forgetVm(rowId: string): void {
    this.#vms.delete(rowId);
  }

  /** Removes the sample of a deleted or unreachable host, as it is no longer current. */
  forgetHost(hostId: string): void {
    this.#hosts.delete(hostId);
  }

  /** Registers a listener without any interest yet; it must not throw. */
  watch(listener: (samples: UsageSamples) => void): UsageWatch {
    const registration: Registration = { interest: { vmIds: new Set(), hostIds: new Set() }, listener };
    this.#registrations.add(registration);
    return {
      setInterest: (interest) => {
        registration.interest = interest;
        deliver(registration, this.#vms, this.#hosts);
      },
      end: () => void this.#registrations.delete(registration),
    };
  }
}

function deliver(
  { interest, listener }: Registration,
  vms: ReadonlyMap<string, VmUsage>,
  hosts: ReadonlyMap<string, HostUsage>,
): void {
  const wanted = { vms: pick(vms, interest.vmIds), hosts: pick(hosts, interest.hostIds) };
  if (wanted.vms.size + wanted.hosts.size > 0) listener(wanted);
}

function pick<T>(all: ReadonlyMap<string, T>, ids: ReadonlySet<string>): Map<string, T> {
  const picked = new Map<string, T>();
  const [small, large] = ids.size < all.size ? [ids, all] : [all, ids];
  for (const id of small.keys()) {
    const value = all.get(id);
    if (large.has(id) && value !== undefined) picked.set(id, value);
  }
  return picked;
}
