import type { HostConfiguration } from '@aether-v/types';
import type { ClusterSpec, FleetSpec, HostSpec } from './fleet-spec.ts';
import { Volume, type StoredFile } from './volume.ts';

const gibibyte = 1024 ** 3;

/** The initial images of every storage with a folder for them: virtual size and file size in GB. */
const images = [
  { name: 'windows-server-2025', guest: 'windows-2025', family: 'windows', virtualGb: 127, sizeGb: 14 },
  { name: 'windows-server-2022', guest: 'windows-2022', family: 'windows', virtualGb: 127, sizeGb: 12 },
  { name: 'ubuntu-24.04', guest: 'ubuntu-24.04', family: 'linux', virtualGb: 32, sizeGb: 3 },
  { name: 'debian-12', guest: 'debian-12', family: 'linux', virtualGb: 16, sizeGb: 2 },
] as const;

const isos = [
  { name: 'en-us_windows_server_2025.iso', sizeGb: 6 },
  { name: 'ubuntu-24.04.2-live-server-amd64.iso', sizeGb: 3 },
] as const;

/** The VM folder of a host without shared volumes. */
export const localVmFolder = 'D:\\Hyper-V';

/** The shared volumes of a cluster. */
export function clusterVolumes({ volumes }: ClusterSpec): Volume[] {
  return volumes.map(({ name, sizeGb, freeGb }) => {
    const root = `C:\\ClusterStorage\\${name}`;
    return new Volume({ name, root, kind: 'csv', total: sizeGb * gibibyte, free: freeGb * gibibyte });
  });
}

/** The local volumes of a host. */
export function localVolumes(): Volume[] {
  const local = (name: string, totalGb: number, freeGb: number): Volume =>
    new Volume({ name, root: name, kind: 'local', total: totalGb * gibibyte, free: freeGb * gibibyte });
  const data = local('D:', 8_192, 3_072);
  data.ensureFolder(localVmFolder);
  return [local('C:', 475, 380), data];
}

/** Puts images and media on a volume, in the default folders of agents. */
export function seedLibrary(volume: Volume): void {
  for (const { name, guest, virtualGb, sizeGb } of images) {
    volume.seed({
      path: `${volume.root}\\DiskImages\\${name}.vhdx`,
      size: sizeGb * gibibyte,
      disk: { format: 'VHDX', type: 'Dynamic', virtualSize: virtualGb * gibibyte, parentPath: null, guest },
    });
  }
  for (const { name, sizeGb } of isos) {
    volume.seed({ path: `${volume.root}\\ISO\\${name}`, size: sizeGb * gibibyte, disk: null });
  }
}

/** Adds the medium that a VM initially has in its drive. */
export function isoFile(path: string): StoredFile {
  return { path, size: 2 * gibibyte, disk: null };
}

/** The configuration that the administrator of such a host has written. */
export function hostConfigurationOf(
  host: HostSpec,
  fleet: FleetSpec,
  shared: readonly Volume[],
): HostConfiguration {
  const [library] = shared;
  const root = library?.root ?? 'D:';
  const switches = host.switches.map(({ name }) => name);
  const networks = Object.entries(fleet.networks).filter(([, { switchName }]) =>
    switches.includes(switchName),
  );
  return {
    version: 1,
    schema_name: 'hostresources',
    storage_classes: [
      ...shared.map(({ name, root: path }) => ({ name, path })),
      { name: 'Local', path: localVmFolder },
    ],
    networks: networks.map(([name, { switchName, vlan }]) => ({
      name,
      model: 'vlan',
      configuration: { virtual_switch: switchName, vlan_id: vlan },
    })),
    virtual_machines_path: library?.root ?? localVmFolder,
    images: images.map(({ name, family }) => ({
      name,
      path: `${root}\\DiskImages\\${name}.vhdx`,
      os_family: family,
    })),
    image_folders: [`${root}\\DiskImages`],
    iso_folders: [`${root}\\ISO`],
  };
}
