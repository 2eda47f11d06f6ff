import { describe, expect, test } from 'vitest';
import type { VmState, VmSummary } from '@aether-v/types';
import { bulkActions, mostVms } from '../../src/bulk/bulk-actions.ts';
import { makeHosts, makeVms } from '../fake-api/rows.ts';

const hosts = makeHosts(Date.now()).filter(({ stale }) => stale === null);
const [model] = makeVms(1, hosts, Date.now());

function vms(...states: VmState[]): VmSummary[] {
  if (!model) throw new Error('There is no VM.');
  return states.map((state, at) => ({ ...model, id: `vm-${at}`, state, critical: false, activity: null }));
}

const summaryOf = (command: string, of: readonly VmSummary[], reason: string | null = null) =>
  bulkActions(
    of,
    ({ state }) => state,
    () => reason,
  ).find((action) => action.command === command);

describe('commands for several VMs', () => {
  test.each([
    ['vm.start', vms('Off', 'Saved', 'Off', 'Running', 'Running'), 'Start 3 of 5: 2 already running'],
    ['vm.shutdown', vms('Running', 'Off'), 'Shut down 1 of 2: 1 already off'],
    ['vm.resume', vms('Paused', 'Saved'), 'Resume 1 of 2: 1 saved'],
    ['vm.start', vms('Off'), 'Start 1 virtual machine'],
    ['vm.start', vms('Off', 'Off'), 'Start 2 virtual machines'],
  ])('%s is counted', (command, of, summary) => {
    expect(summaryOf(command, of)).toMatchObject({ summary, reason: null });
  });

  test('are not possible for none, and say why', () => {
    expect(summaryOf('vm.start', vms('Running', 'Paused'))?.reason).toBe(
      'Start 0 of 2: 1 already running, 1 paused',
    );
  });

  test('leave out VMs in conflict, on unreachable hosts, busy or critical', () => {
    const [a, b, c, d, e] = vms('Off', 'Off', 'Off', 'Running', 'Off');
    if (!a || !b || !c || !d || !e) throw new Error('There are too few VMs.');
    const of: VmSummary[] = [
      a,
      { ...b, stale: { since: '', code: 'host-unreachable', message: '' } },
      { ...c, moving: true },
      { ...d, critical: true },
    ];
    expect(summaryOf('vm.start', of)?.summary).toBe(
      'Start 1 of 4: 1 on an unreachable host, 1 busy, 1 critical',
    );
  });

  test.each([
    ['vm.delete', vms('Off', 'Running'), 'Delete 2 virtual machines'],
    ['checkpoint.create', vms('Running', 'Starting'), 'Take checkpoints of 1 of 2: 1 starting'],
  ])('%s is counted by the states in which its dialog can be used', (command, of, summary) => {
    expect(summaryOf(command, of)?.summary).toBe(summary);
  });

  test('a move leaves out VMs that the cluster does not manage', () => {
    const [a, b] = vms('Running', 'Running');
    if (!a || !b) throw new Error('There are too few VMs.');
    const clusterRole = { name: 'a', state: 'Online', ownerNode: 'HV-01' } as const;
    const of = [
      { ...a, clusterId: 'c1', clusterRole },
      { ...b, clusterId: 'c1', clusterRole: null },
    ];
    expect(summaryOf('vm.move', of)?.summary).toBe('Move 1 of 2: 1 not managed by a cluster');
  });

  test('are refused to those who lack the permission, and for more VMs than one request may have', () => {
    expect(summaryOf('vm.start', vms('Off'), 'You may not.')?.reason).toBe('You may not.');
    const many = vms(...Array.from({ length: mostVms + 1 }, () => 'Off' as const));
    expect(summaryOf('vm.start', many)?.reason).toBe('At most 200 virtual machines at once. Select fewer.');
  });
});
