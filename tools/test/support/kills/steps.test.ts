import { expect, test } from 'vitest';
import { stepContradictions, type Step, type StepEntry } from './steps.ts';

const entry = (op: string, changes: Partial<StepEntry> = {}): StepEntry => ({
  op,
  hostId: 'n1',
  vmId: 'a',
  state: 'succeeded',
  message: 'A step.',
  ...changes,
});
const step = (action: string, changes: Partial<Step> = {}): Step => ({
  hostId: 'n1',
  action,
  vmId: action === 'newVm' ? '' : 'a',
  ...changes,
});

test('a step per operation and VM is no contradiction', () => {
  const entries = ['vm.create', 'checkpoint.create', 'cluster.moveVm', 'vm.delete'].map((op) => entry(op));
  const steps = ['newVm', 'checkpointVm', 'moveVmRole', 'removeVm'].map((action) => step(action));
  expect(stepContradictions(entries, steps)).toEqual([]);
});

test('a second step for one VM is a contradiction, also if the operation of another VM took none', () => {
  const entries = [entry('checkpoint.create'), entry('checkpoint.create', { vmId: 'b', state: 'failed' })];
  const steps = [step('checkpointVm'), step('checkpointVm')];
  expect(stepContradictions(entries, steps)).toEqual([
    'checkpointVm was taken 2 times for a, by 1 operations.',
  ]);
});

test('a second step for one VM is a contradiction, also if a refused operation names the VM', () => {
  const refused = { state: 'failed', message: null } as const;
  const entries = [entry('cluster.moveVm'), entry('cluster.moveVm', refused)];
  const steps = [step('moveVmRole'), step('moveVmRole')];
  expect(stepContradictions(entries, steps)).toEqual([
    'moveVmRole was taken 2 times for a, by 1 operations.',
  ]);
});

test('a VM created twice on a host is a contradiction, also if another creation was refused', () => {
  const refused = { vmId: null, state: 'failed', message: null } as const;
  const entries = [entry('vm.create'), entry('vm.create', refused)];
  expect(stepContradictions(entries, [step('newVm'), step('newVm')])).toHaveLength(1);
});

test('a success without its step is a contradiction', () => {
  expect(stepContradictions([entry('vm.delete')], [])).toEqual([
    '1 operations vm.delete for a succeeded with 0 × removeVm.',
  ]);
});

test('a creation that is rolled back may remove its VM once', () => {
  const entries = [entry('vm.create', { state: 'cancelled' })];
  expect(stepContradictions(entries, [step('newVm'), step('removeVm')])).toEqual([]);
  expect(stepContradictions(entries, [step('newVm'), step('removeVm'), step('removeVm')])).toHaveLength(1);
});
