import { describe, expect, test } from 'vitest';
import { EngineError } from '../src/engine/index.ts';
import { Lifecycle, plainVm } from './lifecycle.ts';

interface Scene {
  readonly life: Lifecycle;
  readonly vmId: string;
  readonly create: (name: string | null) => Promise<string>;
}

async function scene(change: Partial<typeof plainVm> = {}): Promise<Scene> {
  const life = new Lifecycle();
  const { vm } = await life.done('vm.create', { ...plainVm, ...change });
  life.clock.advance(60_000);
  const { vmId } = vm;
  const create = async (name: string | null): Promise<string> =>
    (await life.done('checkpoint.create', { vmId, name })).checkpoint.id;
  return { life, vmId, create };
}

/** The names of a VM's checkpoints with those of their parents, and which one is current. */
function tree({ life, vmId }: Scene): string[] {
  const { checkpoints } = life.vm(vmId);
  const nameOf = (id: string | null): string => checkpoints.find((one) => one.id === id)?.name ?? '-';
  return checkpoints
    .map(({ name, parentId, current }) => `${nameOf(parentId)}/${name}${current ? '*' : ''}`)
    .sort();
}

describe('checkpoints', () => {
  test('extend a chain: each disk is written to a new file, and the tree shows the ancestry', async () => {
    const stage = await scene();
    const [base] = stage.life.vm(stage.vmId).disks;
    await stage.create('one');
    await stage.create('two');
    expect(tree(stage)).toEqual(['-/one', 'one/two*']);
    const { disks } = stage.life.vm(stage.vmId);
    for (const { path, type } of disks) {
      expect(type).toBe('Differencing');
      expect(path).toMatch(/_[0-9A-F-]{36}\.avhdx$/);
    }
    const chain = stage.life.engine.steps('n1').files.chain(disks[0]?.path ?? '');
    expect(chain).toHaveLength(3);
    expect(chain.at(-1)).toBe(base?.path);
  });

  test('get a name from Hyper-V by default', async () => {
    const stage = await scene();
    await stage.create(null);
    expect(stage.life.vm(stage.vmId).checkpoints[0]?.name).toMatch(/^SRV-01 - \(/);
  });

  test('of a running VM: production with its guest, standard with its memory', async () => {
    const stage = await scene({ start: true });
    await stage.create('production');
    await stage.life.done('vm.update', { vmId: stage.vmId, changes: { checkpointType: 'Standard' } });
    const standard = await stage.create('standard');
    expect(stage.life.vm(stage.vmId).checkpoints.map(({ type }) => type)).toEqual(['Production', 'Standard']);
    const target = { vmId: stage.vmId, checkpointId: standard };
    expect(await stage.life.refused('checkpoint.apply', { ...target, force: false })).toBe('wrong-state');
    expect(stage.life.vm(stage.vmId).state).toBe('Running');
    expect(await stage.life.done('checkpoint.apply', { ...target, force: true })).toMatchObject({
      state: 'Saved',
    });
  });

  test('restore settings and disks, and later changes are lost', async () => {
    const stage = await scene();
    const { life, vmId } = stage;
    const one = await stage.create('one');
    await stage.create('two');
    await life.done('vm.update', { vmId, changes: { processors: 7 } });
    const written = life.vm(vmId).disks.map(({ path }) => path);
    expect(await life.done('checkpoint.apply', { vmId, checkpointId: one, force: false })).toMatchObject({
      state: 'Off',
    });
    expect(tree(stage)).toEqual(['-/one*', 'one/two']);
    expect(life.vm(vmId).processors).toBe(2);
    for (const path of written) expect(life.has(path)).toBe(false);
    await stage.create('three');
    expect(tree(stage)).toEqual(['-/one', 'one/three*', 'one/two']);
  });

  test('are listed as a tree, parents first, with their content', async () => {
    const stage = await scene();
    const one = await stage.create('one');
    await stage.create('two');
    await stage.life.done('checkpoint.apply', { vmId: stage.vmId, checkpointId: one, force: false });
    await stage.create('three');
    const { checkpoints } = await stage.life.done('checkpoint.list', { vmId: stage.vmId });
    expect(checkpoints.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
    expect(checkpoints.map(({ size }) => size)).toEqual([0, 2 * 4 * 1024 ** 2, 2 * 4 * 1024 ** 2]);
  });

  test('are renamed', async () => {
    const stage = await scene();
    const checkpointId = await stage.create('one');
    const { checkpoint } = await stage.life.done('checkpoint.rename', {
      vmId: stage.vmId,
      checkpointId,
      name: 'Before: the update / 1',
    });
    expect(checkpoint.name).toBe('Before: the update / 1');
  });

  test('in the middle are deleted alone: their children move up and the disks are merged', async () => {
    const stage = await scene();
    const { life, vmId } = stage;
    await stage.create('one');
    const two = await stage.create('two');
    await stage.create('three');
    const seen = new Set<string>();
    life.engine.subscribe(() => seen.add(life.vm(vmId).activity?.kind ?? 'none'));
    const { deleted } = await life.done('checkpoint.delete', { vmId, checkpointId: two, subtree: false });
    expect(deleted).toEqual([two]);
    expect(tree(stage)).toEqual(['-/one', 'one/three*']);
    expect([...seen]).toEqual(expect.arrayContaining(['DeletingCheckpoint', 'MergingDisks', 'none']));
    const [disk] = life.vm(vmId).disks;
    expect(life.engine.steps('n1').files.chain(disk?.path ?? '')).toHaveLength(3);
  });

  test('are deleted with all their descendants, which restores the plain disks', async () => {
    const stage = await scene({ start: true });
    const { life, vmId } = stage;
    const before = life.storage();
    const one = await stage.create('one');
    await stage.create('two');
    const { deleted } = await life.done('checkpoint.delete', { vmId, checkpointId: one, subtree: true });
    expect(deleted).toHaveLength(2);
    expect(life.vm(vmId)).toMatchObject({ checkpoints: [], activity: null, state: 'Running' });
    expect(life.vm(vmId).disks.map(({ type }) => type)).toEqual(['Dynamic', 'Dynamic']);
    const files = (storage: unknown): unknown => (storage as { files: string[] }[]).map((one) => one.files);
    expect(files(life.storage())).toEqual(files(before));
  });

  test('are refused if disabled, and not found if they do not exist', async () => {
    const stage = await scene({ checkpointType: 'Disabled' });
    const { life, vmId } = stage;
    expect(await life.refused('checkpoint.create', { vmId, name: 'x' })).toBe('wrong-state');
    const target = { vmId, checkpointId: '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f' };
    expect(await life.refused('checkpoint.apply', { ...target, force: true })).toBe('not-found');
    expect(await life.refused('checkpoint.rename', { ...target, name: 'x' })).toBe('not-found');
    expect(await life.refused('checkpoint.delete', { ...target, subtree: true })).toBe('not-found');
    expect(await life.refused('checkpoint.list', { vmId: target.checkpointId })).toBe('not-found');
  });

  test('that Hyper-V refuses change nothing', async () => {
    const stage = await scene();
    const before = stage.life.storage();
    stage.life.failAt = ({ action }) =>
      action === 'checkpointVm' ? new EngineError('agent-error', 'No.') : null;
    expect(await stage.life.refused('checkpoint.create', { vmId: stage.vmId, name: 'x' })).toBe(
      'agent-error',
    );
    expect(stage.life.storage()).toEqual(before);
  });

  test('block power actions while they are being created', async () => {
    const stage = await scene();
    const { life, vmId } = stage;
    life.engine.steps('n1').checkpoints.checkpointVm(vmId, 'x');
    expect(await life.refused('vm.start', { vmId })).toBe('wrong-state');
  });
});
