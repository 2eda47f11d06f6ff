import { VmSummary, type Vm } from '@aether-v/types';
import { Check } from 'typebox/value';
import { expect, test } from 'vitest';
import { maxSummaryBytes, vmSummaryJson } from '../../src/inventory/vm-summary.ts';
import { disk, guid, vmFacts } from '../support/facts.ts';

function vm(overrides: Partial<Vm> = {}): Vm {
  return {
    ...vmFacts(guid(1), { disks: [disk('C:\\a.vhdx')], notes: 'Ask Ada.' }),
    id: guid(1),
    hostId: 'hv1',
    hostName: 'HV1',
    clusterId: null,
    clusterName: null,
    moving: false,
    stale: null,
    conflict: null,
    addresses: ['10.0.0.1'],
    ...overrides,
  };
}

const summary = (of: Vm): VmSummary => {
  const parsed: unknown = JSON.parse(vmSummaryJson(of));
  if (!Check(VmSummary, parsed)) throw new Error(`Not a summary: ${JSON.stringify(parsed)}`);
  return parsed;
};

test('the summary of a VM omits its parts and keeps whole texts', () => {
  const name = 'n'.repeat(1024);
  const found = summary(vm({ name }));
  expect(found).toMatchObject({ id: guid(1), name, addresses: ['10.0.0.1'] });
  for (const part of ['disks', 'networkAdapters', 'checkpoints', 'bootOrder', 'notes', 'problems']) {
    expect(found).not.toHaveProperty(part);
  }
});

test('the summary of a VM with texts of maximum length truncates them and keeps its ids', () => {
  const long = '\u0001'.repeat(1024);
  const hostId = 'h'.repeat(255);
  const id = `${guid(1)}@${hostId}`;
  const hostile = vm({
    id,
    hostId,
    name: long,
    hostName: long,
    clusterId: guid(2),
    clusterName: long,
    guest: { osName: long, osVersion: long, hostname: long },
    clusterRole: { name: long, state: 'PartialOnline', ownerNode: hostId },
    addresses: Array.from({ length: 8 }, () => '\u0001'.repeat(64)),
    stale: { since: '2026-01-01T00:00:00.0000000Z', code: 'c'.repeat(64), message: long },
    conflict: { code: 'cluster-membership', message: long, hostIds: Array.from({ length: 8 }, () => hostId) },
  });
  const text = vmSummaryJson(hostile);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxSummaryBytes);
  expect(summary(hostile)).toMatchObject({
    id,
    hostId,
    name: long.slice(0, 64),
    clusterRole: { ownerNode: hostId },
    conflict: { hostIds: Array.from({ length: 8 }, () => hostId) },
  });
});
