import type { VmSpec } from './fleet-spec.ts';
import type { UsageProfileName } from './usage.ts';

/** The default specification of a role's VMs. */
export type RoleDefaults = Required<
  Pick<VmSpec, 'os' | 'processors' | 'memoryGb' | 'disksGb' | 'startAction' | 'stopAction'>
>;

const server = { os: 'windows-2022', startAction: 'StartIfRunning', stopAction: 'Save' } as const;
const linux = { os: 'ubuntu-24.04', startAction: 'StartIfRunning', stopAction: 'ShutDown' } as const;

/** The defaults of each role. */
export const roleDefaults: Readonly<Record<UsageProfileName, RoleDefaults>> = {
  'domain-controller': {
    ...server,
    processors: 2,
    memoryGb: 4,
    disksGb: [80],
    startAction: 'Start',
    stopAction: 'ShutDown',
  },
  database: { ...server, processors: 8, memoryGb: 32, disksGb: [100, 500, 200], stopAction: 'ShutDown' },
  web: { ...server, processors: 4, memoryGb: 8, disksGb: [80] },
  application: { ...server, processors: 4, memoryGb: 16, disksGb: [100, 200] },
  mail: { ...server, processors: 8, memoryGb: 32, disksGb: [120, 1_000], stopAction: 'ShutDown' },
  file: { ...server, processors: 4, memoryGb: 8, disksGb: [80, 2_000] },
  desktop: { ...server, processors: 8, memoryGb: 24, disksGb: [160] },
  backup: { ...server, processors: 4, memoryGb: 12, disksGb: [100, 500] },
  kubernetes: { ...linux, processors: 4, memoryGb: 16, disksGb: [60, 120] },
  build: { ...linux, processors: 8, memoryGb: 16, disksGb: [200] },
  monitoring: { ...linux, processors: 4, memoryGb: 8, disksGb: [60, 250] },
  utility: { ...server, processors: 2, memoryGb: 4, disksGb: [60] },
};
