import { vmActivities, vmActivityRules, type Vm } from '@aether-v/types';
import { expect, test } from 'vitest';
import { vmStatusView } from '../../src/components/vm-status-view.ts';
import { makeHosts, makeVms } from '../fake-api/rows.ts';

const [base] = makeVms(1, makeHosts(0), 0) as [Vm];
const running: Vm = { ...base, state: 'Running', critical: false };
const during = (kind: (typeof vmActivities)[number]): Vm => ({
  ...running,
  activity: { kind, percent: null },
});

test.each(vmActivities)('the status of a running VM names its activity: %s', (kind) => {
  const view = vmStatusView(during(kind), 'Running');
  expect(view.word).toBe(`Running, ${vmActivityRules[kind].words}`);
  expect(view.tone).toBe('busy');
});

test('the status of a VM without an activity is its state', () => {
  expect(vmStatusView({ ...running, activity: null }, 'Running').word).toBe('Running');
});

test('a transition is shown without the activity next to it', () => {
  expect(vmStatusView(during('BackingUp'), 'Stopping').word).toBe('Stopping…');
});

test('a critical VM is shown as critical during any activity', () => {
  expect(vmStatusView({ ...during('MergingDisks'), critical: true }, 'Running').word).toBe('Critical');
});

test('a VM of an unreachable host keeps its last activity, without emphasis', () => {
  const stale = { since: '2026-01-01T00:00:00Z', code: 'host-unreachable', message: '' };
  expect(vmStatusView({ ...during('Migrating'), stale }, 'Running')).toMatchObject({
    word: 'Running, migrating',
    tone: 'quiet',
  });
});
