import { describe, expect, test } from 'vitest';
import { EngineError, type VmSpec } from '../src/engine/index.ts';
import { smallFleet } from './small-fleet.ts';

const running: VmSpec = { name: 'SRV', role: 'web', state: 'Running', memoryGb: 8 };

/** Who reported the VM, after each change: `n1`, `n2`, both or nobody. */
function moveOnce(fleet: ReturnType<typeof smallFleet>, vmId: string, to: string): string[] {
  const { engine, clock } = fleet;
  const from = to === 'n2' ? 'n1' : 'n2';
  const seen: string[] = [];
  const stop = engine.subscribe(() => {
    const who = ['n1', 'n2'].filter((hostId) => engine.vm(hostId, vmId)).join('+');
    if (seen.at(-1) !== who) seen.push(who);
  });
  const job = engine.migrate(from, vmId, to);
  clock.advance(30_000);
  stop();
  expect(job.state).toBe('completed');
  return seen;
}

test('a move shows progress on the source, then briefly both or neither, then the target alone', () => {
  const fleet = smallFleet();
  const vmId = fleet.add(running);
  const mac = fleet.engine.vm('n1', vmId)?.networkAdapters[0]?.macAddress;
  const ways = new Set<string>();
  for (let round = 0; round < 20; round++) {
    const to = round % 2 === 0 ? 'n2' : 'n1';
    const from = to === 'n2' ? 'n1' : 'n2';
    const seen = moveOnce(fleet, vmId, to);
    expect(seen[0]).toBe(from);
    expect(seen.at(-1)).toBe(to);
    expect(['', 'n1+n2']).toContain(seen[1]);
    expect(seen).toHaveLength(3);
    ways.add(seen[1] ?? '');
    expect(fleet.engine.vm(from, vmId)).toBeUndefined();
    expect(fleet.engine.vm(to, vmId)).toMatchObject({
      state: 'Running',
      heartbeat: 'Ok',
      activity: null,
      clusterRole: { ownerNode: to },
    });
    expect(fleet.engine.vm(to, vmId)?.networkAdapters[0]?.macAddress).toBe(mac);
  }
  expect(ways).toEqual(new Set(['', 'n1+n2']));
});

test('a VM keeps running and reports the progress of its move, while power actions are refused', () => {
  const { engine, clock, add } = smallFleet();
  const vmId = add(running);
  const startedAt = engine.vm('n1', vmId)?.startedAt;
  engine.migrate('n1', vmId, 'n2');
  clock.advance(2_000);
  const moving = engine.vm('n1', vmId);
  expect(moving).toMatchObject({ state: 'Running', activity: { kind: 'Migrating' } });
  expect(moving?.activity?.percent).toBeGreaterThan(0);
  expect(() => engine.power('n1', vmId, 'stop')).toThrow(EngineError);
  clock.advance(30_000);
  expect(engine.vm('n2', vmId)?.startedAt).toBe(startedAt);
});

test('a cancelled move leaves the VM in place', () => {
  const { engine, clock, add } = smallFleet();
  const vmId = add(running);
  const job = engine.migrate('n1', vmId, 'n2');
  clock.advance(1_500);
  expect(job.cancel()).toBe(true);
  clock.advance(60_000);
  expect(job.state).toBe('cancelled');
  expect(engine.vm('n1', vmId)).toMatchObject({ state: 'Running', activity: null });
  expect(engine.vm('n2', vmId)).toBeUndefined();
});

describe('a move is refused', () => {
  test.each<[string, VmSpec, string]>([
    ['to where the VM is', running, 'n1'],
    ['of what is no clustered role', { ...running, clustered: false }, 'n2'],
    ['of a VM without storage', { ...running, state: 'Paused', critical: true }, 'n2'],
    ['to a host without the memory', { ...running, memoryGb: 5_000 }, 'n2'],
    ['of a VM that merges disks', { ...running, activity: { kind: 'MergingDisks', percent: 1 } }, 'n2'],
  ])('%s', (_what, spec, to) => {
    const { engine, add } = smallFleet();
    const vmId = add(spec);
    expect(() => engine.migrate('n1', vmId, to)).toThrow(EngineError);
    expect(engine.vm('n1', vmId)).toBeDefined();
  });
});

test('a save fails when its storage is lost', () => {
  const { engine, clock, hostId, add } = smallFleet();
  const vmId = add({ name: 'BIG', role: 'utility', state: 'Running', memoryGb: 60 });
  const job = engine.power(hostId, vmId, 'save');
  clock.advance(3_000);
  engine.setStorageLost(hostId, vmId, true);
  expect(job).toMatchObject({ state: 'failed', error: { code: 'agent-error' } });
  clock.advance(120_000);
  expect(engine.vm(hostId, vmId)).toMatchObject({ state: 'Paused', critical: true });
  engine.setStorageLost(hostId, vmId, false);
  expect(engine.vm(hostId, vmId)).toMatchObject({ state: 'Running', critical: false });
});

test('external changes are reported: create, rename, notes, storage, delete', () => {
  const { engine, clock, hostId, add } = smallFleet();
  const changes: string[] = [];
  engine.subscribe(({ vmId }) => changes.push(vmId));
  const vmId = add({ name: 'NEW', role: 'utility' });
  engine.renameVm(hostId, vmId, 'RENAMED');
  engine.setNotes(hostId, vmId, 'Grüße 🙂');
  expect(engine.vm(hostId, vmId)).toMatchObject({ name: 'RENAMED', notes: 'Grüße 🙂' });
  engine.power(hostId, vmId, 'start');
  expect(() => engine.deleteVm(hostId, vmId)).toThrow(/Starting/);
  clock.advance(60_000);
  engine.setStorageLost(hostId, vmId, true);
  expect(engine.vm(hostId, vmId)).toMatchObject({
    state: 'Paused',
    critical: true,
    health: 'CriticalFailure',
  });
  engine.setStorageLost(hostId, vmId, false);
  expect(engine.vm(hostId, vmId)).toMatchObject({ state: 'Running', critical: false, health: 'Ok' });
  engine.power(hostId, vmId, 'stop');
  clock.advance(5_000);
  engine.deleteVm(hostId, vmId);
  expect(engine.vm(hostId, vmId)).toBeUndefined();
  expect(new Set(changes)).toEqual(new Set([vmId]));
});

test('a merge of disks continues by itself and ends', () => {
  const { engine, clock, hostId, add } = smallFleet();
  const vmId = add({ ...running, activity: { kind: 'MergingDisks', percent: 95 } });
  clock.advance(5_000);
  expect(engine.vm(hostId, vmId)?.activity?.percent).toBeGreaterThan(95);
  clock.advance(60_000);
  expect(engine.vm(hostId, vmId)?.activity).toBeNull();
  expect(clock.pending).toBe(0);
});

test('disposing cancels everything scheduled, even during a move', () => {
  const { engine, clock, hostId, add, inState } = smallFleet();
  for (let count = 0; count < 8; count++) {
    engine.migrate(hostId, add(running), 'n2');
    inState('Starting');
    clock.advance(700);
  }
  expect(clock.pending).toBeGreaterThan(0);
  engine.dispose();
  expect(clock.pending).toBe(0);
});
