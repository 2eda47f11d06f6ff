import type { HostUsage, VmUsage } from '@aether-v/types';

/** The row ids whose samples a reader wants. */
export interface UsageInterest {
  readonly vmIds: ReadonlySet<string>;
  readonly hostIds: ReadonlySet<string>;
}

/** New samples by row id. */
export interface UsageSamples {
  readonly vms: ReadonlyMap<string, VmUsage>;
  readonly hosts: ReadonlyMap<string, HostUsage>;
}

/** A subscription to new samples. */
export interface UsageWatch {
  /** Replaces the interest of this watch; the latest matching samples follow at once. */
  setInterest(interest: UsageInterest): void;
  end(): void;
}
