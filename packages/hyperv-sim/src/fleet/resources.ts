import type { HostImage, HostIso, HostResources } from '@aether-v/types';
import { isInside, samePath, type HostSteps, type HyperVEngine } from '../engine/index.ts';
import { OperationFailure } from './operation-failure.ts';

/** A resource and its path on the host. */
interface Placed<T> {
  readonly what: T;
  readonly path: string;
}

function leaf(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

/** Returns the images that the configuration names, then the others in its image folders. */
function placedImages({ configuration, files }: HostSteps): Placed<HostImage>[] {
  const named = (configuration.images ?? []).flatMap(({ name, path, os_family = null }) => {
    const file = files.find(path);
    return file ? [{ file, id: name, osFamily: os_family }] : [];
  });
  const known = new Set(named.map(({ file }) => file.path.toLowerCase()));
  const found = (configuration.image_folders ?? []).flatMap((folder) =>
    files
      .list(folder)
      .filter(({ disk, path }) => disk?.format === 'VHDX' && !known.has(path.toLowerCase()))
      .map((file) => ({ file, id: leaf(file.path).replace(/\.vhdx$/i, ''), osFamily: null })),
  );
  return [...named, ...found].map(({ file, id, osFamily }) => ({
    path: file.path,
    what: { id, name: id, size: file.size, virtualSize: file.disk?.virtualSize ?? null, osFamily },
  }));
}

function placedIsos({ configuration, files }: HostSteps): Placed<HostIso>[] {
  return (configuration.iso_folders ?? []).flatMap((folder) =>
    files
      .list(folder)
      .filter(({ path }) => /\.iso$/i.test(path))
      .map(({ path, size }) => ({ path, what: { id: leaf(path), name: leaf(path), size } })),
  );
}

/** Returns the resources of a host that new VMs can use. */
export function readResources(engine: HyperVEngine, hostId: string): HostResources {
  const steps = engine.steps(hostId);
  const { configuration, files } = steps;
  const switches = engine.host(hostId).switches.map(({ name }) => name);
  const networks = configuration.networks.map(({ name, configuration: { virtual_switch, vlan_id } }) => ({
    name,
    switchName: virtual_switch,
    vlanId: vlan_id,
    present: switches.includes(virtual_switch),
  }));
  const vmPath = configuration.virtual_machines_path;
  return {
    storageClasses: configuration.storage_classes.map(({ name, path }) => {
      const { kind, free, total } = files.volumeOf(path);
      return { name, path, kind, free, total };
    }),
    networks,
    images: placedImages(steps).map(({ what }) => what),
    isos: placedIsos(steps).map(({ what }) => what),
    vmPath: { path: vmPath, present: files.hasFolder(vmPath) },
    problems: networks
      .filter(({ present }) => !present)
      .map(({ name, switchName }) => missingSwitch(name, switchName)),
  };
}

function missingSwitch(network: string, switchName: string): string {
  return `The network "${network}" uses the switch "${switchName}", which does not exist.`;
}

function named<T>(list: readonly T[], matches: (one: T) => boolean, what: string, name: string): T {
  const found = list.find(matches);
  if (!found) throw new OperationFailure('not-found', `This host has no ${what} "${name}".`);
  return found;
}

/** The path and kind of a storage class; throws `not-found`. */
export function storageOf(
  { configuration, files }: HostSteps,
  name: string,
): { readonly path: string; readonly kind: 'csv' | 'local'; readonly free: number } {
  const { path } = named(configuration.storage_classes, (one) => one.name === name, 'storage class', name);
  const { kind, free } = files.volumeOf(path);
  return { path, kind, free };
}

/** The switch and VLAN of a network; throws `not-found` if the host lacks the network or its switch. */
export function networkOf(
  engine: HyperVEngine,
  hostId: string,
  name: string,
): { readonly switchName: string; readonly vlanId: number | null } {
  const { networks } = engine.steps(hostId).configuration;
  const { configuration } = named(networks, (one) => one.name === name, 'network', name);
  const { virtual_switch: switchName, vlan_id: vlanId } = configuration;
  if (engine.host(hostId).switches.some((one) => one.name === switchName)) return { switchName, vlanId };
  throw new OperationFailure('not-found', missingSwitch(name, switchName));
}

/** The path and facts of an image; throws `not-found`. */
export function imageOf(steps: HostSteps, id: string): { readonly path: string; readonly image: HostImage } {
  const { path, what } = named(placedImages(steps), (one) => one.what.id === id, 'image', id);
  return { path, image: what };
}

/** The path of a medium; throws `not-found`. */
export function isoOf(steps: HostSteps, id: string): string {
  return named(placedIsos(steps), ({ what }) => what.id === id, 'ISO', id).path;
}

/** Returns true if a file is an image of the configuration, by its path or its folder. */
export function isImage(
  { configuration: { images = [], image_folders = [] } }: HostSteps,
  path: string,
): boolean {
  return images.some((one) => samePath(one.path, path)) || image_folders.some((one) => isInside(path, one));
}

/** The folders that the configuration or the Hyper-V defaults name. They are kept when they are empty. */
export function namedFolders(engine: HyperVEngine, hostId: string): readonly string[] {
  const { configuration } = engine.steps(hostId);
  const { storage_classes, image_folders = [], iso_folders = [], virtual_machines_path } = configuration;
  const { defaultVmPath, defaultDiskPath } = engine.host(hostId);
  const folders = [...image_folders, ...iso_folders, virtual_machines_path, defaultVmPath, defaultDiskPath];
  return [...storage_classes.map(({ path }) => path), ...folders.filter((path) => path !== null)];
}

/** The folder of the storage class that holds a path; null if no storage class holds it. */
export function storageRootOf({ configuration }: HostSteps, path: string): string | null {
  const holds = (root: string): boolean =>
    path.toLowerCase().startsWith(`${root.toLowerCase().replace(/\\$/, '')}\\`);
  return configuration.storage_classes.find((one) => holds(one.path))?.path ?? null;
}
