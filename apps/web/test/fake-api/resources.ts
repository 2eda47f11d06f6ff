import type { HostResources } from '@aether-v/types';

const gib = 1024 ** 3;

/** What every host of the fake fleet has. */
export const resources: HostResources = {
  storageClasses: [
    { name: 'fast', path: 'C:\\ClusterStorage\\Volume1', kind: 'csv', free: 900 * gib, total: 8192 * gib },
    { name: 'big', path: 'C:\\ClusterStorage\\Volume2', kind: 'csv', free: 2900 * gib, total: 4096 * gib },
  ],
  networks: [
    { name: 'Servers', switchName: 'vSwitch-Prod', vlanId: 120, present: true },
    { name: 'Backup', switchName: 'vSwitch-Prod', vlanId: 130, present: true },
    { name: 'Old', switchName: 'vSwitch-Old', vlanId: null, present: false },
  ],
  images: [
    { id: 'ubuntu-24.04', name: 'Ubuntu 24.04', size: 2 * gib, virtualSize: 10 * gib, osFamily: 'linux' },
    { id: 'ws2025', name: 'Windows Server 2025', size: 9 * gib, virtualSize: 40 * gib, osFamily: 'windows' },
  ],
  isos: [{ id: 'drivers.iso', name: 'drivers.iso', size: gib }],
  vmPath: { path: 'C:\\ClusterStorage\\Volume1', present: true },
  problems: [],
};
