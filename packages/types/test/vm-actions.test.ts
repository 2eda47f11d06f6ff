import { describe, expect, test } from 'vitest';
import {
  isActionAllowed,
  isTransitional,
  operations,
  vmActionNames,
  vmActions,
  vmStates,
} from '../src/index.ts';

/** Which actions Hyper-V accepts in each state. */
const byState = {
  Running: ['shutdown', 'stop', 'restart', 'reset', 'save', 'pause'],
  Off: ['start'],
  Saved: ['start'],
  FastSaved: ['start'],
  Hibernated: ['start'],
  Paused: ['stop', 'reset', 'save', 'resume'],
  Starting: ['stop'],
  Stopping: ['stop'],
  Saving: ['stop'],
  Pausing: ['stop'],
  Resuming: ['stop'],
  Resetting: ['stop'],
  FastSaving: ['stop'],
  ForceShutdown: ['stop'],
  ForceReboot: ['stop'],
  Other: ['stop'],
} as const;

describe('the table of VM actions', () => {
  test.each(Object.entries(byState))('in state %s', (state, expected) => {
    const allowed = vmActionNames.filter((name) =>
      isActionAllowed(name, { state: state as keyof typeof byState, critical: false }),
    );
    expect(allowed).toEqual(expected);
  });

  test('no action is accepted in any other state', () => {
    for (const state of vmStates) {
      if (state in byState) continue;
      expect(vmActionNames.filter((name) => isActionAllowed(name, { state, critical: false }))).toEqual([]);
    }
  });

  test('a critical VM can only be turned off', () => {
    const allowed = vmActionNames.filter((name) =>
      isActionAllowed(name, { state: 'Running', critical: true }),
    );
    expect(allowed).toEqual(['stop']);
    expect(isActionAllowed('stop', { state: 'Off', critical: true })).toBe(false);
  });

  test('every action has its operation, passes through a transition and ends in a steady state', () => {
    for (const name of vmActionNames) {
      const action = vmActions[name];
      expect(action.op).toBe(`vm.${name}`);
      expect(operations).toHaveProperty([action.op]);
      expect(isTransitional(action.transition)).toBe(true);
      expect(isTransitional(action.target)).toBe(false);
    }
  });
});
