import type { Cluster, Host, Vm, VmState } from '@aether-v/types';

const gib = 1024 ** 3;
const day = 86_400_000;

/** A deterministic GUID-shaped id. */
export function guid(group: number, n: number): string {
  return `${group.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

const clusters = [
  { id: guid(1, 1), name: 'PROD-CL01', hosts: ['HV-01', 'HV-02', 'HV-03'] },
  { id: guid(1, 2), name: 'LAB-CL02', hosts: ['HV-LAB-1', 'HV-LAB-2', 'HV-LAB-3'] },
];
const names = [
  'APP-WEB',
  'APP-API',
  'SQL-REP',
  'FILE-SRV',
  'DC',
  'MAIL-EDGE',
  'BUILD-AGENT',
  'LEGACY',
  'MONITOR',
  'VPN-GW',
];
const resting: readonly VmState[] = [
  'Running',
  'Running',
  'Running',
  'Off',
  'Running',
  'Saved',
  'Running',
  'Paused',
];

export function makeHosts(now: number): Host[] {
  const clustered = clusters.flatMap(({ id, name, hosts }) =>
    hosts.map((host) => makeHost(host, id, name, now)),
  );
  const unreachable = makeHost('HV-BRANCH', null, null, now);
  return [
    ...clustered,
    {
      ...unreachable,
      connection: {
        state: 'unreachable',
        since: new Date(now - 4 * 60_000).toISOString(),
        error: {
          code: 'host-unreachable',
          message: 'Connecting to hv-branch.corp.example:5985 timed out after 10 s.',
          remedy:
            'Check that the host is up, that WinRM listens there (winrm enumerate winrm/config/listener) and that TCP 5985 is open.',
        },
        watching: false,
      },
      stale: {
        since: new Date(now - 4 * 60_000).toISOString(),
        code: 'host-unreachable',
        message: 'The host has not answered since.',
      },
    },
  ];
}

function makeHost(name: string, clusterId: string | null, clusterName: string | null, now: number): Host {
  const id = name.toLowerCase();
  return {
    id,
    name,
    address: `http://${id}.corp.example:5985/wsman`,
    clusterId,
    clusterName,
    connection: {
      state: 'connected',
      since: new Date(now - 3_600_000).toISOString(),
      error: null,
      watching: true,
    },
    stale: null,
    conflict: null,
    problems: [],
    clockOffsetMs: 0,
    facts: {
      hostId: id,
      name,
      fqdn: `${id}.corp.example`,
      clusterId,
      osName: 'Microsoft Windows Server 2022 Datacenter',
      osVersion: '10.0.20348',
      manufacturer: 'Dell Inc.',
      model: 'PowerEdge R750',
      processorName: 'Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz',
      logicalProcessors: 64,
      memory: 512 * gib,
      bootedAt: new Date(now - 41 * day).toISOString(),
      defaultVmPath: 'C:\\ClusterStorage\\Volume1',
      defaultDiskPath: 'C:\\ClusterStorage\\Volume1\\Disks',
      switches: [{ id: guid(5, 1), name: 'vSwitch-Prod', type: 'External' }],
      agentVersion: '0.1.0',
      nodeState: clusterId ? (name === 'HV-LAB-2' ? 'Paused' : 'Up') : null,
      problems: [],
    },
    vmCount: 0,
    runningVmCount: 0,
    staleVmCount: 0,
  };
}

export function makeClusters(): Cluster[] {
  return clusters.map(({ id, name, hosts }, index) => ({
    id,
    stale: null,
    vmCount: 0,
    runningVmCount: 0,
    staleVmCount: 0,
    hostIds: hosts.map((host) => host.toLowerCase()),
    name,
    fqdn: `${name.toLowerCase()}.corp.example`,
    nodes: hosts.map((host) => ({
      name: host,
      hostId: host.toLowerCase(),
      state: host === 'HV-LAB-2' ? ('Paused' as const) : ('Up' as const),
    })),
    functionalLevel: 11,
    sharedVolumes: [
      {
        name: 'Volume1',
        path: 'C:\\ClusterStorage\\Volume1',
        size: 8192 * gib,
        free: (index === 0 ? 3100 : 420) * gib,
      },
      { name: 'Volume2', path: 'C:\\ClusterStorage\\Volume2', size: 4096 * gib, free: 2900 * gib },
    ],
  }));
}

export function makeVms(count: number, hosts: readonly Host[], now: number): Vm[] {
  return Array.from({ length: count }, (_, n) => makeVm(n, hosts[n % hosts.length] ?? hosts[0], now));
}

function makeVm(n: number, host: Host | undefined, now: number): Vm {
  if (!host) throw new Error('A VM needs a host.');
  const state = resting[n % resting.length] ?? 'Off';
  const running = state === 'Running' || state === 'Paused';
  const linux = n % 3 === 0;
  const series = Math.floor(n / names.length) + 1;
  const name = `${names[n % names.length]}-${String(series).padStart(2, '0')}`;
  const memory = (4 << (n % 4)) * gib;
  const addresses = running
    ? [`10.1.${Math.floor(n / 250)}.${(n % 250) + 1}`, `fe80::215:5dff:fe00:${n.toString(16)}`]
    : [];
  const base = `C:\\ClusterStorage\\Volume1\\${name}`;
  return {
    id: guid(9, n),
    vmId: guid(9, n),
    hostId: host.id,
    hostName: host.name,
    clusterId: host.clusterId,
    clusterName: host.clusterName,
    moving: false,
    stale: host.stale,
    conflict: null,
    addresses,
    name,
    state,
    critical: n === 17,
    activity: n === 8 ? { kind: 'MergingDisks', percent: 42 } : null,
    health: n === 17 ? 'CriticalFailure' : 'Ok',
    generation: name.startsWith('LEGACY') ? 1 : 2,
    configurationVersion: '10.0',
    createdAt: new Date(now - (300 + n) * day).toISOString(),
    startedAt: running ? new Date(now - ((n % 30) + 0.3) * day).toISOString() : null,
    notes: n % 5 === 0 ? 'Owner: platform team. Patch window: Sunday 02:00.' : '',
    configurationPath: base,
    processors: 2 << (n % 3),
    memory:
      n % 2 === 0
        ? { dynamic: true, startup: memory, minimum: memory / 2, maximum: memory * 2, bufferPercent: 20 }
        : { dynamic: false, startup: memory, minimum: null, maximum: null, bufferPercent: null },
    disks: [
      {
        id: 'scsi-0-0',
        controllerType: 'SCSI',
        controllerNumber: 0,
        controllerLocation: 0,
        path: `${base}\\${name}-os.vhdx`,
        format: 'VHDX',
        type: 'Dynamic',
        size: 127 * gib,
        fileSize: (20 + n) * gib,
        parentPath: null,
        shared: false,
      },
    ],
    dvdDrives: [
      { id: 'scsi-0-1', controllerType: 'SCSI', controllerNumber: 0, controllerLocation: 1, path: null },
    ],
    networkAdapters: [
      {
        id: guid(6, n),
        name: 'Network Adapter',
        legacy: false,
        switchName: 'vSwitch-Prod',
        connected: true,
        vlan: { mode: 'Access', accessVlanId: 120, nativeVlanId: null, allowedVlanIds: null },
        macAddress: `00155D${n.toString(16).toUpperCase().padStart(6, '0')}`,
        dynamicMacAddress: true,
        addresses,
      },
    ],
    checkpointType: 'Production',
    checkpoints:
      n % 4 === 0
        ? [
            {
              id: guid(7, n),
              parentId: null,
              name: 'Before patching',
              type: 'Production',
              automatic: false,
              createdAt: new Date(now - 3 * day).toISOString(),
              current: false,
            },
            {
              id: guid(8, n),
              parentId: guid(7, n),
              name: 'After patching',
              type: 'Production',
              automatic: false,
              createdAt: new Date(now - 2 * day).toISOString(),
              current: true,
            },
          ]
        : [],
    integrationServices: [
      { kind: 'Heartbeat', enabled: true, status: running ? 'Ok' : 'NoContact' },
      { kind: 'Shutdown', enabled: true, status: running ? 'Ok' : 'NoContact' },
      { kind: 'TimeSynchronization', enabled: true, status: running ? 'Ok' : 'NoContact' },
      { kind: 'KeyValuePairExchange', enabled: true, status: running ? 'Ok' : 'NoContact' },
      { kind: 'Vss', enabled: !linux, status: linux ? 'Disabled' : running ? 'Ok' : 'NoContact' },
      { kind: 'GuestServiceInterface', enabled: false, status: 'Disabled' },
    ],
    heartbeat: state === 'Running' ? 'Ok' : 'NoContact',
    guest: running
      ? linux
        ? { osName: 'Ubuntu 24.04.1 LTS', osVersion: '6.8.0', hostname: name.toLowerCase() }
        : { osName: 'Windows Server 2022 Standard', osVersion: '10.0.20348', hostname: name }
      : null,
    clusterRole: host.clusterId
      ? { name, state: state === 'Off' ? 'Offline' : 'Online', ownerNode: host.id }
      : null,
    replication: 'None',
    automaticStartAction: 'StartIfRunning',
    automaticStartDelaySeconds: 0,
    automaticStopAction: 'ShutDown',
    secureBoot: { enabled: true, template: linux ? 'MicrosoftUEFICertificateAuthority' : 'MicrosoftWindows' },
    tpm: !linux,
    bootOrder: ['scsi-0-0', 'scsi-0-1', guid(6, n)],
    problems: [],
  };
}
