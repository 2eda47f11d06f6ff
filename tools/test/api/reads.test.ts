import type { Cluster, Host, Inventory, Vm, VmList } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vmSpec } from '../support/hosts.ts';
import { ServedFleet } from '../support/served-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';

let served: ServedFleet;

beforeAll(async () => {
  served = await ServedFleet.start(
    smallFleet({
      N1: [vmSpec('WEB-1', { clustered: true, state: 'Running' }), vmSpec('WEB-2', { clustered: true })],
      N2: [vmSpec('DB-1', { clustered: true, octet: 12 })],
      ALONE: [vmSpec('LAB-1')],
    }),
  );
});

afterAll(() => served[Symbol.asyncDispose]());

async function read<T>(path: string): Promise<T> {
  const { status, body } = await served.send<T>({ method: 'GET', path });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function found(search: string): Promise<string[]> {
  const { items } = await read<VmList>(`/vms?fields=name&search=${encodeURIComponent(search)}`);
  return items.map(({ name }) => name);
}

describe('GET /vms', () => {
  test('GET /vms lists the VMs of all hosts as the hosts have them', async () => {
    const { items, total } = await read<VmList>('/vms');
    const there = served.fleet.engine.hostIds.flatMap((hostId) =>
      served.fleet.engine.vms(hostId).map(({ name, vmId, state }) => ({ name, vmId, state, hostId })),
    );
    expect(total).toBe(4);
    expect(items.map(({ name, vmId, state, hostId }) => ({ name, vmId, state, hostId }))).toEqual(
      there.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    );
  });

  test('GET /vms finds a VM by MAC address, VLAN, switch, host, cluster and id', async () => {
    const { vmId, networkAdapters } = served.facts('LAB-1');
    const mac = networkAdapters[0]?.macAddress ?? '';
    expect(await found(`mac:${mac.match(/../g)?.join(':') ?? ''}`)).toEqual(['LAB-1']);
    expect(await found(`{${vmId.toUpperCase()}}`)).toEqual(['LAB-1']);
    expect(await found('host:alone')).toEqual(['LAB-1']);
    expect(await found('cluster:cl1 name:web')).toEqual(['WEB-1', 'WEB-2']);
    expect(await found('state:running')).toEqual(['WEB-1']);
    const vlans = new Set(networkAdapters.map(({ vlan }) => vlan.accessVlanId));
    for (const vlan of vlans)
      expect(await found(`vlan:${String(vlan)} switch:production`)).toContain('LAB-1');
  });
});

test('GET /vms/{vmId} returns the disks and adapters that the host has', async () => {
  const { vmId, disks, networkAdapters } = served.facts('DB-1');
  const vm = await read<Vm>(`/vms/${vmId}`);
  expect(vm.disks.map(({ path }) => path)).toEqual(disks.map(({ path }) => path));
  expect(vm.networkAdapters.map(({ id }) => id)).toEqual(networkAdapters.map(({ id }) => id));
});

test('GET /hosts, /hosts/{hostId}, /clusters, /clusters/{clusterId} and /inventory agree with the hosts', async () => {
  const hosts = (await read<{ items: Host[] }>('/hosts')).items;
  expect(hosts.map(({ id }) => id).toSorted()).toEqual([...served.fleet.engine.hostIds].toSorted());
  const n1 = await read<Host>('/hosts/N1');
  expect(n1).toMatchObject({ id: 'n1', vmCount: 2, runningVmCount: 1 });
  const [cluster] = (await read<{ items: Cluster[] }>('/clusters')).items;
  expect(await read<Cluster>(`/clusters/${cluster?.id.toUpperCase() ?? ''}`)).toEqual(cluster);
  const { totals, hosts: listed } = await read<Inventory>('/inventory');
  expect(totals.vms).toBe(4);
  expect(listed.map(({ id }) => id)).toEqual(hosts.map(({ id }) => id));
});
