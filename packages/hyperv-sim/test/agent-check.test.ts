import type { OperationRequest } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../src/engine/index.ts';
import { gibibyte, Lifecycle, plainVm, root } from './lifecycle.ts';

async function scene(start = false): Promise<{ readonly life: Lifecycle; readonly vmId: string }> {
  const life = new Lifecycle();
  const { vm } = await life.done('vm.create', { ...plainVm, start });
  return { life, vmId: vm.vmId };
}

function settingsOf(life: Lifecycle, vmId: string): NonNullable<OperationRequest<'vm.update'>['expected']> {
  const { name, processors, memory, secureBoot, bootOrder, notes, checkpointType } = life.vm(vmId);
  const { automaticStartAction, automaticStartDelaySeconds, automaticStopAction } = life.vm(vmId);
  const actions = { automaticStartAction, automaticStartDelaySeconds, automaticStopAction };
  return { name, processors, memory, secureBoot, bootOrder, notes, checkpointType, ...actions };
}

describe('operation.check', () => {
  test('a check lists all refusals of a creation in the order of its checks', async () => {
    const { life } = await scene();
    const request = {
      ...plainVm,
      processors: 65,
      memory: {
        dynamic: true,
        startup: gibibyte,
        minimum: 2 * gibibyte,
        maximum: gibibyte / 2,
        bufferPercent: 20,
      },
      disks: [
        { sizeBytes: 4_096 * gibibyte, type: 'Fixed' as const },
        { image: 'none', sizeBytes: null },
      ],
      networkAdapters: [{ network: 'none', macAddress: '02AABBCCDD01' }],
      dvd: { iso: 'none.iso' },
    };
    const { refusals } = await life.done('operation.check', { op: 'vm.create', request });
    expect(refusals.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'bad-request: The minimum is greater than the startup memory.',
      'not-found: This host has no image "none".',
      'not-found: This host has no network "none".',
      'not-found: This host has no ISO "none.iso".',
      'not-supported: This host has 64 logical processors, but 65 were requested.',
      'conflict: Another adapter of this host already has the MAC address 02AABBCCDD01.',
      'conflict: This host already has a VM named "SRV-01".',
      `conflict: "${root}\\SRV-01" already exists and is not empty.`,
      `out-of-space: The storage class "V1" has ${life.engine.steps('n1').files.volumeOf(root).free} bytes free, but the disks need ${4_096 * gibibyte}.`,
    ]);
  });

  test('the check of a creation in an unknown storage class ends with what does not depend on it', async () => {
    const { life } = await scene();
    const request = { ...plainVm, storageClass: 'none' };
    const { refusals } = await life.done('operation.check', { op: 'vm.create', request });
    expect(refusals.map(({ code }) => code)).toEqual(['not-found', 'conflict', 'conflict']);
  });

  test('the check of an operation on a missing VM has one refusal', async () => {
    const { life } = await scene();
    const request = {
      vmId: '00000000-0000-4000-8000-000000000000',
      name: 'X',
      force: false,
      deleteDisks: true,
    };
    const check = await life.done('operation.check', { op: 'vm.delete', request });
    expect(check).toMatchObject({ refusals: [{ code: 'not-found' }], deletes: [], remaining: [] });
  });

  test('the check of a deletion names the role, the files and the folders that the deletion then reports', async () => {
    const { life, vmId } = await scene();
    for (const name of ['one', 'two']) await life.done('checkpoint.create', { vmId, name });
    const request = { vmId, name: 'SRV-01', force: false, deleteDisks: true };
    const { refusals, deletes, remaining } = await life.done('operation.check', { op: 'vm.delete', request });
    expect(refusals).toEqual([]);
    expect(remaining).toEqual([]);
    expect(deletes).toContain('SRV-01');
    expect(deletes.filter((path) => path.endsWith('.avhdx'))).toHaveLength(4);
    const { deleted } = await life.done('vm.delete', request);
    expect(new Set(deletes)).toEqual(new Set(deleted));
  });

  test('the check of a deletion without disks names the disks that stay', async () => {
    const { life, vmId } = await scene();
    const request = { vmId, name: 'SRV-01', force: false, deleteDisks: false };
    const { remaining } = await life.done('operation.check', { op: 'vm.delete', request });
    expect(remaining.map(({ reason }) => reason)).toEqual(['kept', 'kept']);
  });

  test('an injected failure of a step does not reach the check', async () => {
    const { life, vmId } = await scene();
    life.failAt = () => new EngineError('agent-error', 'No.');
    for (const [op, request] of [
      ['vm.start', { vmId }],
      ['vm.update', { vmId, changes: { notes: 'x' } }],
      ['checkpoint.create', { vmId, name: null }],
      ['host.test', {}],
    ] as const) {
      expect(await life.done('operation.check', { op, request })).toMatchObject({ refusals: [] });
    }
  });

  test.each([
    ['an unknown operation', 'vm.fly', {}, 'not-supported'],
    ['an operation that changes nothing', 'inventory', {}, 'not-supported'],
    ['itself', 'operation.check', { op: 'vm.start', request: {} }, 'not-supported'],
    ['a request that its operation would reject', 'vm.start', { vmId: 'x' }, 'bad-request'],
  ])('the check of %s is an error', async (_what, op, request, code) => {
    const { life } = await scene();
    expect(await life.refused('operation.check', { op, request })).toBe(code);
  });
});

describe('the expected settings of vm.update', () => {
  test('are accepted as they were read', async () => {
    const { life, vmId } = await scene();
    const expected = settingsOf(life, vmId);
    await life.done('vm.update', { vmId, changes: { notes: 'new' }, expected });
    expect(life.vm(vmId).notes).toBe('new');
  });

  test('are a conflict that names what has changed, and change nothing', async () => {
    const { life, vmId } = await scene();
    const expected = settingsOf(life, vmId);
    life.engine.setNotes('n1', vmId, 'by another');
    const { error } = await life.run('vm.update', { vmId, changes: { processors: 4 }, expected });
    expect(error).toEqual({
      code: 'conflict',
      message: 'The settings of "SRV-01" have changed since they were read: notes. Nothing was changed.',
      remedy: 'Read the VM again, then repeat the change.',
    });
    expect(life.vm(vmId).processors).toBe(plainVm.processors);
  });

  test('are one of several refusals of a check', async () => {
    const { life, vmId } = await scene(true);
    const expected = { ...settingsOf(life, vmId), notes: 'x', checkpointType: 'Standard' as const };
    const request = { vmId, changes: { processors: 65 }, expected };
    const { refusals } = await life.done('operation.check', { op: 'vm.update', request });
    expect(refusals.map(({ code }) => code)).toEqual(['conflict', 'not-supported', 'wrong-state']);
    expect(refusals[0]?.message).toContain('notes, checkpointType');
  });
});
