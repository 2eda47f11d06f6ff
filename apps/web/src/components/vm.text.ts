import type { Vm } from '@aether-v/types';

const onOff = (value: boolean): string => (value ? 'On' : 'Off');

export const vmTexts = {
  notReported: 'Not reported by the host',
  notFound: 'Virtual machine not found',
  notFoundBody: 'It may have been deleted, or moved to a host outside this fleet.',
  backToList: 'All virtual machines',
  failed: 'The virtual machine could not be loaded',
  on: 'on',
  stale: (host: string, time: string) =>
    `${host} has been unreachable since ${time}. You see the last known state.`,
  criticalTitle: 'Critical.',
  critical:
    'Hyper-V reports that this virtual machine is not healthy, most often because it lost its storage. Check the volume and the paths below. Until then it can only be turned off.',
  moving: 'This virtual machine is moving between hosts.',
  blocked: (reason: string) => `${reason} Its power actions will be available again after that.`,
  tabs: { summary: 'Summary', hardware: 'Hardware', checkpoints: 'Checkpoints', settings: 'Settings' },
  cpu: 'CPU',
  memory: 'Memory',
  noUsage: 'Not running, so nothing is measured.',
  since: (time: string) => `Measured here since ${time}`,
  waiting: 'Waiting for the first sample',
  collecting: (seconds: number) => `Collecting samples. The chart begins in about ${seconds} s.`,
  collectingLate: (host: string) => `Waiting for samples from ${host}.`,
  usageUnreachable: (host: string) => `No samples: ${host} is unreachable.`,
  assigned: 'Assigned',
  demand: (demand: string) => `Demand: ${demand}`,
  sections: {
    usage: 'Usage',
    machine: 'Virtual machine',
    guest: 'Guest',
    notes: 'Notes',
    processor: 'Processor and memory',
    disks: 'Disks',
    dvd: 'DVD drives',
    network: 'Network',
    checkpoints: 'Checkpoints',
    services: 'Integration services',
    security: 'Security',
    startStop: 'Start and stop',
    files: 'Files and version',
    cluster: 'Cluster role',
  },
  noGuest: 'The guest reports no information. It requires a running guest with integration services.',
  editSettings: 'Edit settings',
  move: 'Move',
  removeRole: 'Remove from cluster',
  addRole: 'Add to cluster',
  noRole:
    'The virtual machine runs on a cluster node but is not a clustered role. If the node fails, the virtual machine is not restarted elsewhere.',
  noDisks: 'No disks are attached.',
  noDvd: 'No DVD drive.',
  noNetwork: 'No network adapter.',
  noNotes: 'None.',
  emptyDrive: 'Empty',
  notConnected: 'Not connected',
  noAddresses: 'The guest reports none',
  dynamicMac: (mac: string) => `${mac} (dynamic)`,
  staticMac: (mac: string) => `${mac} (static)`,
  percentDone: (word: string, percent: string) => `${word}, ${percent}`,
  onOff,
  secureBoot({ secureBoot: setting }: Vm): string {
    if (!setting) return 'Not available in generation 1';
    const word = onOff(setting.enabled);
    return setting.template === null ? word : `${word} (${setting.template})`;
  },
  staticMemory: (size: string) => `${size}, static`,
  diskKind: ({ format, type, shared }: Vm['disks'][number]) =>
    `${format ?? 'Format not reported'}, ${type ?? 'type not reported'}${shared ? ', shared' : ''}`,
  legacy: (adapter: string) => `${adapter} (legacy)`,
  unknownSize: 'The file cannot be read',
  /** Labels of facts and columns. */
  labels: {
    activity: 'Activity',
    adapter: 'Adapter',
    addresses: 'Addresses',
    buffer: 'Buffer',
    checkpoints: 'Checkpoints',
    cluster: 'Cluster',
    configuration: 'Configuration',
    configurationVersion: 'Configuration version',
    controller: 'Controller',
    created: 'Created',
    delay: 'Delay',
    dynamic: 'Dynamic',
    file: 'File',
    generation: 'Generation',
    health: 'Health',
    heartbeat: 'Heartbeat',
    host: 'Host',
    hostName: 'Host name',
    id: 'ID',
    ipAddress: 'IP address',
    kind: 'Kind',
    macAddress: 'MAC address',
    maximum: 'Maximum',
    medium: 'Medium',
    memory: 'Memory',
    minimum: 'Minimum',
    name: 'Name',
    none: 'None',
    onDisk: 'On disk',
    ownerNode: 'Owner node',
    processors: 'Processors',
    replication: 'Replication',
    role: 'Role',
    secureBoot: 'Secure boot',
    size: 'Size',
    startup: 'Startup',
    startupMemory: 'Startup memory',
    state: 'State',
    switch: 'Switch',
    system: 'System',
    tpm: 'TPM',
    uptime: 'Uptime',
    version: 'Version',
    vlan: 'VLAN',
    whenTheHostStarts: 'When the host starts',
    whenTheHostStops: 'When the host stops',
  },
};

export const healthWords: Record<Vm['health'], string> = {
  Unknown: 'Unknown',
  Ok: 'OK',
  MajorFailure: 'Major failure',
  CriticalFailure: 'Critical failure',
};

export const heartbeatWords: Record<Vm['heartbeat'], string> = {
  Ok: 'OK',
  Degraded: 'Degraded',
  NoContact: 'No contact with the guest',
  LostCommunication: 'Contact with the guest was lost',
  Error: 'Error',
  Paused: 'Paused',
  Disabled: 'Disabled',
  Unknown: 'Unknown',
};

export const startActionWords: Record<NonNullable<Vm['automaticStartAction']>, string> = {
  Nothing: 'Nothing',
  StartIfRunning: 'Start if it was running',
  Start: 'Always start',
};

export const stopActionWords: Record<NonNullable<Vm['automaticStopAction']>, string> = {
  TurnOff: 'Turn off',
  Save: 'Save',
  ShutDown: 'Shut down the guest',
};

export const checkpointTypeWords: Record<NonNullable<Vm['checkpointType']>, string> = {
  Disabled: 'Disabled',
  Standard: 'Standard',
  Production: 'Production, or standard if that fails',
  ProductionOnly: 'Production only',
};

export const serviceStatusWords: Record<Vm['integrationServices'][number]['status'], string> = {
  Ok: 'OK',
  Degraded: 'Degraded',
  NoContact: 'No contact',
  LostCommunication: 'Contact lost',
  Error: 'Error',
  Paused: 'Paused',
  Disabled: 'Disabled',
  Unknown: 'Unknown',
};

export const replicationWords: Record<NonNullable<Vm['replication']>, string> = {
  None: 'Not replicated',
  Primary: 'Primary',
  Replica: 'Replica',
  ExtendedReplica: 'Extended replica',
};

export function vlanText(vlan: Vm['networkAdapters'][number]['vlan']): string {
  switch (vlan.mode) {
    case 'Untagged':
      return 'Untagged';
    case 'Access':
      return `Access ${vlan.accessVlanId ?? ''}`.trim();
    case 'Trunk':
      return `Trunk ${vlan.allowedVlanIds ?? ''}, native ${vlan.nativeVlanId ?? 0}`;
    case 'Private':
      return 'Private';
    case null:
      return vmTexts.notReported;
  }
}
