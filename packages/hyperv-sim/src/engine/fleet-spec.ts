import type { IntegrationServiceKind, VmFacts, VmHealth, VmState } from '@aether-v/types';
import type { GuestManners, GuestOsName } from './guest-os.ts';
import type { UsageProfileName } from './usage.ts';

/** A network for VMs: the host's switch, the VLAN, and the addresses of guests. */
export interface NetworkSpec {
  readonly switchName: string;
  readonly vlan: number | null;
  /** The first three parts of its IPv4 addresses. */
  readonly subnet: string;
}

/** Specification of a host. */
export interface HostSpec {
  /** The computer name, as Windows writes it: `HV-01`. */
  readonly name: string;
  readonly domain: string | null;
  /** The name of its cluster, if it has one. */
  readonly cluster: string | null;
  readonly osName: string;
  readonly osVersion: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly processorName: string;
  readonly logicalProcessors: number;
  readonly memoryGb: number;
  /** Hours since it booted. */
  readonly upHours: number;
  readonly switches: readonly { readonly name: string; readonly type: 'External' | 'Internal' | 'Private' }[];
}

/** Specification of a cluster; its nodes name it. */
export interface ClusterSpec {
  readonly name: string;
  readonly domain: string;
  readonly functionalLevel: number;
  readonly volumes: readonly { readonly name: string; readonly sizeGb: number; readonly freeGb: number }[];
}

/** Specification of a checkpoint. */
export interface CheckpointSpec {
  readonly name: string;
  readonly ageHours: number;
  readonly type?: 'Standard' | 'Production' | 'Recovery';
}

/** Specification of a VM; fields that are left out follow from its role. */
export interface VmSpec {
  readonly name: string;
  readonly role: UsageProfileName;
  readonly os?: GuestOsName;
  readonly notes?: string;
  readonly generation?: 1 | 2;
  readonly configurationVersion?: string;
  readonly processors?: number;
  readonly memoryGb?: number;
  /** Minimum and maximum of dynamic memory, in GB; static memory if left out. */
  readonly dynamicGb?: readonly [number, number];
  /** Sizes of its disks; the first one holds the system. */
  readonly disksGb?: readonly number[];
  readonly fixedDisks?: boolean;
  /** The number of SCSI controllers, over which the disks are spread in turn; one if left out. */
  readonly scsiControllers?: number;
  /** The path of the image in its DVD drive; null for an empty drive; left out for no drive. */
  readonly dvd?: string | null;
  /** The name of a network in the fleet; null for no adapter. */
  readonly network?: string | null;
  /** The last part of its IPv4 address. */
  readonly octet?: number;
  /** An adapter that carries several VLANs. */
  readonly trunk?: { readonly native: number; readonly allowed: string };
  readonly staticMac?: boolean;
  /** Which of its cluster's volumes holds it. */
  readonly volume?: number;
  /** The initial state: stable, or a transition that hangs. */
  readonly state?: VmState;
  /** Its storage is unreachable: the health is CriticalFailure. */
  readonly critical?: boolean;
  readonly health?: VmHealth;
  readonly activity?: VmFacts['activity'];
  readonly checkpoints?: readonly CheckpointSpec[];
  readonly checkpointType?: VmFacts['checkpointType'];
  readonly disabledServices?: readonly IntegrationServiceKind[];
  readonly manners?: GuestManners;
  readonly replication?: VmFacts['replication'];
  /** Of a replica: the VM whose GUID it shares. */
  readonly sameIdAs?: string;
  readonly clustered?: boolean;
  readonly tpm?: boolean;
  readonly secureBoot?: boolean;
  readonly startAction?: VmFacts['automaticStartAction'];
  readonly startDelaySeconds?: number;
  readonly stopAction?: VmFacts['automaticStopAction'];
  /** Its uptime in hours; less than its host's. */
  readonly upHours?: number;
  /** Days since it was created. */
  readonly ageDays?: number;
}

/** Specification of a fleet. */
export interface FleetSpec {
  readonly clusters: readonly ClusterSpec[];
  readonly hosts: readonly HostSpec[];
  readonly networks: Readonly<Record<string, NetworkSpec>>;
  /** VMs by the name of the host that holds them at first. */
  readonly vms: Readonly<Record<string, readonly VmSpec[]>>;
}
