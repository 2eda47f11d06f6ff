import type { VmChanges } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../src/engine/index.ts';
import { gibibyte, Lifecycle, plainVm } from './lifecycle.ts';

async function scene(start = false): Promise<{ readonly life: Lifecycle; readonly vmId: string }> {
  const life = new Lifecycle();
  const { vm } = await life.done('vm.create', { ...plainVm, start });
  return { life, vmId: vm.vmId };
}

const dynamic = {
  dynamic: true,
  startup: 2 * gibibyte,
  minimum: gibibyte,
  maximum: 4 * gibibyte,
  bufferPercent: 20,
};

describe('vm.update', () => {
  test('an update changes every setting while the VM is off', async () => {
    const { life, vmId } = await scene();
    const changes = {
      name: 'SRV-99',
      notes: 'New.',
      processors: 8,
      memory: { ...dynamic, dynamic: true },
      automaticStartAction: 'Start',
      automaticStartDelaySeconds: 5,
      automaticStopAction: 'Save',
      checkpointType: 'Standard',
    } as const;
    const bootOrder = [life.vm(vmId).disks[1]?.id ?? ''];
    const { vm, applied } = await life.done('vm.update', {
      vmId,
      changes: { ...changes, secureBoot: 'MicrosoftWindows', bootOrder },
    });
    expect(vm).toMatchObject({ ...changes, secureBoot: { enabled: true, template: 'MicrosoftWindows' } });
    expect(vm.bootOrder?.[0]).toBe('scsi-0-1');
    expect(vm.bootOrder).toHaveLength(5);
    expect([...applied].sort()).toEqual([...Object.keys(changes), 'bootOrder', 'secureBoot'].sort());
    expect(vm.disks[0]?.path).toContain('SRV-01');
  });

  test('changes only what differs', async () => {
    const { life, vmId } = await scene();
    const { applied } = await life.done('vm.update', {
      vmId,
      changes: { notes: 'A server.', processors: 3 },
    });
    expect(applied).toEqual(['processors']);
  });

  const live: readonly [string, VmChanges][] = [
    ['name', { name: 'SRV-02' }],
    ['notes', { notes: 'x' }],
    ['checkpointType', { checkpointType: 'Standard' }],
    ['automaticStartAction', { automaticStartAction: 'Nothing' }],
    ['automaticStartDelaySeconds', { automaticStartDelaySeconds: 1 }],
  ];
  test.each(live)('%s works while the VM runs', async (field, changes) => {
    const { life, vmId } = await scene(true);
    expect(await life.done('vm.update', { vmId, changes })).toMatchObject({ applied: [field] });
  });

  const needOff: readonly [string, VmChanges][] = [
    ['processors', { processors: 1 }],
    ['memory', { memory: { dynamic: false, startup: gibibyte } }],
    ['secureBoot', { secureBoot: 'off' }],
    ['bootOrder', { bootOrder: ['scsi-0-1'] }],
    ['automaticStopAction', { automaticStopAction: 'TurnOff' }],
  ];
  test.each(needOff)(
    '%s of a running VM is refused by name before anything is changed',
    async (field, changes) => {
      const { life, vmId } = await scene(true);
      const { error } = await life.run('vm.update', { vmId, changes: { notes: 'x', ...changes } });
      expect(error?.code).toBe('wrong-state');
      expect(error?.message).toContain(field);
      expect(life.vm(vmId).notes).toBe('A server.');
    },
  );

  test('dynamic memory can be widened while the VM runs, but not narrowed', async () => {
    const { life, vmId } = await scene();
    const memory = { ...dynamic, dynamic: true } as const;
    await life.done('vm.update', { vmId, changes: { memory } });
    life.power(vmId, 'start');
    const wider = { ...memory, minimum: gibibyte / 2, maximum: 8 * gibibyte };
    expect((await life.done('vm.update', { vmId, changes: { memory: wider } })).vm.memory).toEqual(wider);
    expect(await life.refused('vm.update', { vmId, changes: { memory } })).toBe('wrong-state');
  });

  test.each<[string, VmChanges, string]>([
    ['a device that it has not', { bootOrder: ['scsi-3-3'] }, 'not-found'],
    ['more processors than the host has', { processors: 100 }, 'not-supported'],
    [
      'memory the wrong way round',
      { memory: { ...dynamic, dynamic: true, minimum: 3 * gibibyte } },
      'bad-request',
    ],
  ])('%s is refused', async (_what, changes, code) => {
    const { life, vmId } = await scene();
    expect(await life.refused('vm.update', { vmId, changes: { notes: 'x', ...changes } })).toBe(code);
    expect(life.vm(vmId).notes).toBe('A server.');
  });

  test('the name of another VM is a conflict; its own name in different case is not', async () => {
    const { life, vmId } = await scene();
    const other = { ...plainVm, name: 'SRV-02', networkAdapters: [], disks: [] };
    await life.done('vm.create', other);
    expect(await life.refused('vm.update', { vmId, changes: { name: 'srv-02' } })).toBe('conflict');
    expect((await life.done('vm.update', { vmId, changes: { name: 'srv-01' } })).vm.name).toBe('srv-01');
  });

  test('a failure restores earlier changes', async () => {
    const { life, vmId } = await scene();
    const before = life.vm(vmId);
    life.failAt = ({ action }) => (action === 'setVmMemory' ? new EngineError('agent-error', 'No.') : null);
    const changes = {
      name: 'X',
      processors: 8,
      notes: 'x',
      memory: { dynamic: false, startup: gibibyte },
    } as const;
    expect(await life.refused('vm.update', { vmId, changes })).toBe('agent-error');
    expect(life.vm(vmId)).toEqual(before);
  });
});
