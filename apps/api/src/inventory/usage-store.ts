import type { HostUsage, VmUsage } from '@aether-v/types';

/** Whose samples somebody wants to see, by the ids of rows. */
export interface UsageInterest {
  readonly vmIds: ReadonlySet<string>;
  readonly hostIds: ReadonlySet<string>;
}

/** Samples that just came, by the ids of rows. */
export interface UsageSamples {
  readonly vms: ReadonlyMap<string, VmUsage>;
  readonly hosts: ReadonlyMap<string, HostUsage>;
}

/** A place to hear new samples of what one is interested in. */
export interface UsageWatch {
  /** Replaces what this watch is interested in; the latest samples of it come at once. */
  setInterest(interest: UsageInterest): void;
  end(): void;
}

interface Registration {
  interest: UsageInterest;
  readonly listener: (samples: UsageSamples) => void;
}

/** The latest sample of each VM and host. Samples are not versioned and reach only those who registered interest. */
export class UsageStore {
  readonly #vms = new Map<string, VmUsage>();
  readonly #hosts = new Map<string, HostUsage>();
  readonly #registrations = new Set<Registration>();

  /** The latest sample of a VM, by the id of its row. */
  vm(rowId: string): VmUsage | undefined {
    return this.#vms.get(rowId);
  }

  /** The latest sample of a host. */
  host(hostId: string): HostUsage | undefined {
    return this.#hosts.get(hostId);
  }

  /** Keeps new samples and tells those who are interested. */
  put(samples: UsageSamples): void {
    for (const [id, sample] of samples.vms) this.#vms.set(id, sample);
    for (const [id, sample] of samples.hosts) this.#hosts.set(id, sample);
    for (const registration of this.#registrations) deliver(registration, samples.vms, samples.hosts);
  }

  /** Forgets a VM that is gone. */
  forgetVm(rowId: string): void {
    this.#vms.delete(rowId);
  }

  /** Forgets a host that is gone or away: its last sample says nothing of now. */
  forgetHost(hostId: string): void {
    this.#hosts.delete(hostId);
  }

  /** Registers a listener that is interested in nothing yet; it must not throw. */
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
