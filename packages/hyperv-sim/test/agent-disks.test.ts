import type { VmDisk } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../src/engine/index.ts';
import { gibibyte, Lifecycle, plainVm, root } from './lifecycle.ts';

interface Scene {
  readonly life: Lifecycle;
  readonly vmId: string;
  /** The data disk as the host shows it now. */
  readonly data: () => VmDisk;
}

async function scene(start = false): Promise<Scene> {
  const life = new Lifecycle();
  const { vm } = await life.done('vm.create', { ...plainVm, start });
  const { vmId } = vm;
  const data = (): VmDisk => {
    const disk = life.vm(vmId).disks.find(({ id }) => id === 'scsi-0-1');
    if (!disk) throw new Error('The data disk is gone.');
    return disk;
  };
  return { life, vmId, data };
}

const empty = { sizeBytes: 20 * gibibyte, type: 'Dynamic' } as const;

describe('disk.create', () => {
  test.each([true, false])('creates and attaches a disk in the VM’s folder (running: %s)', async (start) => {
    const { life, vmId } = await scene(start);
    const { disk } = await life.done('disk.create', { vmId, disk: empty, storageClass: null });
    expect(disk).toMatchObject({
      id: 'scsi-0-3',
      path: `${root}\\SRV-01\\Virtual Hard Disks\\SRV-01-disk2.vhdx`,
      type: 'Dynamic',
      size: 20 * gibibyte,
    });
    expect(life.vm(vmId).disks).toContainEqual(disk);
    expect(life.vm(vmId).bootOrder).toContain('scsi-0-3');
  });

  test('creating a disk from an image copies it and enlarges the copy', async () => {
    const { life, vmId } = await scene();
    const disk = { image: 'debian-12', sizeBytes: 40 * gibibyte };
    const made = await life.done('disk.create', { vmId, disk, storageClass: 'V1' });
    expect(made.disk).toMatchObject({ size: 40 * gibibyte, fileSize: 2 * gibibyte, parentPath: null });
  });

  test.each([
    ['no such class', { disk: empty, storageClass: 'V9' }, 'not-found'],
    ['no such image', { disk: { image: 'x', sizeBytes: null }, storageClass: null }, 'not-found'],
    [
      'no space',
      { disk: { sizeBytes: 1_000 * gibibyte, type: 'Fixed' }, storageClass: null },
      'out-of-space',
    ],
    ['storage that other nodes do not see', { disk: empty, storageClass: 'Local' }, 'wrong-state'],
  ] as const)('%s: refused, and nothing is left', async (_what, request, code) => {
    const { life, vmId } = await scene();
    const before = life.storage();
    expect(await life.refused('disk.create', { vmId, ...request })).toBe(code);
    expect(life.storage()).toEqual(before);
  });

  test('a file whose attachment fails is removed', async () => {
    const { life, vmId } = await scene();
    const before = life.storage();
    life.failAt = ({ action }) =>
      action === 'addHardDiskDrive' ? new EngineError('agent-error', 'No.') : null;
    expect(await life.refused('disk.create', { vmId, disk: empty, storageClass: null })).toBe('agent-error');
    expect(life.storage()).toEqual(before);
  });
});

describe('disk.detach and disk.attach', () => {
  test('detach a disk with its file and attach it again', async () => {
    const { life, vmId, data } = await scene(true);
    const { path } = data();
    expect(await life.done('disk.detach', { vmId, diskId: 'scsi-0-1', path })).toEqual({ vmId, path });
    expect(life.vm(vmId).disks).toHaveLength(1);
    expect(life.vm(vmId).bootOrder).not.toContain('scsi-0-1');
    const { disk } = await life.done('disk.attach', { vmId, path: path.toUpperCase() });
    expect(disk).toMatchObject({ id: 'scsi-0-1', path });
  });

  test('a slot that now holds another file is a conflict', async () => {
    const { life, vmId } = await scene();
    const path = `${root}\\SRV-01\\old.vhdx`;
    for (const op of ['disk.detach', 'disk.delete'] as const) {
      expect(await life.refused(op, { vmId, diskId: 'scsi-0-1', path })).toBe('conflict');
    }
    expect(await life.refused('disk.grow', { vmId, diskId: 'scsi-0-1', path, sizeBytes: 2 ** 40 })).toBe(
      'conflict',
    );
    expect(life.vm(vmId).disks).toHaveLength(2);
  });

  test.each([
    ['a file that is not there', `${root}\\nothing.vhdx`, 'not-found'],
    ['a file outside the storage of the host', 'C:\\Windows\\a.vhdx', 'not-found'],
    ['a file that another VM has', `${root}\\SRV-01\\Virtual Hard Disks\\SRV-01-disk1.vhdx`, 'in-use'],
    ['a file that is no disk', `${root}\\ISO\\ubuntu-24.04.2-live-server-amd64.iso`, 'not-supported'],
  ])('%s is not attached', async (_what, path, code) => {
    const { life } = await scene();
    const blank = { ...plainVm, name: 'SRV-02', disks: [], networkAdapters: [] };
    const { vm } = await life.done('vm.create', blank);
    expect(await life.refused('disk.attach', { vmId: vm.vmId, path })).toBe(code);
  });
});

describe('disk.grow', () => {
  const target = { diskId: 'scsi-0-1' };
  test.each([true, false])('grows a disk (running: %s)', async (start) => {
    const { life, vmId, data } = await scene(start);
    const { path } = data();
    const { disk } = await life.done('disk.grow', { vmId, ...target, path, sizeBytes: 50 * gibibyte });
    expect(disk.size).toBe(50 * gibibyte);
    expect(data().size).toBe(50 * gibibyte);
  });

  test('never shrinks a disk', async () => {
    const { life, vmId, data } = await scene();
    const { path } = data();
    expect(await life.refused('disk.grow', { vmId, ...target, path, sizeBytes: gibibyte })).toBe(
      'not-supported',
    );
    expect(data().size).toBe(10 * gibibyte);
  });

  test('is refused while checkpoints depend on the disk', async () => {
    const { life, vmId, data } = await scene();
    await life.done('checkpoint.create', { vmId, name: 'x' });
    const { path } = data();
    expect(await life.refused('disk.grow', { vmId, ...target, path, sizeBytes: 2 ** 40 })).toBe(
      'wrong-state',
    );
  });
});

describe('disk.delete', () => {
  test('detaches the disk and deletes its file', async () => {
    const { life, vmId, data } = await scene(true);
    const { path } = data();
    const { deleted, remaining } = await life.done('disk.delete', { vmId, diskId: 'scsi-0-1', path });
    expect(deleted).toEqual([path]);
    expect(remaining).toEqual([]);
    expect(life.has(path)).toBe(false);
    expect(life.vm(vmId).disks.map(({ id }) => id)).toEqual(['scsi-0-0']);
  });

  test('deleting a disk is refused while checkpoints depend on it, and nothing is detached', async () => {
    const { life, vmId, data } = await scene();
    await life.done('checkpoint.create', { vmId, name: 'x' });
    const { path } = data();
    expect(await life.refused('disk.delete', { vmId, diskId: 'scsi-0-1', path })).toBe('in-use');
    expect(data().path).toBe(path);
  });

  test('is refused for a file that other hosts need; nothing is detached', async () => {
    const { life, vmId, data } = await scene();
    const { path } = data();
    const target = { vmId, diskId: 'scsi-0-1', path };
    expect(await life.refused('disk.delete', { ...target, keep: [path.toUpperCase()] })).toBe('in-use');
    expect(data().path).toBe(path);
    expect((await life.done('disk.delete', { ...target, keep: [`${path}2`] })).deleted).toEqual([path]);
  });

  test('attaching a file outside the host’s storage is refused', async () => {
    const { life, vmId } = await scene();
    const { files, drives } = life.engine.steps('n1');
    files.newFolder('D:\\Elsewhere');
    files.newVhd({ path: 'D:\\Elsewhere\\a.vhdx', sizeBytes: gibibyte, type: 'Dynamic' });
    life.clock.advance(5_000);
    const diskId = drives.addHardDiskDrive(vmId, 'D:\\Elsewhere\\a.vhdx');
    expect(await life.refused('disk.delete', { vmId, diskId, path: 'D:\\Elsewhere\\a.vhdx' })).toBe('in-use');
    expect(life.has('D:\\Elsewhere\\a.vhdx')).toBe(true);
  });
});

describe('DVD drives', () => {
  const iso = 'en-us_windows_server_2025.iso';
  test('accept and eject media, also while the VM runs', async () => {
    const { life, vmId } = await scene(true);
    const { drive } = await life.done('dvd.insert', { vmId, driveId: 'scsi-0-2', iso });
    expect(drive).toMatchObject({ id: 'scsi-0-2', path: `${root}\\ISO\\${iso}` });
    expect((await life.done('dvd.eject', { vmId, driveId: 'scsi-0-2' })).drive.path).toBeNull();
    expect(life.vm(vmId).dvdDrives).toMatchObject([{ path: null }]);
  });

  test('are added if no drive is empty', async () => {
    const { life, vmId } = await scene();
    expect((await life.done('dvd.insert', { vmId, driveId: null, iso })).drive.id).toBe('scsi-0-3');
    await life.done('dvd.eject', { vmId, driveId: 'scsi-0-2' });
    expect((await life.done('dvd.insert', { vmId, driveId: null, iso })).drive.id).toBe('scsi-0-2');
  });

  test('that do not exist, and unknown media, are not found', async () => {
    const { life, vmId } = await scene();
    expect(await life.refused('dvd.insert', { vmId, driveId: 'scsi-0-9', iso })).toBe('not-found');
    expect(await life.refused('dvd.insert', { vmId, driveId: null, iso: 'x.iso' })).toBe('not-found');
    expect(await life.refused('dvd.eject', { vmId, driveId: 'scsi-0-0' })).toBe('not-found');
  });
});
