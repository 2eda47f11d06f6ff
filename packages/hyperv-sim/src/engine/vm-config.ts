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

/** A disk as configured: which file is in which slot. What is in the file, the storage knows. */
export interface DiskDrive extends DriveSlot {
  readonly id: string;
  readonly path: string;
  readonly shared: boolean;
  /** A physical disk of the host; then there is no file. */
  readonly passThrough: boolean;
}

/** Settings that a checkpoint keeps and brings back. */
export type KeptSettings = Pick<
  VmConfig,
  'processors' | 'memory' | 'secureBoot' | 'bootOrder' | 'disks' | 'dvdDrives' | 'networkAdapters' | 'notes'
>;

/** A checkpoint: what was configured then, on which files, and whether the memory was kept. */
export interface CheckpointConfig extends Omit<VmCheckpoint, 'current'> {
  readonly settings: KeptSettings;
  readonly hasMemory: boolean;
}

/** What is configured: everything of a VM's facts that does not follow from its state, and who lives inside. */
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
  /** The checkpoint that the present state descends from. */
  readonly currentCheckpointId: string | null;
  readonly networkAdapters: readonly AdapterConfig[];
  readonly disabledServices: readonly IntegrationServiceKind[];
  readonly clustered: boolean;
  readonly os: GuestOsName;
  readonly hostname: string;
  readonly manners: GuestManners;
  readonly profile: UsageProfileName;
}

/** The settings that a checkpoint taken now would keep. */
export function keptSettings(config: KeptSettings): KeptSettings {
  const { processors, memory, secureBoot, bootOrder, disks, dvdDrives, networkAdapters, notes } = config;
  return { processors, memory, secureBoot, bootOrder, disks, dvdDrives, networkAdapters, notes };
}

/** Every file that a VM has as a disk: now, and in its checkpoints. */
export function diskPathsOf(config: VmConfig): string[] {
  const drives = [...config.disks, ...config.checkpoints.flatMap(({ settings }) => settings.disks)];
  return [...new Set(drives.filter(({ passThrough }) => !passThrough).map(({ path }) => path))];
}
