import type { ClusterSpec, FleetSpec, HostSpec, NetworkSpec } from './fleet-spec.ts';
import { labVms } from './seed-lab.ts';
import { hv01Vms } from './seed-hv-01.ts';
import { hv02Vms } from './seed-hv-02.ts';
import { hv03Vms } from './seed-hv-03.ts';
import { standaloneVms } from './seed-standalone.ts';

const networks: Readonly<Record<string, NetworkSpec>> = {
  servers: { switchName: 'Production', vlan: 20, subnet: '10.20.20' },
  dmz: { switchName: 'Production', vlan: 50, subnet: '10.20.50' },
  clients: { switchName: 'Production', vlan: 30, subnet: '10.20.30' },
  management: { switchName: 'Production', vlan: 10, subnet: '10.20.10' },
  lab: { switchName: 'Lab', vlan: 120, subnet: '10.60.120' },
  sandbox: { switchName: 'Isolated', vlan: null, subnet: '192.168.77' },
  home: { switchName: 'External', vlan: null, subnet: '192.168.10' },
};

const domain = 'corp.example.com';

const production: Omit<HostSpec, 'name' | 'upHours'> = {
  domain,
  cluster: 'PROD-CL01',
  osName: 'Microsoft Windows Server 2025 Datacenter',
  osVersion: '10.0.26100',
  manufacturer: 'Dell Inc.',
  model: 'PowerEdge R760',
  processorName: 'Intel(R) Xeon(R) Gold 6430',
  logicalProcessors: 128,
  memoryGb: 512,
  switches: [
    { name: 'Production', type: 'External' },
    { name: 'Storage', type: 'External' },
  ],
};

const lab: Omit<HostSpec, 'name' | 'upHours'> = {
  domain,
  cluster: 'LAB-CL02',
  osName: 'Microsoft Windows Server 2022 Datacenter',
  osVersion: '10.0.20348',
  manufacturer: 'HPE',
  model: 'ProLiant DL380 Gen10',
  processorName: 'Intel(R) Xeon(R) Silver 4214R CPU @ 2.40GHz',
  logicalProcessors: 48,
  memoryGb: 256,
  switches: [
    { name: 'Lab', type: 'External' },
    { name: 'Isolated', type: 'Private' },
  ],
};

const standalone: HostSpec = {
  name: 'HV-LAB',
  domain: null,
  cluster: null,
  osName: 'Microsoft Windows Server 2019 Standard',
  osVersion: '10.0.17763',
  manufacturer: 'Supermicro',
  model: 'SYS-5019D-FN8TP',
  processorName: 'Intel(R) Xeon(R) D-2146NT CPU @ 2.30GHz',
  logicalProcessors: 16,
  memoryGb: 128,
  upHours: 2_190,
  switches: [
    { name: 'External', type: 'External' },
    { name: 'Default Switch', type: 'Internal' },
  ],
};

const clusters: readonly ClusterSpec[] = [
  {
    name: 'PROD-CL01',
    domain,
    functionalLevel: 13,
    volumes: [
      { name: 'CSV01-SSD', sizeGb: 20_480, freeGb: 7_310 },
      { name: 'CSV02-SSD', sizeGb: 20_480, freeGb: 4_120 },
      { name: 'CSV03-HDD', sizeGb: 61_440, freeGb: 22_900 },
    ],
  },
  {
    name: 'LAB-CL02',
    domain,
    functionalLevel: 12,
    volumes: [{ name: 'LabVolume1', sizeGb: 15_360, freeGb: 6_480 }],
  },
];

/** The demo fleet: two clusters of three hosts, a stand-alone host, and the VMs of a medium-sized company. */
export const demoFleet: FleetSpec = {
  clusters,
  hosts: [
    { ...production, name: 'HV-01', upHours: 611 },
    { ...production, name: 'HV-02', upHours: 609 },
    { ...production, name: 'HV-03', upHours: 607 },
    { ...lab, name: 'HV-11', upHours: 1_322 },
    { ...lab, name: 'HV-12', upHours: 1_321 },
    { ...lab, name: 'HV-13', upHours: 287 },
    standalone,
  ],
  networks,
  vms: { 'HV-01': hv01Vms, 'HV-02': hv02Vms, 'HV-03': hv03Vms, ...labVms, ...standaloneVms },
};
