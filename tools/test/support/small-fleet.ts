import type { FleetSpec, VmSpec } from '@aether-v/hyperv-sim/engine';
import { hostSpec } from './hosts.ts';

/** A cluster of two nodes with one shared volume and a stand-alone host, with these VMs. */
export function smallFleet(vms: Readonly<Record<string, readonly VmSpec[]>>): FleetSpec {
  return {
    clusters: [
      {
        name: 'CL1',
        domain: 'example.org',
        functionalLevel: 13,
        volumes: [{ name: 'V1', sizeGb: 4_096, freeGb: 2_048 }],
      },
    ],
    hosts: [
      { ...hostSpec, name: 'N1', cluster: 'CL1' },
      { ...hostSpec, name: 'N2', cluster: 'CL1' },
      { ...hostSpec, name: 'ALONE', cluster: null },
    ],
    networks: {
      servers: { switchName: 'Production', vlan: 20, subnet: '10.0.0' },
      dmz: { switchName: 'Production', vlan: 30, subnet: '10.0.1' },
    },
    vms,
  };
}
