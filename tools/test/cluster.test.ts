import { parametricFleet } from '@aether-v/hyperv-sim/engine';
import { startFleet, type SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { Cluster, Host } from '@aether-v/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Running } from '../src/processes.ts';
import { ask, startService } from '../src/service.ts';
import { until } from '../src/stack.ts';

const password = 'a cluster by name';
const clusterName = 'sim-cl01.sim.example.com';

let fleet: SimulatedFleet;
let service: Running<string>;
let port: string;

beforeAll(async () => {
  const hosts = parametricFleet({ hosts: 4, vmsPerHost: 0, hostsPerCluster: 4 });
  fleet = await startFleet({ username: 'aether-v', password, fleet: hosts });
  port = new URL(fleet.hostUrls[0] ?? '').port;
  // The last node has not joined yet, and no node answers at the cluster's name.
  fleet.engine.setMember('sim-004', false);
  for (const { hostId } of fleet.hosts) fleet.setFault(hostId, { kind: 'refuse' });
  service = await startService({
    NODE_OPTIONS: '--import=./tools/src/names-on-loopback.ts',
    HYPERV_HOSTS: `cluster:http://${clusterName}:${port}?auth=basic`,
    WINRM_USERNAME: 'aether-v',
    WINRM_PASSWORD: password,
    WINRM_ALLOW_PLAIN_HTTP: 'true',
    INVENTORY_REFRESH_INTERVAL: '5',
  });
});

afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await fleet.close();
});

const hosts = async (): Promise<Host[]> => (await ask<{ items: Host[] }>(service, '/hosts')).items;

async function untilConnected(...ids: readonly string[]): Promise<void> {
  await until(`${ids.join(', ')} are the hosts, all connected`, async () => {
    const rows = await hosts();
    return (
      rows.map(({ id }) => id).join() === ids.join() &&
      rows.every(({ connection }) => connection.state === 'connected')
    );
  });
}

test("while no node answers at a cluster's name, a row shows the reason", async () => {
  await until('the row is unreachable', async () => (await hosts())[0]?.connection.state === 'unreachable');
  const [row, ...others] = await hosts();
  expect(others).toEqual([]);
  expect(row).toMatchObject({ name: clusterName, address: `cluster:http://${clusterName}:${port}/wsman` });
  expect(row?.connection.error).not.toBeNull();
});

test('once a node answers, all nodes become hosts, each at its own name, and the row of the name is removed', async () => {
  for (const { hostId } of fleet.hosts) fleet.setFault(hostId, null);
  await untilConnected('sim-001', 'sim-002', 'sim-003');
  expect((await hosts()).map(({ address }) => address)).toEqual(
    ['sim-001', 'sim-002', 'sim-003'].map((name) => `http://${name}.sim.example.com:${port}/wsman`),
  );
  const { items } = await ask<{ items: Cluster[] }>(service, '/clusters');
  expect(items).toMatchObject([{ name: 'SIM-CL01', hostIds: ['sim-001', 'sim-002', 'sim-003'] }]);
});

test('a node that joins is added, and an evicted one is removed', async () => {
  fleet.engine.setMember('sim-004', true);
  await untilConnected('sim-001', 'sim-002', 'sim-003', 'sim-004');
  fleet.engine.setMember('sim-001', false);
  await untilConnected('sim-002', 'sim-003', 'sim-004');
});
