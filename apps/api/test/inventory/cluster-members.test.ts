import type { Host } from '@aether-v/types';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clusterEndpoint, type HostEndpoint } from '../../src/config/host-endpoint.ts';
import type { AgentConnector } from '../../src/host-adapter/agent/agent-session.ts';
import { HostGateway } from '../../src/host-adapter/connect/host-gateway.ts';
import { HostOperationError } from '../../src/host-adapter/errors/host-operation-error.ts';
import { FleetCollector } from '../../src/inventory/fleet-collector.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { defaultSupervision } from '../../src/inventory/host-supervisor.ts';
import { UsageStore } from '../../src/inventory/usage-store.ts';
import { basicEndpoint, wsmanUrlTarget } from '../support/endpoints.ts';
import { clusteredVm, clusterFacts, guid } from '../support/facts.ts';
import { FakeHost } from '../support/fake-agents.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';

const clusterId = guid(0xc1);
const clusterName = 'cl01.example.com';
const cluster = clusterEndpoint(wsmanUrlTarget('cluster:', `http://${clusterName}:5985/wsman`));

/** A network of names: each is whatever host a test puts there. */
class Network implements AgentConnector {
  readonly at = new Map<string, FakeHost>();
  readonly asked: string[] = [];

  open(endpoint: HostEndpoint, signal: AbortSignal): ReturnType<AgentConnector['open']> {
    const name = endpoint.target.kind === 'local' ? '' : endpoint.target.url.hostname;
    this.asked.push(name);
    const host = this.at.get(name);
    if (host === undefined) {
      return Promise.reject(
        new HostOperationError('host-unreachable', `${name} has no address.`, { began: false }),
      );
    }
    return host.open(signal);
  }
}

let clock: FakeClock;
let network: Network;
let store: FleetStore;
let gateway: HostGateway;
let collector: FleetCollector;
let nodes: FakeHost[];

/** Nodes hv1 to hv3 at names of their own, and the first of them at the cluster's. */
beforeEach(() => {
  Logger.overrideLogger(false);
  clock = new FakeClock();
  network = new Network();
  store = new FleetStore({ clock });
  nodes = ['hv1', 'hv2', 'hv3'].map((name, index) => {
    const host = new FakeHost(name, clock);
    host.vms.set(guid(index + 1), clusteredVm(guid(index + 1), name));
    network.at.set(`${name}.example.com`, host);
    return host;
  });
  setMembers(['hv1', 'hv2']);
  network.at.set(clusterName, node(0));
});

afterEach(async () => {
  await collector.stop();
  await gateway.close();
  expect(clock.waiting).toBe(0);
  expect(nodes.map((host) => host.sessionsOpen)).toEqual(nodes.map(() => 0));
});

function node(index: number): FakeHost {
  const host = nodes[index];
  if (host === undefined) throw new RangeError(`no node ${String(index)}`);
  return host;
}

function setMembers(names: readonly string[], id = clusterId): void {
  for (const host of nodes) {
    host.setCluster(names.includes(host.hostId) ? clusterFacts(id, names) : null);
  }
}

async function start(...others: readonly HostEndpoint[]): Promise<void> {
  const endpoints = [cluster, ...others];
  const random = (): number => 0.5;
  gateway = new HostGateway({ endpoints, connector: network, clock, random });
  const usage = new UsageStore();
  const settings = defaultSupervision;
  const around = { operations: gateway, directory: gateway, store, usage, clock, random, settings };
  collector = new FleetCollector({ endpoints, ...around });
  collector.start();
  await settle();
}

const hosts = (): Host[] => [...store.rows('host').values()];
const states = (): Record<string, string> =>
  Object.fromEntries(hosts().map(({ id, connection }) => [id, connection.state]));

describe("a cluster's name", () => {
  test('is replaced by its nodes, each at its own name, without a remaining row or session', async () => {
    await start();
    expect(hosts().map(({ id, address }) => [id, address])).toEqual([
      ['hv1', 'http://hv1.example.com:5985/wsman'],
      ['hv2', 'http://hv2.example.com:5985/wsman'],
    ]);
    expect(states()).toEqual({ hv1: 'connected', hv2: 'connected' });
    expect(store.get('cluster', clusterId)?.hostIds).toEqual(['hv1', 'hv2']);
    expect(nodes.map((host) => host.sessionsOpen)).toEqual([1, 1, 0]);
    await clock.advance(600_000);
    expect(network.asked.filter((name) => name === clusterName)).toHaveLength(1);
  });

  test('is shown as an unreachable host, with the reason, until a node answers', async () => {
    network.at.delete(clusterName);
    await start();
    expect(hosts()).toMatchObject([
      {
        name: clusterName,
        address: `cluster:http://${clusterName}:5985/wsman`,
        connection: { state: 'unreachable', error: { message: `${clusterName} has no address.` } },
      },
    ]);
    network.at.set(clusterName, node(1));
    await clock.advance(60_000);
    expect(states()).toEqual({ hv1: 'connected', hv2: 'connected' });
  });

  test('reports if the host that answers is not in a cluster', async () => {
    setMembers([]);
    await start();
    expect(hosts()).toMatchObject([
      {
        connection: {
          state: 'unreachable',
          error: { code: 'not-found', message: expect.stringContaining('HV1') as string },
        },
      },
    ]);
  });

  test('is queried only occasionally while no node answers', async () => {
    network.at.delete(clusterName);
    await start();
    await clock.advance(3_600_000);
    expect(network.asked.length).toBeLessThan(600);
    expect(network.asked.length).toBeGreaterThan(200);
  });
});

describe('the nodes of a cluster', () => {
  test('are added when they join, and removed with their VMs when they are evicted', async () => {
    await start();
    setMembers(['hv1', 'hv2', 'hv3']);
    await settle();
    expect(states()).toEqual({ hv1: 'connected', hv2: 'connected', hv3: 'connected' });
    expect(store.get('vm', guid(3))?.hostId).toBe('hv3');
    setMembers(['hv1', 'hv3']);
    await settle();
    expect(states()).toEqual({ hv1: 'connected', hv3: 'connected' });
    expect(store.get('cluster', clusterId)?.hostIds).toEqual(['hv1', 'hv3']);
    expect(store.get('vm', guid(2))).toBeUndefined();
    expect(node(1).sessionsOpen).toBe(0);
    setMembers(['hv1', 'hv2', 'hv3']);
    await settle();
    expect(store.get('vm', guid(2))?.hostId).toBe('hv2');
  });

  test('leave their clustered VMs for the time of a move, since another node may report them', async () => {
    setMembers(['hv1', 'hv2', 'hv3']);
    await start();
    node(1).fault = 'refuse';
    node(1).cut();
    await clock.advance(60_000);
    for (const host of [node(0), node(2)]) host.setCluster(clusterFacts(clusterId, ['hv1', 'hv3']));
    await settle();
    expect(states()).toEqual({ hv1: 'connected', hv3: 'connected' });
    expect(store.get('vm', guid(2))).toMatchObject({ moving: true });
    await clock.advance(10_000);
    node(2).setVm(clusteredVm(guid(2), 'hv3'));
    await settle();
    expect(store.get('vm', guid(2))).toMatchObject({ moving: false, hostId: 'hv3' });
    node(2).vms.delete(guid(2));
    node(2).tell({ kind: 'vm-removed', vmId: guid(2) });
    await clock.advance(60_000);
    expect(store.get('vm', guid(2))).toBeUndefined();
  });

  test('are shown while they are unreachable', async () => {
    node(1).fault = 'refuse';
    await start();
    expect(states()).toEqual({ hv1: 'connected', 'at-hv2.example.com-5985-wsman': 'unreachable' });
  });

  test('stay while the cluster’s name is unreachable', async () => {
    await start();
    network.at.delete(clusterName);
    for (const host of nodes) host.fault = 'refuse';
    for (const host of nodes) host.cut();
    await clock.advance(600_000);
    expect(states()).toEqual({ hv1: 'unreachable', hv2: 'unreachable' });
    for (const host of nodes) host.fault = undefined;
    await clock.advance(120_000);
    expect(states()).toEqual({ hv1: 'connected', hv2: 'connected' });
  });

  test('are queried again at its name once no known node responds', async () => {
    await start();
    network.at.delete('hv1.example.com');
    network.at.delete('hv2.example.com');
    for (const host of nodes) host.cut();
    setMembers(['hv3'], guid(0xc2));
    network.at.set(clusterName, node(2));
    await clock.advance(300_000);
    expect(states()).toEqual({ hv3: 'connected' });
  });

  test.each([
    ['all others', ['hv1']],
    ['one of two others', ['hv1', 'hv2']],
  ])('stay when one of them omits %s', async (_, view) => {
    setMembers(['hv1', 'hv2', 'hv3']);
    await start();
    node(0).setCluster(clusterFacts(clusterId, view));
    await settle();
    expect(states()).toEqual({ hv1: 'connected', hv2: 'connected', hv3: 'connected' });
    expect([1, 2, 3].map((vm) => store.get('vm', guid(vm))?.hostId)).toEqual(['hv1', 'hv2', 'hv3']);
    expect(store.get('cluster', clusterId)?.nodes).toHaveLength(3);
  });

  test('stay when one of two omits the other', async () => {
    await start();
    node(0).setCluster(clusterFacts(clusterId, ['hv1']));
    await settle();
    expect(states()).toEqual({ hv1: 'connected', hv2: 'connected' });
  });

  test('stay when a view of the cluster is empty', async () => {
    await start();
    for (const host of nodes) host.setCluster(clusterFacts(clusterId, []));
    await settle();
    expect(states()).toEqual({ hv1: 'connected', hv2: 'connected' });
  });

  test.each(['evil.example.org', 'a/b', 'hv@x', '-', '', 'a'.repeat(64), 'hv\u00e9', 'hv 1', '..', 'hv:1'])(
    'cannot have the name %j',
    async (name) => {
      const facts = clusterFacts(clusterId, ['hv1']);
      node(0).setCluster({ ...facts, nodes: [...facts.nodes, { name, hostId: 'x', state: 'Up' }] });
      await start();
      expect(states()).toEqual({ hv1: 'connected' });
      expect(new Set(network.asked)).toEqual(new Set([clusterName, 'hv1.example.com']));
    },
  );
});

describe('a node that is also configured individually', () => {
  const alias = basicEndpoint('http://10.0.0.2:5985/wsman');

  test('is not duplicated if its address is the same', async () => {
    await start(basicEndpoint('http://hv2.example.com:5985/wsman'));
    expect(states()).toEqual({ hv1: 'connected', hv2: 'connected' });
    setMembers(['hv1']);
    await settle();
    expect(states()).toEqual({ hv1: 'connected', hv2: 'connected' });
  });

  test.each(['from the start', 'later'])(
    'is read at its name if an address without proof answers %s',
    async (when) => {
      if (when === 'from the start') network.at.set('10.0.0.2', node(1));
      await start(alias);
      network.at.set('10.0.0.2', node(1));
      await clock.advance(120_000);
      expect(store.get('host', 'hv2')?.address).toBe('http://hv2.example.com:5985/wsman');
      expect(states()).toEqual({
        'at-10.0.0.2-5985-wsman': 'unreachable',
        hv1: 'connected',
        hv2: 'connected',
      });
      expect(store.get('host', 'at-10.0.0.2-5985-wsman')?.conflict).toMatchObject({
        code: 'host-id',
        hostIds: ['hv2'],
      });
      expect(store.get('vm', guid(2))).toMatchObject({ hostId: 'hv2', stale: null, conflict: null });
      await clock.advance(3_600_000);
      for (const host of nodes) host.cut();
      await collector.stop();
      await gateway.close();
    },
  );
});
