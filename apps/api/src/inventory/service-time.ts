import { timestamp, type HostFacts, type VmFacts } from '@aether-v/types';

/** The range of years in the contract's timestamps. */
const earliest = Date.parse('0000-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59Z');

/**
 * Converts a host's time to the service's clock. @param offsetMs How far the host's clock is ahead; negated for the
 * reverse conversion.
 */
export function serviceTime(moment: string, offsetMs: number): string {
  const told = Date.parse(moment);
  if (offsetMs === 0 || Number.isNaN(told)) return moment;
  return timestamp(Math.min(Math.max(told - offsetMs, earliest), latest));
}

/** Converts the times in a host's report of a VM to the service's clock. */
export function vmInServiceTime(vm: VmFacts, offsetMs: number): VmFacts {
  if (offsetMs === 0) return vm;
  return {
    ...vm,
    createdAt: orNull(vm.createdAt, offsetMs),
    startedAt: orNull(vm.startedAt, offsetMs),
    checkpoints: vm.checkpoints.map((checkpoint) => ({
      ...checkpoint,
      createdAt: orNull(checkpoint.createdAt, offsetMs),
    })),
  };
}

/** Converts the times in a host's report of itself to the service's clock. */
export function hostInServiceTime(host: HostFacts, offsetMs: number): HostFacts {
  return offsetMs === 0 ? host : { ...host, bootedAt: orNull(host.bootedAt, offsetMs) };
}

function orNull(moment: string | null, offsetMs: number): string | null {
  return moment === null ? null : serviceTime(moment, offsetMs);
}
