import type { FleetSpec, HostSpec, VmSpec } from './fleet-spec.ts';
import type { GuestOsName } from './guest-os.ts';
import { roleDefaults } from './role-defaults.ts';
import type { UsageProfileName } from './usage.ts';

/** The size of a fleet. */
export interface ParametricFleetOptions {
  readonly hosts: number;
  readonly vmsPerHost: number;
  /** Hosts per cluster; 0 for stand-alone hosts. */
  readonly hostsPerCluster?: number;
}

const kinds: readonly {
  readonly prefix: string;
  readonly role: UsageProfileName;
  readonly os: GuestOsName;
}[] = [
  { prefix: 'WEB', role: 'web', os: 'ubuntu-24.04' },
  { prefix: 'APP', role: 'application', os: 'windows-2022' },
  { prefix: 'SQL', role: 'database', os: 'windows-2022' },
  { prefix: 'K8S', role: 'kubernetes', os: 'ubuntu-22.04' },
  { prefix: 'RDS', role: 'desktop', os: 'windows-2019' },
  { prefix: 'FS', role: 'file', os: 'windows-2025' },
  { prefix: 'SVC', role: 'utility', os: 'debian-12' },
];

function vmSpec(index: number): VmSpec {
  const kind = kinds[index % kinds.length] ?? { prefix: 'VM', role: 'utility', os: 'debian-12' };
  const state = index % 11 === 7 ? 'Off' : index % 37 === 5 ? 'Saved' : 'Running';
  return {
    name: `${kind.prefix}-${String(index + 1).padStart(4, '0')}`,
    role: kind.role,
    os: kind.os,
    state,
    network: 'servers',
    octet: 1 + (index % 254),
    ...(index % 13 === 3 ? { checkpoints: [{ name: 'Before update', ageHours: 20 + index }] } : {}),
  };
}

function hostSpec(index: number, vms: readonly VmSpec[], perCluster: number): HostSpec {
  const needed = vms.reduce((sum, { role }) => sum + roleDefaults[role].memoryGb, 0);
  return {
    name: `SIM-${String(index + 1).padStart(3, '0')}`,
    domain: 'sim.example.com',
    cluster: perCluster > 0 ? `SIM-CL${String(Math.floor(index / perCluster) + 1).padStart(2, '0')}` : null,
    osName: 'Microsoft Windows Server 2025 Datacenter',
    osVersion: '10.0.26100',
    manufacturer: 'Lenovo',
    model: 'ThinkSystem SR650 V3',
    processorName: 'Intel(R) Xeon(R) Gold 6438Y+',
    logicalProcessors: 128,
    memoryGb: Math.max(256, Math.ceil((needed * 1.5) / 128) * 128),
    upHours: 200 + index,
    switches: [{ name: 'Production', type: 'External' }],
  };
}

/** Creates a fleet of any size for measurements, with the same mix of machines on every host. */
export function parametricFleet({
  hosts,
  vmsPerHost,
  hostsPerCluster = 0,
}: ParametricFleetOptions): FleetSpec {
  const vms: Record<string, readonly VmSpec[]> = {};
  const hostSpecs = Array.from({ length: hosts }, (_, index) => {
    const specs = Array.from({ length: vmsPerHost }, (_unused, vm) => vmSpec(index * vmsPerHost + vm));
    const host = hostSpec(index, specs, hostsPerCluster);
    vms[host.name] = specs;
    return host;
  });
  const clusterNames = new Set(hostSpecs.flatMap(({ cluster }) => cluster ?? []));
  return {
    clusters: [...clusterNames].map((name) => ({
      name,
      domain: 'sim.example.com',
      functionalLevel: 13,
      volumes: [{ name: 'Volume1', sizeGb: 102_400, freeGb: 51_200 }],
    })),
    hosts: hostSpecs,
    networks: { servers: { switchName: 'Production', vlan: 20, subnet: '10.90.20' } },
    vms,
  };
}
