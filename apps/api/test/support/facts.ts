import type { ClusterFacts, HostFacts, HostResources, VmDisk, VmFacts } from '@aether-v/types';

/** A GUID made of a number. */
export function guid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** A plain running VM, with what a test cares about. */
export function vmFacts(vmId: string, overrides: Partial<VmFacts> = {}): VmFacts {
  return {
    vmId,
    name: `VM-${vmId.slice(-4)}`,
    state: 'Running',
    critical: false,
    activity: null,
    health: 'Ok',
    generation: 2,
    configurationVersion: '10.0',
    createdAt: '2025-01-01T00:00:00Z',
    startedAt: '2025-06-01T00:00:00Z',
    notes: '',
    configurationPath: 'C:\\VMs',
    processors: 2,
    memory: { dynamic: false, startup: 2 ** 31, minimum: null, maximum: null, bufferPercent: null },
    disks: [],
    dvdDrives: [],
    networkAdapters: [],
    checkpointType: 'Production',
    checkpoints: [],
    integrationServices: [],
    heartbeat: 'Ok',
    guest: null,
    clusterRole: null,
    replication: 'None',
    automaticStartAction: 'StartIfRunning',
    automaticStartDelaySeconds: 0,
    automaticStopAction: 'Save',
    secureBoot: null,
    tpm: false,
    bootOrder: null,
    problems: [],
    ...overrides,
  };
}

/** A disk of a VM in its first slot. */
export function disk(path: string, overrides: Partial<VmDisk> = {}): VmDisk {
  return {
    id: 'scsi-0-0',
    controllerType: 'SCSI',
    controllerNumber: 0,
    controllerLocation: 0,
    path,
    format: 'VHDX',
    type: 'Dynamic',
    size: 2 ** 35,
    fileSize: 2 ** 30,
    parentPath: null,
    shared: false,
    ...overrides,
  };
}

/** A VM in a clustered role that a node owns. */
export function clusteredVm(vmId: string, ownerNode: string, overrides: Partial<VmFacts> = {}): VmFacts {
  return vmFacts(vmId, {
    clusterRole: { name: `VM-${vmId.slice(-4)}`, state: 'Online', ownerNode },
    ...overrides,
  });
}

/** A host as it reports itself. */
export function hostFacts(hostId: string, overrides: Partial<HostFacts> = {}): HostFacts {
  return {
    hostId,
    name: hostId.toUpperCase(),
    fqdn: null,
    clusterId: null,
    osName: 'Windows Server 2025 Datacenter',
    osVersion: '10.0.26100',
    manufacturer: null,
    model: null,
    processorName: null,
    logicalProcessors: 64,
    memory: 2 ** 39,
    bootedAt: null,
    defaultVmPath: null,
    defaultDiskPath: null,
    switches: [],
    agentVersion: '1.0.0',
    nodeState: null,
    problems: [],
    ...overrides,
  };
}

const gibibyte = 1024 ** 3;

/** Resources that a host reports. */
export function hostResources(change: Partial<HostResources> = {}): HostResources {
  return {
    storageClasses: [
      {
        name: 'CSV01',
        path: 'C:\\ClusterStorage\\V1',
        kind: 'csv',
        free: 900 * gibibyte,
        total: 1024 * gibibyte,
      },
      { name: 'Local', path: 'D:\\Hyper-V', kind: 'local', free: 2000 * gibibyte, total: 4096 * gibibyte },
    ],
    networks: [{ name: 'servers', switchName: 'Production', vlanId: 20, present: true }],
    images: [
      {
        id: 'debian-12',
        name: 'debian-12',
        size: 2 * gibibyte,
        virtualSize: 16 * gibibyte,
        osFamily: 'linux',
      },
    ],
    isos: [{ id: 'setup.iso', name: 'setup.iso', size: gibibyte }],
    vmPath: null,
    problems: [],
    ...change,
  };
}

/** A cluster as one of its nodes sees it. */
export function clusterFacts(clusterId: string, hostIds: readonly string[], name = 'CL01'): ClusterFacts {
  return {
    clusterId,
    name,
    fqdn: null,
    nodes: hostIds.map((hostId) => ({ name: hostId.toUpperCase(), hostId, state: 'Up' })),
    functionalLevel: 12,
    sharedVolumes: [],
  };
}
