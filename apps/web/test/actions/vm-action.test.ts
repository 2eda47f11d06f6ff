import { describe, expect, test } from 'vitest';
import {
  activityBlock,
  errorCodeList,
  isCommandAllowed,
  roles,
  vmActivities,
  vmStates,
  type Job,
  type Permission,
  type Vm,
} from '@aether-v/types';
import { endText } from '../../src/actions/run-action.ts';
import { pageActions, primaryAction, vmActionStates } from '../../src/actions/vm-action.ts';
import { errorTexts } from '../../src/components/error.text.ts';
import { offeredVmCommands } from '../../src/fleet/offered-commands.ts';
import { whyNotPermitted } from '../../src/session/permissions.ts';
import { signedIn } from '../fake-api/me.ts';
import { makeJob } from '../fake-api/job-rows.ts';
import { makeHosts, makeVms } from '../fake-api/rows.ts';

const [base] = makeVms(1, makeHosts(0), 0) as [Vm];
/** Permits everything. */
const all = (): null => null;
const actionsOf = (vm: Vm, shown = vm.state) =>
  Object.fromEntries(vmActionStates(vm, shown, all).map((state) => [state.name, state]));

describe('actions of a VM', () => {
  test('in every state the actions that the table allows are enabled, and the others show a reason', () => {
    for (const state of vmStates) {
      const vm = { ...base, state };
      for (const action of vmActionStates(vm, state, all)) {
        expect(action.canRun, `${action.name} in ${state}`).toBe(isCommandAllowed(action.name, vm));
        expect(action.reason === null).toBe(action.canRun);
      }
    }
  });

  test('a reader sees every action disabled with the permission and the role that has it', () => {
    const reader = { ...signedIn, role: 'reader' as const, permissions: [...roles.reader] };
    const whyNot = (permission: Permission): string | null => whyNotPermitted(permission, reader);
    for (const { canRun, reason } of vmActionStates(base, base.state, whyNot)) {
      expect(canRun).toBe(false);
      expect(reason).toMatch(/permission power.*role Writer or Administrator; you have the role Reader/);
    }
  });

  test('follow the state on screen: a start that was accepted cannot be repeated', () => {
    const actions = actionsOf({ ...base, state: 'Off' }, 'Starting');
    expect(actions['vm.start']).toMatchObject({ canRun: false });
    expect(actions['vm.stop']).toMatchObject({ canRun: true });
  });

  test.each<[string, Partial<Vm>, RegExp]>([
    ['host unreachable', { stale: { since: '', code: 'host-unreachable', message: '' } }, /is unreachable/],
    ['moving', { moving: true }, /moving between hosts/],
    ['critical', { critical: true, state: 'Running' }, /lost its storage/],
    ['wrong state', { state: 'Running' }, /Possible when .* off, saved or hibernated; it is running/],
  ])('show the reason if disabled: %s', (_, patch, reason) => {
    expect(actionsOf({ ...base, ...patch })['vm.start']?.reason).toMatch(reason);
  });

  test.each(vmActivities)('during %s: the blocked ones are disabled with a reason', (kind) => {
    const vm: Vm = { ...base, state: 'Running', critical: false, activity: { kind, percent: null } };
    for (const action of vmActionStates(vm, vm.state, all)) {
      const reason = activityBlock(action.name, vm)?.reason;
      if (reason === undefined) expect(action.canRun).toBe(isCommandAllowed(action.name, vm));
      else expect(action).toMatchObject({ canRun: false, reason });
    }
  });

  test('the action of a row is one of the table in every state', () => {
    for (const state of vmStates) expect(offeredVmCommands).toContain(primaryAction(base, state));
    expect(primaryAction(base, 'Off')).toBe('vm.start');
    expect(primaryAction(base, 'Running')).toBe('vm.shutdown');
    expect(primaryAction(base, 'Paused')).toBe('vm.resume');
  });

  test('a critical VM is offered the only possible action, in its row and on its page', () => {
    for (const state of ['Running', 'Paused', 'Saving'] as const) {
      const vm: Vm = { ...base, state, critical: true };
      expect(pageActions(vm, state)).toEqual(['vm.stop']);
      expect(actionsOf(vm)['vm.stop']).toMatchObject({ canRun: true });
    }
  });

  test.each(['Replica', 'ExtendedReplica'] as const)(
    'a VM with replication %s is not offered Start',
    (replication) => {
      const vm: Vm = { ...base, state: 'Off', critical: false, replication };
      expect(primaryAction(vm, 'Off')).toBeNull();
      expect(pageActions(vm, 'Off')).toEqual([]);
      expect(actionsOf(vm)['vm.start']?.reason).toMatch(/replica.*failover/);
    },
  );

  test('the primary of a replicated VM can be started', () => {
    expect(primaryAction({ ...base, replication: 'Primary' }, 'Off')).toBe('vm.start');
  });
});

describe('error texts', () => {
  test('exist for every code, each with a remedy', () => {
    expect(Object.keys(errorTexts).sort()).toEqual([...errorCodeList].sort());
    for (const { what, todo } of Object.values(errorTexts)) {
      expect(what).toMatch(/\.$/);
      expect(todo).toMatch(/\.$/);
    }
  });

  const job: Job = makeJob(base, 'vm.shutdown', 'Shut down', 0);
  test.each<[string, Partial<Job>, object | null]>([
    ['good ends need none', { state: 'succeeded' }, null],
    ['nor do jobs under way', { state: 'running' }, null],
    [
      'the remedy of the host is better than ours',
      { state: 'failed', error: { code: 'agent-error', message: 'No disk.', remedy: 'Attach it.' } },
      { detail: 'No disk.', todo: 'Attach it.' },
    ],
    ['an outcome that is not known', { state: 'unknown' }, errorTexts['outcome-unknown']],
    ['a cancel', { state: 'cancelled' }, errorTexts.cancelled],
  ])('%s', (_, patch, text) => {
    const end = endText({ ...job, ...patch });
    if (text) expect(end).toMatchObject(text);
    else expect(end).toBeNull();
  });
});
