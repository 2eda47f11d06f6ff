import type { FleetSpec, VmSpec } from '@aether-v/hyperv-sim/engine';
import { languages } from '../bridge/cultures.ts';
import type { Scenario } from './stage.ts';

const host = {
  domain: 'corp.example.com',
  osName: 'Microsoft Windows Server 2025 Datacenter',
  osVersion: '10.0.26100',
  manufacturer: 'Dell Inc.',
  model: 'PowerEdge R760',
  processorName: 'Xeon',
  logicalProcessors: 64,
  memoryGb: 512,
  upHours: 100,
  switches: [{ name: 'Production', type: 'External' }],
} as const;

/** Two clustered hosts and one on its own, with these VMs on the host that a scenario talks to. */
export function fleetOf(vms: readonly VmSpec[], hostName = 'N1'): FleetSpec {
  return {
    clusters: [
      {
        name: 'CL1',
        domain: 'corp.example.com',
        functionalLevel: 13,
        volumes: [{ name: 'V1', sizeGb: 1_024, freeGb: 512 }],
      },
    ],
    hosts: [
      { ...host, name: 'N1', cluster: 'CL1' },
      { ...host, name: 'N2', cluster: 'CL1' },
      { ...host, name: 'S1', cluster: null, domain: null },
    ],
    networks: { servers: { switchName: 'Production', vlan: 20, subnet: '10.0.0' } },
    vms: { [hostName]: vms },
  };
}

/** A VM that starts and stops quickly. */
export function small(name: string, spec: Partial<VmSpec> = {}): VmSpec {
  return { name, role: 'web', octet: 9, memoryGb: 1, clustered: false, ...spec };
}

/** The same on hosts that speak German and Japanese in turn: nothing that is changed may depend on what the host speaks. */
export function abroad(scenarios: readonly Scenario[]): readonly Scenario[] {
  return scenarios.map((scenario, index) => ({
    ...scenario,
    world: { ...scenario.world, language: index % 2 === 0 ? languages.german : languages.japanese },
  }));
}
