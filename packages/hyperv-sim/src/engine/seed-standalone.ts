import type { VmSpec } from './fleet-spec.ts';

const up = { state: 'Running', network: 'home' } as const;

const vms: readonly VmSpec[] = [
  {
    ...up,
    name: 'HASS',
    role: 'utility',
    os: 'debian-12',
    memoryGb: 2,
    disksGb: [32],
    octet: 20,
    notes: 'Building automation of the branch office.',
  },
  {
    ...up,
    name: 'BRANCH-DC',
    role: 'domain-controller',
    os: 'windows-2019',
    octet: 11,
    notes: 'Read-only domain controller.',
  },
  { ...up, name: 'BRANCH-FS', role: 'file', os: 'windows-2019', octet: 12, dvd: null, dynamicGb: [2, 12] },
  {
    ...up,
    name: 'CAMERA-NVR',
    role: 'backup',
    os: 'ubuntu-22.04',
    octet: 30,
    disksGb: [40, 4_000],
    notes: 'Video recorder, keeps 14 days.',
  },
  {
    ...up,
    name: 'PBX',
    role: 'utility',
    os: 'appliance',
    generation: 1,
    processors: 1,
    memoryGb: 2,
    disksGb: [20],
    octet: 31,
    staticMac: true,
    stopAction: 'TurnOff',
  },
  {
    name: 'APP-ERP-01',
    sameIdAs: 'APP-ERP-01',
    role: 'application',
    memoryGb: 32,
    network: 'home',
    octet: 51,
    replication: 'Replica',
    startAction: 'Nothing',
    checkpointType: 'Disabled',
    notes: 'ERP application server. Owner: Finance IT.',
  },
  {
    name: 'TEST-2016',
    role: 'utility',
    os: 'windows-2016',
    network: 'home',
    octet: 40,
    configurationVersion: '8.0',
    dvd: 'D:\\ISO\\drivers.iso',
    checkpoints: [{ name: 'Fresh install', ageHours: 5_000, type: 'Standard' }],
  },
];

/** The VMs of HV-LAB. */
export const standaloneVms: Readonly<Record<string, readonly VmSpec[]>> = { 'HV-LAB': vms };
