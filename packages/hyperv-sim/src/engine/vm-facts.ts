import type { VmDisk, VmFacts, VmHealth, VmState } from '@aether-v/types';
import { guestOperatingSystems, type GuestOs } from './guest-os.ts';
import type { DiskDrive, VmConfig } from './vm-config.ts';
import type { StoredFile } from './volume.ts';

/** Contact with the guest's integration services: not yet, present, or lost. */
type GuestContact = 'none' | 'ok' | 'lost';

/** The condition of a VM: the part of its facts that changes apart from the configuration. */
export interface VmCondition {
  readonly state: VmState;
  /** A VM is critical unless this is Ok. */
  readonly health: VmHealth;
  readonly activity: VmFacts['activity'];
  /** Milliseconds since 1970; null while the VM has no worker process. */
  readonly startedAt: number | null;
  readonly contact: GuestContact;
}

/** Returns true if Hyper-V shows a VM in one of its critical states. */
export function isCritical({ health }: Pick<VmCondition, 'health'>): boolean {
  return health !== 'Ok';
}

const statesWithGuest = ['Running', 'Stopping', 'Saving', 'Pausing', 'Paused', 'Resuming'] as const;
const statesWithHeartbeat = ['Running', 'Stopping', 'Saving', 'Pausing', 'Resuming'] as const;

function isIn(states: readonly VmState[], state: VmState): boolean {
  return states.includes(state);
}

function heartbeatOf(config: VmConfig, condition: VmCondition): VmFacts['heartbeat'] {
  if (config.disabledServices.includes('Heartbeat')) return 'Disabled';
  if (!isIn(statesWithHeartbeat, condition.state)) return 'Unknown';
  return ({ none: 'NoContact', ok: 'Ok', lost: 'LostCommunication' } as const)[condition.contact];
}

const allServices = [
  'Heartbeat',
  'Shutdown',
  'TimeSynchronization',
  'KeyValuePairExchange',
  'Vss',
  'GuestServiceInterface',
] as const satisfies readonly VmFacts['integrationServices'][number]['kind'][];

function servicesOf(config: VmConfig, condition: VmCondition, os: GuestOs): VmFacts['integrationServices'] {
  return allServices.map((kind) => {
    if (config.disabledServices.includes(kind)) return { kind, enabled: false, status: 'Disabled' };
    if (!isIn(statesWithHeartbeat, condition.state)) return { kind, enabled: true, status: 'Unknown' };
    const heard = condition.contact === 'ok' && os.services.includes(kind);
    if (heard) return { kind, enabled: true, status: 'Ok' };
    return { kind, enabled: true, status: condition.contact === 'lost' ? 'LostCommunication' : 'NoContact' };
  });
}

function roleState(condition: VmCondition): 'Online' | 'Offline' | 'Failed' | 'Pending' {
  if (isCritical(condition)) return 'Failed';
  switch (condition.state) {
    case 'Running':
    case 'Paused':
      return 'Online';
    case 'Off':
    case 'Saved':
    case 'FastSaved':
    case 'Hibernated':
      return 'Offline';
    default:
      return 'Pending';
  }
}

/** Returns the facts of a disk; the sizes are null if its file cannot be read. */
function diskFacts(
  { passThrough, ...drive }: DiskDrive,
  look: (path: string) => StoredFile | undefined,
  critical: boolean,
): VmDisk {
  if (passThrough) {
    return {
      ...drive,
      format: 'Physical',
      type: 'PassThrough',
      size: null,
      fileSize: null,
      parentPath: null,
    };
  }
  const file = look(drive.path);
  const disk = file?.disk ?? { ...namedAs(drive.path), virtualSize: null, parentPath: null };
  const ancestors = ancestorsOf(disk.parentPath, look);
  return {
    ...drive,
    format: disk.format,
    type: disk.type,
    size: critical ? null : disk.virtualSize,
    fileSize: critical ? null : (file?.size ?? null),
    parentPath: disk.parentPath,
    ...(ancestors.length > 0 && { ancestors }),
  };
}

/** Returns the disk facts that follow from the file name, for a file that cannot be read. */
function namedAs(path: string): Pick<VmDisk, 'format' | 'type'> {
  return {
    format: /\.a?vhd$/i.test(path) ? 'VHD' : 'VHDX',
    type: /\.avhdx?$/i.test(path) ? 'Differencing' : 'Dynamic',
  };
}

/** The disks of a VM that its host cannot read. */
function diskProblems(
  disks: readonly DiskDrive[],
  look: (path: string) => StoredFile | undefined,
  critical: boolean,
): VmFacts['problems'] {
  return disks
    .filter(({ passThrough, path }) => !passThrough && (critical || look(path) === undefined))
    .map(({ id, path }) => ({ part: `disks ${id}`, message: `"${path}" cannot be read.` }));
}

/** Returns the parents of a disk's parent, nearest first. */
function ancestorsOf(parent: string | null, look: (path: string) => StoredFile | undefined): string[] {
  if (parent === null) return [];
  const seen = new Set([parent]);
  for (let next = look(parent)?.disk?.parentPath; next && !seen.has(next);) {
    seen.add(next);
    next = look(next)?.disk?.parentPath;
  }
  return [...seen].slice(1);
}

/** Returns the facts of a VM: its configuration, its condition, and what follows from both. */
export function vmFacts(
  config: VmConfig,
  condition: VmCondition,
  ownerNode: string,
  look: (path: string) => StoredFile | undefined,
): VmFacts {
  const { networkAdapters, disabledServices: _off, clustered, os: osName, hostname, ...rest } = config;
  const {
    manners: _manners,
    profile: _profile,
    currentCheckpointId,
    scsiControllers: _controllers,
    disks,
    checkpoints,
    ...configured
  } = rest;
  const os: GuestOs = guestOperatingSystems[osName];
  const speaks =
    isIn(statesWithGuest, condition.state) &&
    condition.contact !== 'none' &&
    os.services.includes('KeyValuePairExchange') &&
    !config.disabledServices.includes('KeyValuePairExchange');
  return {
    ...configured,
    state: condition.state,
    critical: isCritical(condition),
    activity: condition.activity,
    health: condition.health,
    startedAt: condition.startedAt === null ? null : new Date(condition.startedAt).toISOString(),
    disks: disks.map((drive) => diskFacts(drive, look, isCritical(condition))),
    checkpoints: checkpoints.map(({ settings: _settings, hasMemory: _memory, ...checkpoint }) => ({
      ...checkpoint,
      current: checkpoint.id === currentCheckpointId,
    })),
    networkAdapters: networkAdapters.map(({ guestAddresses, ...adapter }) => ({
      ...adapter,
      addresses: speaks && adapter.connected ? [...guestAddresses] : [],
    })),
    integrationServices: servicesOf(config, condition, os),
    heartbeat: heartbeatOf(config, condition),
    guest: speaks ? { osName: os.osName, osVersion: os.osVersion, hostname } : null,
    clusterRole: clustered ? { name: config.name, state: roleState(condition), ownerNode } : null,
    problems: diskProblems(disks, look, isCritical(condition)),
  };
}
