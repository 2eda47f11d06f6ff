import type { HostSpec, VmSpec } from '@aether-v/hyperv-sim/engine';

/** The properties of a simulated host that its test does not care about. */
export const hostSpec = {
  domain: 'example.org',
  osName: 'Microsoft Windows Server 2025 Datacenter',
  osVersion: '10.0.26100',
  manufacturer: 'Dell Inc.',
  model: 'PowerEdge R760',
  processorName: 'Xeon',
  logicalProcessors: 64,
  memoryGb: 512,
  upHours: 100,
  switches: [{ name: 'Production', type: 'External' }],
} as const satisfies Partial<HostSpec>;

/** A VM that is off. */
export function vmSpec(name: string, change: Partial<VmSpec> = {}): VmSpec {
  return { name, role: 'web', octet: 9, memoryGb: 1, state: 'Off', disksGb: [40], ...change };
}
