import type {
  DriveSlot,
  IntegrationServiceKind,
  VmCheckpoint,
  VmFacts,
  VmNetworkAdapter,
} from '@aether-v/types';
import type { GuestManners, GuestOsName } from './guest-os.ts';
import type { UsageProfileName } from './usage.ts';

/** An adapter as configured; `guestAddresses` are what the guest reports on it while it runs. */
export interface AdapterConfig extends Omit<VmNetworkAdapter, 'addresses'> {
  readonly guestAddresses: readonly string[];
}

/** A configured disk: the file and its slot. The storage knows the content of the file. */
export interface DiskDrive extends DriveSlot {
  readonly id: string;
  readonly path: string;
  readonly shared: boolean;
  /** A physical disk of the host, without a file. */
  readonly passThrough: boolean;
}

/** Settings that a checkpoint saves and restores. */
export type KeptSettings = Pick<
  VmConfig,
  'processors' | 'memory' | 'secureBoot' | 'bootOrder' | 'disks' | 'dvdDrives' | 'networkAdapters' | 'notes'
>;

/** A checkpoint: its settings and files, and if it contains the memory. */
export interface CheckpointConfig extends Omit<VmCheckpoint, 'current'> {
  readonly settings: KeptSettings;
  readonly hasMemory: boolean;
}

/** The configuration of a VM: the facts that do not follow from its state, and its guest. */
export interface VmConfig extends Omit<
  VmFacts,
  | 'state'
  | 'critical'
  | 'activity'
  | 'health'
  | 'startedAt'
  | 'heartbeat'
  | 'guest'
  | 'disks'
  | 'checkpoints'
  | 'networkAdapters'
  | 'integrationServices'
  | 'clusterRole'
  | 'problems'
> {
  readonly disks: readonly DiskDrive[];
  /** Controllers stay when nothing is attached to them. */
  readonly scsiControllers: number;
  readonly checkpoints: readonly CheckpointConfig[];
  /** The current checkpoint: the parent of the present state. */
  readonly currentCheckpointId: string | null;
  readonly networkAdapters: readonly AdapterConfig[];
  readonly disabledServices: readonly IntegrationServiceKind[];
  readonly clustered: boolean;
  readonly os: GuestOsName;
  readonly hostname: string;
  readonly manners: GuestManners;
  readonly profile: UsageProfileName;
}

/** Returns the settings that a checkpoint saves. */
export function keptSettings(config: KeptSettings): KeptSettings {
  const { processors, memory, secureBoot, bootOrder, disks, dvdDrives, networkAdapters, notes } = config;
  return { processors, memory, secureBoot, bootOrder, disks, dvdDrives, networkAdapters, notes };
}

/** All disk files of a VM, current and in its checkpoints. */
export function diskPathsOf(config: VmConfig): string[] {
  const drives = [...config.disks, ...config.checkpoints.flatMap(({ settings }) => settings.disks)];
  return [...new Set(drives.filter(({ passThrough }) => !passThrough).map(({ path }) => path))];
}
