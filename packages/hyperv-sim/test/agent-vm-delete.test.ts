import { describe, expect, test } from 'vitest';
import { EngineError } from '../src/engine/index.ts';
import { gibibyte, Lifecycle, plainVm, root } from './lifecycle.ts';

async function scene(change: Partial<typeof plainVm> = {}): Promise<{
  readonly life: Lifecycle;
  readonly vmId: string;
  readonly before: unknown;
}> {
  const life = new Lifecycle();
  const before = life.storage();
  const { vm } = await life.done('vm.create', { ...plainVm, ...change });
  return { life, vmId: vm.vmId, before };
}

const whole = { name: 'SRV-01', force: false, deleteDisks: true } as const;

describe('vm.delete', () => {
  test('a deletion removes the role, the VM, its disks and empty folders, and reports them', async () => {
    const { life, vmId, before } = await scene();
    const { deleted, remaining } = await life.done('vm.delete', { vmId, ...whole });
    expect(remaining).toEqual([]);
    expect(deleted).toEqual(
      expect.arrayContaining([
        `${root}\\SRV-01`,
        `${root}\\SRV-01\\Virtual Hard Disks\\SRV-01-disk0.vhdx`,
        `${root}\\SRV-01\\Virtual Hard Disks\\SRV-01-disk1.vhdx`,
      ]),
    );
    expect(life.storage()).toEqual(before);
    expect(life.engine.vms('n1')).toEqual([]);
  });

  test('a deletion with a different name is refused as a conflict', async () => {
    const { life, vmId } = await scene();
    const held = life.storage();
    expect(await life.refused('vm.delete', { vmId, ...whole, name: 'SRV-02' })).toBe('conflict');
    expect(await life.refused('vm.delete', { vmId, ...whole, name: 'srv-01' })).toBe('conflict');
    expect(life.storage()).toEqual(held);
    expect(life.vm(vmId).clusterRole).not.toBeNull();
  });

  test('a running VM requires force, which turns it off', async () => {
    const { life, vmId, before } = await scene({ start: true });
    expect(await life.refused('vm.delete', { vmId, ...whole })).toBe('wrong-state');
    expect(life.vm(vmId)).toMatchObject({ state: 'Running' });
    await life.done('vm.delete', { vmId, ...whole, force: true });
    expect(life.storage()).toEqual(before);
  });

  test('keeps the disks unless asked to delete them, and reports that', async () => {
    const { life, vmId } = await scene();
    const { remaining } = await life.done('vm.delete', { vmId, ...whole, deleteDisks: false });
    expect(remaining).toMatchObject([{ reason: 'kept' }, { reason: 'kept' }]);
    for (const { path } of remaining) expect(life.has(path)).toBe(true);
  });

  test.each([
    ['a file', `${root}\\srv-01\\virtual hard disks\\SRV-01-disk1.VHDX`, 1],
    ['all below a folder', root, 2],
    ['no file whose name merely begins alike', `${root}\\SRV-01\\Virtual Hard Disks\\SRV-01`, 0],
  ])('keeps %s that other hosts need', async (_what, path, kept) => {
    const { life, vmId } = await scene();
    const { deleted, remaining } = await life.done('vm.delete', { vmId, ...whole, keep: [path] });
    expect(remaining).toHaveLength(kept);
    for (const one of remaining) {
      expect(one).toMatchObject({ reason: 'in-use' });
      expect(life.has(one.path)).toBe(true);
    }
    expect(deleted.filter((one) => one.endsWith('.vhdx'))).toHaveLength(2 - kept);
  });

  test('a deletion waits for the merges of checkpoints and deletes the merged files', async () => {
    const { life, vmId, before } = await scene();
    for (const name of ['one', 'two']) await life.done('checkpoint.create', { vmId, name });
    const { deleted, remaining, ...more } = await life.done('vm.delete', { vmId, ...whole });
    expect(more).toEqual({ vmId });
    expect(remaining).toEqual([]);
    expect(deleted.filter((path) => path.endsWith('.avhdx'))).toHaveLength(4);
    expect(life.storage()).toEqual(before);
    expect(life.clock.pending).toBe(0);
  });

  test('a deletion leaves the parent of a disk, and files outside the storage', async () => {
    const { life, vmId } = await scene();
    const { files, drives } = life.engine.steps('n1');
    const golden = `${root}\\Golden\\base.vhdx`;
    files.newFolder(`${root}\\Golden`);
    files.newFolder('D:\\Elsewhere');
    files.newVhd({ path: golden, sizeBytes: gibibyte, type: 'Dynamic' });
    files.newVhd({
      path: `${root}\\Golden\\clone.vhdx`,
      sizeBytes: gibibyte,
      type: 'Dynamic',
      parentPath: golden,
    });
    files.newVhd({ path: 'D:\\Elsewhere\\a.vhdx', sizeBytes: gibibyte, type: 'Dynamic' });
    life.clock.advance(5_000);
    drives.addHardDiskDrive(vmId, `${root}\\Golden\\clone.vhdx`);
    await life.done('cluster.removeVm', { vmId });
    drives.addHardDiskDrive(vmId, 'D:\\Elsewhere\\a.vhdx');
    const { deleted, remaining } = await life.done('vm.delete', { vmId, ...whole });
    expect(remaining.map(({ path, reason }) => [path, reason])).toEqual([
      [golden, 'parent-of-others'],
      ['D:\\Elsewhere\\a.vhdx', 'outside-storage'],
    ]);
    expect(deleted).toContain(`${root}\\Golden\\clone.vhdx`);
    expect(life.has(golden)).toBe(true);
    expect(life.has('D:\\Elsewhere\\a.vhdx')).toBe(true);
  });

  test('is refused if it would merge into the parent of another node’s disk', async () => {
    const { life, vmId } = await scene();
    await life.done('checkpoint.create', { vmId, name: null });
    const [, second] = life.vm(vmId).disks;
    life.engine.steps('n1').drives.removeHardDiskDrive(vmId, second?.id ?? '');
    const there = life.engine.steps('n2');
    const other = there.vms.newVm({ name: 'OTHER', path: root, memoryStartupBytes: gibibyte });
    there.drives.addHardDiskDrive(other, second?.path ?? '');
    const { error } = await life.run('vm.delete', { vmId, ...whole });
    expect(error).toMatchObject({ code: 'in-use' });
    expect(error?.message).toContain(second?.path);
    expect(life.vm(vmId).clusterRole).not.toBeNull();
    expect(life.has(second?.path ?? '')).toBe(true);
    expect(life.has(second?.parentPath ?? '')).toBe(true);
  });

  test('a file that cannot be deleted is reported, and the rest is deleted', async () => {
    const { life, vmId } = await scene();
    let failed = 0;
    life.failAt = ({ action }) =>
      action === 'removeFile' && failed++ === 0 ? new EngineError('access-denied', 'No.') : null;
    const { remaining, deleted } = await life.done('vm.delete', { vmId, ...whole });
    expect(remaining).toMatchObject([{ reason: 'failed', message: 'No.' }]);
    expect(deleted).toContain(`${root}\\SRV-01\\Virtual Hard Disks\\SRV-01-disk1.vhdx`);
    expect(deleted).not.toContain(remaining[0]?.path);
  });

  test('a failure of the deletion itself restores the role', async () => {
    const { life, vmId } = await scene();
    life.failAt = ({ action }) => (action === 'removeVm' ? new EngineError('agent-error', 'No.') : null);
    expect(await life.refused('vm.delete', { vmId, ...whole })).toBe('agent-error');
    expect(life.vm(vmId).clusterRole).not.toBeNull();
  });

  test('is reported to watchers', async () => {
    const { life, vmId } = await scene();
    const heard: string[] = [];
    life.engine.subscribe((change) => heard.push(change.vmId));
    await life.done('vm.delete', { vmId, ...whole });
    expect(heard).toContain(vmId);
    expect(life.engine.vm('n1', vmId)).toBeUndefined();
  });
});
