import type { VmDisk } from '@aether-v/types';
import { isCopying, type Scenario, type Stage } from './stage.ts';
import { fleetOf, small } from './worlds.ts';

const gibibyte = 1024 ** 3;
const nowhere = '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f';

const world = {
  fleet: fleetOf([
    small('OFF', { disksGb: [40, 10] }),
    small('ON', { state: 'Running', disksGb: [20], clustered: true }),
    small('SAVED', { state: 'Saved', disksGb: [20] }),
    small('CHAIN', { disksGb: [40], checkpoints: [{ name: 'one', ageHours: 9 }] }),
  ]),
  hostId: 'n1',
};

function diskOf(stage: Stage, name: string, index = 0): VmDisk {
  const disk = stage.vm(name).disks[index];
  if (!disk) throw new Error(`${name} has no disk ${index}.`);
  return disk;
}

function target(stage: Stage, name: string, index = 0): Record<string, unknown> {
  const { id, path } = diskOf(stage, name, index);
  return { vmId: stage.vm(name).vmId, diskId: id, path };
}

const empty = { sizeBytes: 5 * gibibyte, type: 'Dynamic' } as const;

const making: Scenario = {
  name: 'making disks',
  world,
  play: async (stage) => {
    const vmId = stage.vm('OFF').vmId;
    const create = stage.envelope('disk.create', { vmId, disk: empty, storageClass: null });
    await stage.send('dynamic', create);
    await stage.send('the same again', create);
    const fixed = { sizeBytes: 2 * gibibyte, type: 'Fixed' };
    await stage.call('fixed, elsewhere', 'disk.create', { vmId, disk: fixed, storageClass: 'Local' });
    const image = { image: 'debian-12', sizeBytes: 30 * gibibyte };
    await stage.call('from an image, while it runs', 'disk.create', {
      vmId: stage.vm('ON').vmId,
      disk: image,
      storageClass: 'V1',
    });
    const refused = {
      'no such storage': { storageClass: 'V9' },
      'no such image': { disk: { image: 'windows-95', sizeBytes: null } },
      'smaller than its image': { disk: { image: 'debian-12', sizeBytes: gibibyte } },
      'no such VM': { vmId: nowhere },
      'no room': { disk: { sizeBytes: 1_000 * gibibyte, type: 'Fixed' } },
      'a local disk of a clustered VM': { vmId: stage.vm('ON').vmId, storageClass: 'Local' },
      'for a saved VM': { vmId: stage.vm('SAVED').vmId },
    };
    for (const [name, change] of Object.entries(refused)) {
      await stage.call(name, 'disk.create', { vmId, disk: empty, storageClass: null, ...change });
    }
    await stage.call('resources', 'host.resources');
    await stage.call('inventory', 'inventory');
  },
};

const attaching: Scenario = {
  name: 'attaching and detaching disks',
  world,
  play: async (stage) => {
    const off = stage.vm('OFF').vmId;
    const on = stage.vm('ON').vmId;
    const { path } = diskOf(stage, 'OFF', 1);
    const attach = (name: string, request: Record<string, unknown>): Promise<unknown> =>
      stage.call(name, 'disk.attach', { vmId: on, path, ...request });
    await attach('of another VM', {});
    await attach('that is not there', { path: 'C:\\ClusterStorage\\V1\\nothing.vhdx' });
    await attach('outside the storage', { path: 'C:\\Windows\\disk.vhdx' });
    await attach('under a short name', { path: 'C:\\ClusterStorage\\V1\\OFF~1\\disk.vhdx' });
    await attach('that is no disk', { path: 'C:\\ClusterStorage\\V1\\ISO\\tools.iso' });
    await attach('that a checkpoint stands on', {
      path: diskOf(stage, 'CHAIN').parentPath ?? '',
    });
    await stage.call('detach another file', 'disk.detach', {
      ...target(stage, 'OFF', 1),
      path: diskOf(stage, 'OFF').path,
    });
    await stage.call('detach nothing', 'disk.detach', { ...target(stage, 'OFF'), diskId: 'scsi-0-63' });
    const detach = stage.envelope('disk.detach', target(stage, 'OFF', 1));
    await stage.send('detach', detach);
    await stage.send('detach again', detach);
    await attach('to a VM that is saved', { vmId: stage.vm('SAVED').vmId });
    await attach('to no VM', { vmId: nowhere });
    const take = stage.envelope('disk.attach', { vmId: on, path });
    await stage.send('attach while it runs', take);
    await stage.send('attach again', take);
    await attach('twice', { vmId: off });
    await stage.call('inventory', 'inventory');
  },
};

const growing: Scenario = {
  name: 'growing disks',
  world,
  play: async (stage) => {
    const grow = (name: string, sizeGb: number, request: Record<string, unknown>): Promise<unknown> =>
      stage.call(name, 'disk.grow', { ...request, sizeBytes: sizeGb * gibibyte });
    const off = target(stage, 'OFF');
    await grow('off', 50, off);
    await grow('to what it has', 50, off);
    await grow('smaller', 49, off);
    await grow('while it runs', 30, target(stage, 'ON'));
    await grow('with a checkpoint', 60, target(stage, 'CHAIN'));
    await grow('another file', 60, { ...off, path: diskOf(stage, 'ON').path });
    await grow('of no VM', 60, { ...off, vmId: nowhere });
    await stage.call('inventory', 'inventory');
  },
};

const deleting: Scenario = {
  name: 'deleting disks',
  world,
  play: async (stage) => {
    const off = stage.envelope('disk.delete', target(stage, 'OFF', 1));
    await stage.call('another file', 'disk.delete', {
      ...target(stage, 'OFF'),
      path: diskOf(stage, 'OFF', 1).path,
    });
    await stage.send('off', off);
    await stage.send('off again', off);
    await stage.call('with a checkpoint', 'disk.delete', target(stage, 'CHAIN'));
    await stage.call('saved', 'disk.delete', target(stage, 'SAVED'));
    await stage.call('the last one, while it runs', 'disk.delete', target(stage, 'ON'));
    await stage.call('resources', 'host.resources');
    await stage.call('inventory', 'inventory');
  },
};

const images: Scenario = {
  name: 'disks among the images of a host',
  world,
  play: async (stage) => {
    const { files, drives, configuration } = stage.side.engine.steps('n1');
    const vmId = stage.vm('OFF').vmId;
    const [imageFolder = ''] = configuration.image_folders ?? [];
    const [mediaFolder = ''] = configuration.iso_folders ?? [];
    const make = (path: string): Record<string, unknown> => {
      files.newFolder(path.slice(0, path.lastIndexOf('\\')));
      files.newVhd({ path, sizeBytes: gibibyte, type: 'Dynamic' });
      stage.side.time.pass(60_000);
      return { vmId, diskId: drives.addHardDiskDrive(vmId, path), path };
    };
    const image = make(`${imageFolder}\\mine.vhdx`);
    await stage.call('an image', 'disk.delete', image);
    await stage.call('an image grows', 'disk.grow', { ...image, sizeBytes: 2 * gibibyte });
    files.newVhd({ path: `${imageFolder}\\golden.vhdx`, sizeBytes: gibibyte, type: 'Dynamic' });
    stage.side.time.pass(60_000);
    await stage.call('an image is attached', 'disk.attach', { vmId, path: `${imageFolder}\\golden.vhdx` });
    await stage.call('beside the media', 'disk.delete', make(`${mediaFolder}\\below\\mine.vhdx`));
    await stage.call('resources', 'host.resources');
    await stage.call('inventory', 'inventory');
  },
};

const media: Scenario = {
  name: 'media in DVD drives',
  world,
  play: async (stage) => {
    const vmId = stage.vm('OFF').vmId;
    const iso = 'ubuntu-24.04.2-live-server-amd64.iso';
    const insert = stage.envelope('dvd.insert', { vmId, driveId: null, iso });
    await stage.send('a drive is added', insert);
    await stage.send('the same again', insert);
    const driveId = stage.vm('OFF').dvdDrives.at(-1)?.id;
    await stage.call('into a drive that is full', 'dvd.insert', { vmId, driveId, iso });
    await stage.call('into no drive', 'dvd.insert', { vmId, driveId: 'scsi-0-60', iso });
    await stage.call('no such medium', 'dvd.insert', { vmId, driveId: null, iso: 'moon.iso' });
    await stage.call('eject', 'dvd.eject', { vmId, driveId });
    await stage.call('eject again', 'dvd.eject', { vmId, driveId });
    await stage.call('into the empty one', 'dvd.insert', { vmId, driveId: null, iso });
    await stage.call('eject from no drive', 'dvd.eject', { vmId, driveId: 'scsi-0-60' });
    await stage.call('while it runs', 'dvd.insert', { vmId: stage.vm('ON').vmId, driveId: null, iso });
    await stage.call('of no VM', 'dvd.eject', { vmId: nowhere, driveId: 'scsi-0-1' });
    await stage.call('inventory', 'inventory');
  },
};

const cancelled: Scenario = {
  name: 'a disk whose making is cancelled',
  world,
  play: async (stage) => {
    const create = stage.envelope('disk.create', {
      vmId: stage.vm('OFF').vmId,
      disk: { image: 'debian-12', sizeBytes: null },
      storageClass: 'Local',
    });
    await stage.cancel('create', create, { at: isCopying });
    await stage.call('resources', 'host.resources');
    await stage.call('inventory', 'inventory');
  },
};

/** Disks and DVD drives of VMs. */
export const diskScenarios: readonly Scenario[] = [
  making,
  attaching,
  growing,
  deleting,
  images,
  media,
  cancelled,
];
