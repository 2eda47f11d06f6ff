import { expect, test } from 'vitest';
import type { Vm } from '@aether-v/types';
import { fitPage, maxPageBytes, vmListJson } from '../../src/vms/vm-list-json.ts';
import { disk, guid, vmFacts } from '../support/facts.ts';

const row = (number: number): { vm: Vm } => {
  const disks = Array.from({ length: 60 }, (_, at) =>
    disk(`C:\\${'x'.repeat(1000)}`, { id: `scsi-0-${at}` }),
  );
  const identity = { id: guid(number), hostId: 'hv1', hostName: 'HV1', clusterId: null, clusterName: null };
  return {
    vm: { ...vmFacts(guid(number), { disks }), ...identity, moving: false, stale: null, conflict: null },
  };
};

test('a page of large VMs ends at its bound, and one VM always fits', () => {
  const all = Array.from({ length: 1000 }, (_, at) => row(at));
  const page = fitPage(all);
  const bytes = vmListJson({
    items: page.map(({ vm }) => vm),
    total: 1000,
    version: 'a.1',
    nextCursor: null,
  }).length;
  expect(page.length).toBeLessThan(200);
  expect(bytes).toBeLessThan(maxPageBytes + 1024);
  expect(bytes).toBeGreaterThan(0.9 * maxPageBytes);
  expect(fitPage(all.slice(0, 1))).toHaveLength(1);
});
