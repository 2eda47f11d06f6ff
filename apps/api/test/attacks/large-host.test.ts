import type { AddressInfo } from 'node:net';
import { maxPageSize, maxVmsPerHost, type VmFacts, type VmList } from '@aether-v/types';
import { expect, onTestFinished, test } from 'vitest';
import { maxSummaryBytes } from '../../src/inventory/vm-summary.ts';
import { VmBudget } from '../../src/inventory/vm-budget.ts';
import { disk, guid, vmFacts } from '../support/facts.ts';
import { startTestApp } from '../support/test-app.ts';
import { heldBytes, megabytes } from './memory.ts';

/** A VM as large as a host may tell of one: 150 kB, with texts that JSON makes longer. */
function largestVm(number: number): VmFacts {
  const text = (length: number): string => '\u0001'.repeat(length);
  return vmFacts(guid(number), {
    name: `${String(number).padStart(5, '0')} ${text(200)}`,
    notes: text(256),
    guest: { osName: text(1024), osVersion: text(1024), hostname: text(1024) },
    clusterRole: { name: text(1024), state: 'Online', ownerNode: 'hv01' },
    disks: Array.from({ length: 64 }, (_, at) =>
      disk(`C:\\${'x'.repeat(900)}`, { id: `scsi-0-${at}`, parentPath: `C:\\${'y'.repeat(900)}` }),
    ),
    networkAdapters: Array.from({ length: 8 }, (_, at) => ({
      id: guid(100_000 + at),
      name: 'Network Adapter',
      legacy: false,
      switchName: null,
      connected: true,
      vlan: { mode: null, accessVlanId: null, nativeVlanId: null, allowedVlanIds: null },
      macAddress: null,
      dynamicMacAddress: true,
      addresses: Array.from({ length: 16 }, () => text(64)),
    })),
  });
}

test('a host with 4,096 VMs of the largest size is read page by page, each VM once, in pages of bounded size', async () => {
  const service = await startTestApp();
  onTestFinished(() => service.app.close());
  await service.app.listen(0, '127.0.0.1');
  const { port } = service.app.getHttpServer().address() as AddressInfo;
  const budget = new VmBudget();
  const hostName = 'h'.repeat(255);
  const owner = { hostId: 'hv01', hostName, clusterId: null, clusterName: null };
  for (let number = 0; number < maxVmsPerHost; number += 1) {
    const facts = budget.fit(largestVm(number));
    service.store.put('vm', {
      ...facts,
      id: facts.vmId,
      ...owner,
      addresses: [],
      moving: false,
      stale: null,
      conflict: null,
    });
  }
  const seen: string[] = [];
  let largest = 0;
  const before = heldBytes();
  for (let offset = 0; offset < maxVmsPerHost; offset += maxPageSize) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/vms?limit=${maxPageSize}&offset=${offset}`);
    const text = await answer.text();
    largest = Math.max(largest, Buffer.byteLength(text));
    seen.push(...(JSON.parse(text) as VmList).items.map(({ id }) => id));
  }
  const held = heldBytes() - before;
  console.info(
    `${seen.length} VMs seen; largest page ${megabytes(largest)}, ${megabytes(held)} held after it`,
  );
  expect(seen).toEqual(Array.from({ length: maxVmsPerHost }, (_, number) => guid(number)));
  expect(largest).toBeLessThan(maxPageSize * maxSummaryBytes);
  expect(held).toBeLessThan(60e6);
});
