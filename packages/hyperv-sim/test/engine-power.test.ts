import {
  isActionAllowed,
  isTransitional,
  steadyVmStates,
  vmActionNames,
  vmActions,
  type VmActionName,
  type VmState,
} from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { EngineError, guestGraceMs } from '../src/engine/index.ts';
import { smallFleet, states, type SmallFleet } from './small-fleet.ts';

type Reached = Extract<(typeof states)[number], VmState>;

function errorOf(action: () => unknown): EngineError {
  try {
    action();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

function follow({ engine, hostId }: SmallFleet, vmId: string): VmState[] {
  const seen: VmState[] = [];
  engine.subscribe((change) => {
    const state = engine.vm(hostId, vmId)?.state;
    if (change.vmId === vmId && state && seen.at(-1) !== state) seen.push(state);
  });
  return seen;
}

describe.each(vmActionNames)('%s', (action: VmActionName) => {
  test.each(states)('from %s has the effect in the table', (state: Reached) => {
    const fleet = smallFleet();
    const { engine, clock, hostId } = fleet;
    const vmId = fleet.inState(state);
    expect(engine.vm(hostId, vmId)?.state).toBe(state);
    const seen = follow(fleet, vmId);
    if (!isActionAllowed(action, { state, critical: false })) {
      const error = errorOf(() => engine.power(hostId, vmId, action));
      expect(error.code).toBe('wrong-state');
      expect(error.message).toContain(state);
      expect(seen).toEqual([]);
      return;
    }
    const job = engine.power(hostId, vmId, action);
    expect(job.state).toBe('running');
    const { transition, target } = vmActions[action];
    if (transition !== state) expect(seen).toEqual([transition]);
    clock.advance(60_000);
    expect(job).toMatchObject({ state: 'completed', percent: 100, error: null });
    expect(engine.vm(hostId, vmId)?.state).toBe(target);
    expect(seen.filter((one) => !isTransitional(one))).toEqual([target]);
  });

  test('on a critical VM works only if it turns it off', () => {
    const fleet = smallFleet();
    const vmId = fleet.inState('Running');
    fleet.engine.setStorageLost(fleet.hostId, vmId, true);
    expect(fleet.engine.vm(fleet.hostId, vmId)).toMatchObject({ state: 'Paused', critical: true });
    if (action === 'stop') fleet.engine.power(fleet.hostId, vmId, action);
    else expect(errorOf(() => fleet.engine.power(fleet.hostId, vmId, action)).code).toBe('wrong-state');
  });
});

test('every steady state of a simulated VM is covered above', () => {
  const simulated = steadyVmStates.filter((state) => state !== 'FastSaved' && state !== 'Hibernated');
  expect([...states].filter((state) => !isTransitional(state))).toEqual(expect.arrayContaining(simulated));
});

test('a start passes through Starting with progress, then the guest reports heartbeat, addresses and names', () => {
  const { engine, clock, hostId, inState } = smallFleet();
  const vmId = inState('Off');
  const job = engine.power(hostId, vmId, 'start');
  const percents: (number | null)[] = [];
  job.onChange(() => percents.push(job.percent));
  clock.advance(6_000);
  expect(percents.length).toBeGreaterThan(1);
  expect(percents).toEqual(percents.toSorted((a, b) => Number(a) - Number(b)));
  const started = engine.vm(hostId, vmId);
  expect(started).toMatchObject({ state: 'Running', heartbeat: 'NoContact', guest: null });
  expect(started?.networkAdapters[0]?.addresses).toEqual([]);
  clock.advance(30_000);
  const up = engine.vm(hostId, vmId);
  expect(up).toMatchObject({ heartbeat: 'Ok', guest: { hostname: 'SRV.corp.example.com' } });
  expect(up?.networkAdapters[0]?.addresses[0]).toBe('10.0.0.9');
  expect(up?.networkAdapters[0]?.macAddress).toBe(started?.networkAdapters[0]?.macAddress);
  expect(up?.startedAt).toBe(started?.startedAt);
});

test('a hung guest is awaited for five minutes, forced or not; then the VM runs on and can be turned off', () => {
  for (const force of [false, true]) {
    const { engine, clock, hostId, add } = smallFleet();
    const vmId = add({ name: 'HANGS', role: 'utility', state: 'Running', manners: 'hangs' });
    const job = engine.power(hostId, vmId, 'shutdown', { force });
    clock.advance(guestGraceMs - 1);
    expect(job).toMatchObject({ state: 'running', percent: null });
    clock.advance(1);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'guest-timeout' } });
    expect(job.error?.message).toMatch(/five minutes/);
    expect(engine.vm(hostId, vmId)).toMatchObject({ state: 'Running', heartbeat: 'LostCommunication' });
    expect(errorOf(() => engine.power(hostId, vmId, 'shutdown')).code).toBe('wrong-state');
    engine.power(hostId, vmId, 'stop');
    clock.advance(2_000);
    expect(engine.vm(hostId, vmId)?.state).toBe('Off');
  }
});

test('unsaved work refuses a shutdown and a restart, unless forced', () => {
  const { engine, clock, hostId, add } = smallFleet();
  const vmId = add({ name: 'DESK', role: 'desktop', state: 'Running', manners: 'unsaved-work' });
  for (const action of ['shutdown', 'restart'] as const) {
    const refused = engine.power(hostId, vmId, action);
    clock.advance(10_000);
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'agent-error' } });
    expect(engine.vm(hostId, vmId)?.state).toBe('Running');
  }
  const forced = engine.power(hostId, vmId, 'shutdown', { force: true });
  clock.advance(30_000);
  expect(forced.state).toBe('completed');
  expect(engine.vm(hostId, vmId)?.state).toBe('Off');
});

test('a VM without integration services cannot be shut down, only turned off', () => {
  const { engine, clock, hostId, add } = smallFleet();
  const vmId = add({ name: 'BOX', role: 'utility', os: 'appliance', state: 'Running' });
  for (const action of ['shutdown', 'restart'] as const) {
    expect(errorOf(() => engine.power(hostId, vmId, action))).toMatchObject({ code: 'wrong-state' });
  }
  expect(engine.vm(hostId, vmId)).toMatchObject({ heartbeat: 'NoContact', guest: null });
  engine.power(hostId, vmId, 'reset');
  clock.advance(60_000);
  expect(engine.vm(hostId, vmId)).toMatchObject({ state: 'Running', heartbeat: 'NoContact' });
});

test('turning off overtakes a start, whose job reports that', () => {
  const { engine, clock, hostId, inState } = smallFleet();
  const vmId = inState('Off');
  const start = engine.power(hostId, vmId, 'start');
  const stop = engine.power(hostId, vmId, 'stop');
  clock.advance(60_000);
  expect(start).toMatchObject({ state: 'failed', error: { code: 'cancelled' } });
  expect(stop.state).toBe('completed');
  expect(engine.vm(hostId, vmId)?.state).toBe('Off');
});

test('saving takes longer with more memory and can be cancelled; a guest’s shutdown cannot be cancelled', () => {
  const { engine, clock, hostId, add } = smallFleet();
  const small = add({ name: 'S', role: 'utility', memoryGb: 1, state: 'Running' });
  const large = add({ name: 'L', role: 'utility', memoryGb: 32, state: 'Running' });
  const jobs = [small, large].map((vmId) => engine.power(hostId, vmId, 'save'));
  clock.advance(2_000);
  expect(jobs.map(({ state }) => state)).toEqual(['completed', 'running']);
  expect(jobs[1]?.cancel()).toBe(true);
  expect(jobs[1]).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
  expect(engine.vm(hostId, large)).toMatchObject({ state: 'Running', heartbeat: 'Ok' });
  const shutdown = engine.power(hostId, large, 'shutdown');
  expect(shutdown.cancel()).toBe(false);
  clock.advance(60_000);
  expect(shutdown.state).toBe('completed');
  expect(engine.vm(hostId, large)?.state).toBe('Off');
});

test('a VM that is turned off while its guest boots gets no further events of that guest', () => {
  const { engine, clock, hostId, inState } = smallFleet();
  const vmId = inState('Off');
  engine.power(hostId, vmId, 'start');
  clock.advance(6_000);
  engine.power(hostId, vmId, 'stop');
  clock.advance(2_000);
  const off = engine.vm(hostId, vmId);
  expect(off).toMatchObject({ state: 'Off', heartbeat: 'Unknown', guest: null, startedAt: null });
  expect(clock.pending).toBe(0);
  clock.advance(60_000);
  expect(engine.vm(hostId, vmId)).toBe(off);
});

test('a pause while the guest boots does not lose the guest', () => {
  const { engine, clock, hostId, inState } = smallFleet();
  const vmId = inState('Off');
  engine.power(hostId, vmId, 'start');
  clock.advance(6_000);
  engine.power(hostId, vmId, 'pause');
  clock.advance(1_000);
  engine.power(hostId, vmId, 'resume');
  clock.advance(60_000);
  expect(engine.vm(hostId, vmId)).toMatchObject({ state: 'Running', heartbeat: 'Ok' });
});

test('a host without enough memory does not start a VM', () => {
  const { engine, hostId, add } = smallFleet();
  const vmId = add({ name: 'HUGE', role: 'database', memoryGb: 2_000 });
  expect(errorOf(() => engine.power(hostId, vmId, 'start')).message).toMatch(/Not enough memory/);
});

test('injected failures take precedence over Hyper-V’s own checks', () => {
  const fleet = smallFleet(({ action }) =>
    action === 'start' ? new EngineError('agent-error', 'planted') : null,
  );
  const vmId = fleet.inState('Off');
  expect(errorOf(() => fleet.engine.power(fleet.hostId, vmId, 'start')).message).toBe('planted');
});
