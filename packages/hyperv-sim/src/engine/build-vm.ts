import { driveId, type DriveSlot, type VmCheckpoint, type VmDisk, type VmDvdDrive } from '@aether-v/types';
import { timestamp } from './clock.ts';
import type { NetworkSpec, VmSpec } from './fleet-spec.ts';
import { guestOperatingSystems } from './guest-os.ts';
import { Random } from './random.ts';
import { roleDefaults, type RoleDefaults } from './role-defaults.ts';
import type { AdapterConfig, VmConfig } from './vm-config.ts';

const gibibyte = 1024 ** 3;
const hourMs = 3_600_000;

/** Where a VM is put. */
export interface VmPlace {
  readonly now: number;
  /** The folder that holds VMs: a volume of the cluster, or the host's own. */
  readonly folder: string;
  readonly domain: string | null;
  readonly clustered: boolean;
  readonly networks: Readonly<Record<string, NetworkSpec>>;
  /** The next dynamic address of this host's pool: twelve upper-case hexadecimal digits. */
  nextMac(): string;
}

/** The IPv6 link-local address that a guest makes of its MAC address (RFC 4291, modified EUI-64). */
export function linkLocalAddress(mac: string): string {
  const first = (parseInt(mac.slice(0, 2), 16) ^ 2).toString(16);
  const groups = [`${first}${mac.slice(2, 4)}`, `${mac.slice(4, 6)}ff`, `fe${mac.slice(6, 8)}`, mac.slice(8)];
  return `fe80::${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}`;
}

function buildCheckpoints(spec: VmSpec, place: VmPlace, random: Random): VmCheckpoint[] {
  let parentId: string | null = null;
  const checkpoints = spec.checkpoints ?? [];
  return checkpoints.map(({ name, ageHours, type = 'Production' }, index) => {
    const id = random.guid();
    const checkpoint = {
      id,
      parentId,
      name,
      type,
      createdAt: timestamp(place.now - ageHours * hourMs),
      current: index === checkpoints.length - 1,
    };
    parentId = id;
    return checkpoint;
  });
}

function buildDisks(spec: VmSpec, sizes: readonly number[], place: VmPlace, random: Random): VmDisk[] {
  const oldest = spec.generation === 1;
  const vhd = spec.os === 'windows-2008r2';
  return sizes.map((sizeGb, index) => {
    const size = sizeGb * gibibyte;
    const base = `${place.folder}\\${spec.name}\\Virtual Hard Disks\\${spec.name}${index === 0 ? '' : `-data${index}`}`;
    const differs = (spec.checkpoints ?? []).length > 0;
    const suffix = vhd ? '.vhd' : '.vhdx';
    const used = Math.round(size * (0.2 + 0.6 * random.next()));
    const fileSize = Math.round(differs ? used * 0.08 : spec.fixedDisks === true ? size : used);
    const slot: DriveSlot = {
      controllerType: oldest && index < 3 ? 'IDE' : 'SCSI',
      controllerNumber: oldest && index === 2 ? 1 : 0,
      controllerLocation: oldest ? index % 2 : index,
    };
    return {
      id: driveId(slot),
      ...slot,
      path: differs ? `${base}_${random.guid().toUpperCase()}.a${suffix.slice(1)}` : `${base}${suffix}`,
      format: vhd ? 'VHD' : 'VHDX',
      type: differs ? 'Differencing' : spec.fixedDisks === true ? 'Fixed' : 'Dynamic',
      size: spec.critical === true ? null : size,
      fileSize: spec.critical === true ? null : fileSize,
      parentPath: differs ? `${base}${suffix}` : null,
      shared: false,
    };
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

/** Makes a VM's configuration of its specification; ids, sizes and dates come from `random`. */
export function buildVm(spec: VmSpec, vmId: string, place: VmPlace, random: Random): VmConfig {
  const defaults = roleDefaults[spec.role];
  const osName = spec.os ?? defaults.os;
  const os = guestOperatingSystems[osName];
  const generation = spec.generation ?? 2;
  const created = place.now - (spec.ageDays ?? random.integer(40, 1_200)) * 24 * hourMs;
  const disks = buildDisks(spec, spec.disksGb ?? defaults.disksGb, place, random);
  const dvdDrives = buildDvdDrives(spec);
  const networkAdapters = buildAdapters(spec, place, random);
  return {
    vmId,
    name: spec.name,
    generation,
    configurationVersion: spec.configurationVersion ?? '10.0',
    createdAt: timestamp(created - random.integer(0, 86_399_999)),
    notes: spec.notes ?? '',
    configurationPath: `${place.folder}\\${spec.name}`,
    processors: spec.processors ?? defaults.processors,
    memory: buildMemory(spec, defaults),
    disks,
    dvdDrives,
    networkAdapters,
    checkpointType: spec.checkpointType ?? 'Production',
    checkpoints: buildCheckpoints(spec, place, random),
    replication: spec.replication ?? 'None',
    automaticStartAction: spec.startAction ?? defaults.startAction,
    automaticStartDelaySeconds: spec.startDelaySeconds ?? 0,
    automaticStopAction: spec.stopAction ?? defaults.stopAction,
    secureBoot:
      generation === 1
        ? null
        : { enabled: spec.secureBoot ?? osName !== 'appliance', template: os.secureBootTemplate },
    tpm: spec.tpm ?? false,
    bootOrder: generation === 1 ? null : [...disks, ...networkAdapters, ...dvdDrives].map(({ id }) => id),
    disabledServices: ['GuestServiceInterface', ...(spec.disabledServices ?? [])],
    clustered: spec.clustered ?? place.clustered,
    os: osName,
    hostname: hostnameOf(spec, place, osName.startsWith('windows')),
    manners: spec.manners ?? 'obeys',
    profile: spec.role,
  };
}
