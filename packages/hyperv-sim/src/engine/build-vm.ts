import { driveId, timestamp, type DriveSlot, type VmDvdDrive } from '@aether-v/types';
import { buildDisks } from './build-disks.ts';
import type { NetworkSpec, VmSpec } from './fleet-spec.ts';
import { guestOperatingSystems } from './guest-os.ts';
import { Random } from './random.ts';
import { roleDefaults, type RoleDefaults } from './role-defaults.ts';
import {
  keptSettings,
  type AdapterConfig,
  type CheckpointConfig,
  type KeptSettings,
  type VmConfig,
} from './vm-config.ts';
import type { StoredFile } from './volume.ts';

const gibibyte = 1024 ** 3;
const hourMs = 3_600_000;

/** The location of a new VM. */
export interface VmPlace {
  readonly now: number;
  /** The folder that holds VMs, on a volume of the cluster or of the host. */
  readonly folder: string;
  /** The name of the VM's folder. */
  readonly folderName: string;
  readonly domain: string | null;
  readonly clustered: boolean;
  readonly networks: Readonly<Record<string, NetworkSpec>>;
  /** Returns the next dynamic MAC address of the host's pool: twelve upper-case hexadecimal digits. */
  nextMac(): string;
}

/** Returns the IPv6 link-local address that a guest derives from its MAC address (RFC 4291, modified EUI-64). */
export function linkLocalAddress(mac: string): string {
  const first = (parseInt(mac.slice(0, 2), 16) ^ 2).toString(16);
  const groups = [`${first}${mac.slice(2, 4)}`, `${mac.slice(4, 6)}ff`, `fe${mac.slice(6, 8)}`, mac.slice(8)];
  return `fe80::${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}`;
}

function buildCheckpoints(
  spec: VmSpec,
  place: VmPlace,
  random: Random,
  settingsAt: (index: number) => KeptSettings,
): CheckpointConfig[] {
  let parentId: string | null = null;
  return (spec.checkpoints ?? []).map(({ name, ageHours, type = 'Production' }, index) => {
    const id = random.guid();
    const createdAt = timestamp(place.now - ageHours * hourMs);
    const checkpoint = {
      id,
      parentId,
      name,
      type,
      automatic: false,
      createdAt,
      settings: settingsAt(index),
      hasMemory: false,
    };
    parentId = id;
    return checkpoint;
  });
}

function buildDvdDrives(spec: VmSpec): VmDvdDrive[] {
  if (spec.dvd === undefined) return [];
  const first = spec.generation === 1;
  const slot: DriveSlot = {
    controllerType: first ? 'IDE' : 'SCSI',
    controllerNumber: first ? 1 : 0,
    controllerLocation: first ? 1 : 63,
  };
  return [{ id: driveId(slot), ...slot, path: spec.dvd }];
}

function buildAdapters(spec: VmSpec, place: VmPlace, random: Random): AdapterConfig[] {
  if (spec.network === null) return [];
  const network = place.networks[spec.network ?? 'servers'];
  const macAddress = place.nextMac();
  const os = guestOperatingSystems[spec.os ?? roleDefaults[spec.role].os];
  const v4 = network ? [`${network.subnet}.${spec.octet ?? random.integer(60, 239)}`] : [];
  const access = network?.vlan ?? null;
  return [
    {
      id: random.guid(),
      name: 'Network Adapter',
      legacy: spec.generation === 1 && os.osVersion.startsWith('6.'),
      switchName: network?.switchName ?? null,
      connected: network !== undefined,
      vlan: spec.trunk
        ? {
            mode: 'Trunk',
            accessVlanId: null,
            nativeVlanId: spec.trunk.native,
            allowedVlanIds: spec.trunk.allowed,
          }
        : {
            mode: access === null ? 'Untagged' : 'Access',
            accessVlanId: access,
            nativeVlanId: null,
            allowedVlanIds: null,
          },
      macAddress,
      dynamicMacAddress: spec.staticMac !== true,
      guestAddresses: os.ipv6 ? [...v4, linkLocalAddress(macAddress)] : v4,
    },
  ];
}

function buildMemory(spec: VmSpec, defaults: RoleDefaults): VmConfig['memory'] {
  const startup = (spec.memoryGb ?? defaults.memoryGb) * gibibyte;
  if (!spec.dynamicGb) return { dynamic: false, startup, minimum: null, maximum: null, bufferPercent: null };
  const [minimum, maximum] = spec.dynamicGb;
  return {
    dynamic: true,
    startup,
    minimum: minimum * gibibyte,
    maximum: maximum * gibibyte,
    bufferPercent: 20,
  };
}

function hostnameOf(spec: VmSpec, place: VmPlace, windows: boolean): string {
  if (windows && place.domain !== null) return `${spec.name}.${place.domain}`;
  return windows ? spec.name : spec.name.toLowerCase();
}

/** The path of a VM's configuration file. */
export function configurationFile({
  configurationPath,
  vmId,
}: Pick<VmConfig, 'configurationPath' | 'vmId'>): StoredFile {
  const path = `${configurationPath}\\Virtual Machines\\${vmId.toUpperCase()}.vmcx`;
  return { path, size: 64 * 1024, disk: null };
}

/** Creates the configuration and files of a VM from its specification. Ids, sizes and dates come from `random`. */
export function buildVm(
  spec: VmSpec,
  vmId: string,
  place: VmPlace,
  random: Random,
): { readonly config: VmConfig; readonly files: readonly StoredFile[] } {
  const defaults = roleDefaults[spec.role];
  const osName = spec.os ?? defaults.os;
  const os = guestOperatingSystems[osName];
  const generation = spec.generation ?? 2;
  const created = place.now - (spec.ageDays ?? random.integer(40, 1_200)) * 24 * hourMs;
  const createdAt = timestamp(created - random.integer(0, 86_399_999));
  const configurationPath = `${place.folder}\\${place.folderName}`;
  const disks = buildDisks(spec, spec.disksGb ?? defaults.disksGb, configurationPath, random);
  const dvdDrives = buildDvdDrives(spec);
  const networkAdapters = buildAdapters(spec, place, random);
  const settings: KeptSettings = {
    processors: spec.processors ?? defaults.processors,
    memory: buildMemory(spec, defaults),
    secureBoot:
      generation === 1
        ? null
        : { enabled: spec.secureBoot ?? osName !== 'appliance', template: os.secureBootTemplate },
    bootOrder:
      generation === 1 ? null : [...disks.drives, ...networkAdapters, ...dvdDrives].map(({ id }) => id),
    disks: disks.drives,
    dvdDrives,
    networkAdapters,
    notes: spec.notes ?? '',
  };
  const checkpoints = buildCheckpoints(spec, place, random, (index) => ({
    ...keptSettings(settings),
    disks: disks.atCheckpoints[index] ?? [],
  }));
  const config: VmConfig = {
    ...settings,
    vmId,
    name: spec.name,
    generation,
    scsiControllers: spec.scsiControllers ?? 1,
    configurationVersion: spec.configurationVersion ?? '10.0',
    createdAt,
    configurationPath,
    checkpointType: spec.checkpointType ?? 'Production',
    checkpoints,
    currentCheckpointId: checkpoints.at(-1)?.id ?? null,
    replication: spec.replication ?? 'None',
    automaticStartAction: spec.startAction ?? defaults.startAction,
    automaticStartDelaySeconds: spec.startDelaySeconds ?? 0,
    automaticStopAction: spec.stopAction ?? defaults.stopAction,
    tpm: spec.tpm ?? false,
    disabledServices: ['GuestServiceInterface', ...(spec.disabledServices ?? [])],
    clustered: spec.clustered ?? place.clustered,
    os: osName,
    hostname: hostnameOf(spec, place, osName.startsWith('windows')),
    manners: spec.manners ?? 'obeys',
    profile: spec.role,
  };
  return { config, files: [...disks.files, configurationFile(config)] };
}
