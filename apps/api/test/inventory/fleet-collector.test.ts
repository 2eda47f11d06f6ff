import { describe, expect, test } from 'vitest';
import { HostGateway } from '../../src/host-adapter/connect/host-gateway.ts';
import { FleetCollector } from '../../src/inventory/fleet-collector.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { defaultSupervision } from '../../src/inventory/host-supervisor.ts';
import { UsageStore } from '../../src/inventory/usage-store.ts';
import { fakeConnector, FakeHost, type Fault } from '../support/fake-agents.ts';
import { maxVmsPerHost, type VmFacts } from '@aether-v/types';
import { disk, guid, vmFacts } from '../support/facts.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';

const interval = 60_000;

/** A service over hosts in memory. */
class Service {
  readonly clock = new FakeClock();
  readonly store = new FleetStore({ clock: this.clock });
  readonly usage = new UsageStore();
  readonly hosts: readonly FakeHost[];
  readonly gateway: HostGateway;
  readonly collector: FleetCollector;

  constructor(
    names: readonly string[],
    prepare: (host: FakeHost, index: number) => void = () => undefined,
    chance = { gateway: 0.5, collector: 0.5 },
  ) {
    this.hosts = names.map((name) => new FakeHost(name, this.clock));
    this.hosts.forEach((host, index) => {
      host.setVm(vmFacts(guid(index + 1)));
      prepare(host, index);
    });
    const endpoints = this.hosts.map((host) => host.endpoint);
    const { clock, store, usage } = this;
    this.gateway = new HostGateway({
      endpoints,
      connector: fakeConnector(this.hosts),
      clock,
      random: () => chance.gateway,
    });
    this.collector = new FleetCollector({
      endpoints,
      operations: this.gateway,
      directory: this.gateway,
      store,
      usage,
      clock,
      random: () => chance.collector,
      settings: { ...defaultSupervision, refreshInterval: interval },
    });
  }

  host(index: number): FakeHost {
    const host = this.hosts[index];
    if (host === undefined) throw new RangeError(`no host ${String(index)}`);
    return host;
  }

  age(host: FakeHost): number {
    return this.clock.now() - (this.collector.readAt(host.hostId) ?? 0);
  }

  async start(): Promise<void> {
    this.collector.start();
    await settle();
  }

  async stop(): Promise<void> {
    await this.collector.stop();
    await this.gateway.close();
    expect(this.clock.waiting).toBe(0);
    expect(this.hosts.map((host) => host.sessionsOpen)).toEqual(this.hosts.map(() => 0));
  }
}

describe('a host that returns', () => {
  test.each([
    [0.5, 0.5],
    [0.99, 0],
    [0, 0.99],
    [0.7, 0.2],
  ])('is read again within 16 s at any moment (random %d and %d)', async (gateway, collector) => {
    for (const outageSeconds of [5, 3600, ...Array.from({ length: 30 }, (_, second) => 60 + second)]) {
      const service = new Service(['hv1', 'hv2'], undefined, { gateway, collector });
      await service.start();
      const host = service.host(0);
      host.fault = 'refuse';
      host.cut();
      await service.clock.advance(outageSeconds * 1000);
      expect(service.store.get('host', 'hv1')?.connection.state).toBe('unreachable');
      host.fault = undefined;
      // The longest wait; whole seconds are told.
      await service.clock.advance(16_000);
      expect([outageSeconds, service.store.get('host', 'hv1')?.connection.state]).toEqual([
        outageSeconds,
        'connected',
      ]);
      await service.stop();
    }
  });
});

describe('FleetCollector', () => {
  test('shows every configured host before it responds, then reads it', async () => {
    const service = new Service(
      ['hv1', 'hv2'],
      (host, index) => (host.fault = index === 1 ? 'connect' : undefined),
    );
    service.collector.start();
    expect([...service.store.rows('host').values()].map((host) => host.connection.state)).toEqual([
      'connecting',
      'connecting',
    ]);
    await settle();
    expect(service.store.get('host', 'hv1')).toMatchObject({
      connection: { state: 'connected', watching: true },
      vmCount: 1,
    });
    expect(service.store.get('vm', guid(1))).toMatchObject({ hostId: 'hv1', hostName: 'HV1' });
    await service.stop();
  });

  test('a change on a watched host arrives at once, without another request', async () => {
    const service = new Service(['hv1']);
    await service.start();
    const asked = service.host(0).envelopes.length;
    service.host(0).setVm(vmFacts(guid(1), { state: 'Off' }));
    await settle();
    expect(service.store.get('vm', guid(1))?.state).toBe('Off');
    await service.clock.advance(10 * interval);
    expect(service.host(0).envelopes).toHaveLength(asked);
    expect(service.age(service.host(0))).toBeLessThan(0.5 * interval);
    await service.stop();
  });

  test('a host that does not support watches is polled', async () => {
    const service = new Service(['hv1'], (host) => (host.watches = false));
    await service.start();
    service.host(0).setVm(vmFacts(guid(9)));
    await service.clock.advance(interval - 1);
    expect(service.store.get('vm', guid(9))).toBeUndefined();
    await service.clock.advance(1);
    expect(service.store.get('vm', guid(9))).toBeDefined();
    service.host(0).vms.delete(guid(1));
    await service.clock.advance(interval);
    expect(service.store.get('vm', guid(1))).toBeUndefined();
    expect(service.host(0).handshakes).toBe(1);
    await service.stop();
  });

  test.each([
    ['polled', false],
    ['watched', true],
  ])('releases the space of VMs that a %s host no longer has', async (_, watches) => {
    const service = new Service(['hv1'], (host) => (host.watches = watches));
    const host = service.host(0);
    const path = `C:\\${'x'.repeat(1000)}`;
    const disks = Array.from({ length: 64 }, (__, at) =>
      disk(path, { id: `scsi-0-${at}`, parentPath: path }),
    );
    await service.start();
    let number = 1000;
    for (let read = 0; read < 5; read += 1) {
      host.vms.clear();
      for (let vm = 0; vm < 64; vm += 1) host.vms.set(guid((number += 1)), vmFacts(guid(number), { disks }));
      if (watches) host.cut();
      await service.clock.advance(2 * interval);
    }
    expect(service.store.rows('vm').size).toBe(64);
    expect([...service.store.rows('vm').values()].flatMap(({ problems }) => problems)).toEqual([]);
    await service.stop();
  });

  test('rows of an unreachable host stay as stale, and are read again when it returns', async () => {
    const service = new Service(['hv1']);
    await service.start();
    const host = service.host(0);
    host.fault = 'mid-stream';
    host.setVm(vmFacts(guid(2)));
    await service.clock.advance(49_999);
    expect(service.store.get('host', 'hv1')?.stale).toBeNull();
    await service.clock.advance(1);
    expect(service.store.get('host', 'hv1')).toMatchObject({
      stale: { code: 'host-timeout' },
      connection: { state: 'unreachable', error: { code: 'host-timeout' } },
    });
    expect(service.store.get('vm', guid(1))?.stale).toMatchObject({ code: 'host-timeout' });
    host.vms.delete(guid(1));
    host.fault = undefined;
    await service.clock.advance(2 * interval);
    expect(service.store.get('host', 'hv1')).toMatchObject({
      stale: null,
      connection: { state: 'connected' },
    });
    expect(service.store.get('vm', guid(1))).toBeUndefined();
    expect(service.store.get('vm', guid(2))?.stale).toBeNull();
    await service.stop();
  });

  test('silently restores a broken connection', async () => {
    const service = new Service(['hv1']);
    await service.start();
    await service.clock.advance(interval);
    const { version } = service.store;
    service.host(0).cut();
    await settle();
    expect(service.store.version).toBe(version);
    expect(service.host(0).handshakes).toBe(2);
    await service.stop();
  });

  test('restarts a watch after its lifetime, without the host becoming unreachable', async () => {
    const service = new Service(['hv1']);
    await service.start();
    const since = service.clock.now();
    const seen = new Set<string>();
    service.store.subscribe((change) => {
      if (change.type === 'row' && change.kind === 'host') seen.add(change.row.connection.state);
    });
    await service.clock.advance(3.5 * 3_600_000);
    expect(service.host(0).envelopes.filter(({ op }) => op === 'watch')).toHaveLength(4);
    expect(seen).not.toContain('unreachable');
    expect(service.store.get('host', 'hv1')?.connection).toMatchObject({
      state: 'connected',
      since: new Date(since).toISOString(),
    });
    expect(service.host(0).handshakes).toBe(1);
    await service.stop();
  });

  test('does not loop over a host whose watch ends at once', async () => {
    const service = new Service(['hv1'], (host) => (host.watchMode = 'ends-at-once'));
    await service.start();
    await service.clock.advance(60_000);
    const watches = service.host(0).envelopes.filter(({ op }) => op === 'watch').length;
    expect(watches).toBeGreaterThan(2);
    expect(watches).toBeLessThan(65);
    await service.stop();
  });

  test('reports a host that sends heartbeats but never completes its first read', async () => {
    const service = new Service(['hv1'], (host) => (host.watchMode = 'never-synced'));
    await service.start();
    await service.clock.advance(defaultSupervision.inventoryTimeout - 1);
    expect(service.store.get('host', 'hv1')?.connection.state).toBe('connecting');
    await service.clock.advance(1);
    expect(service.store.get('host', 'hv1')?.connection).toMatchObject({
      state: 'unreachable',
      error: { code: 'host-timeout', message: expect.stringContaining('did not complete') as string },
    });
    await service.stop();
  });

  test.each([true, false])(
    'accepts no more VMs of a host than it can have (watched: %s)',
    async (watches) => {
      const service = new Service(['hv1'], (host) => {
        host.watches = watches;
        for (let at = 1; at <= maxVmsPerHost + 1; at += 1) host.vms.set(guid(at), vmFacts(guid(at)));
      });
      await service.start();
      await service.clock.advance(100);
      expect(service.store.rows('vm').size).toBeLessThanOrEqual(maxVmsPerHost);
      const row = service.store.get('host', 'hv1');
      expect(row?.connection.error?.code).toBe('contract-violation');
      await service.stop();
    },
  );

  test('recovers when two hosts have swapped their addresses', async () => {
    const service = new Service(
      ['10.0.0.1', '10.0.0.2'],
      (host, at) => (host.hostId = `hv${String(at + 1)}`),
    );
    await service.start();
    const [one, two] = [service.host(0), service.host(1)];
    [one.hostId, two.hostId] = [two.hostId, one.hostId];
    for (const host of [one, two]) host.cut();
    await service.clock.advance(5 * interval);
    expect(service.store.get('host', 'hv1')).toMatchObject({
      address: two.endpoint.address,
      connection: { state: 'connected' },
    });
    expect(service.store.get('host', 'hv2')).toMatchObject({
      address: one.endpoint.address,
      connection: { state: 'connected' },
    });
    await service.stop();
  });

  test('backs off from a connection that breaks repeatedly', async () => {
    const service = new Service(['hv1'], (host) => (host.fault = 'cut'));
    await service.start();
    await service.clock.advance(10 * interval);
    expect(service.host(0).handshakes).toBeLessThan(25);
    expect(service.store.get('host', 'hv1')?.connection.state).toBe('unreachable');
    await service.stop();
  });

  test('backs off from a host that breaks after each full read, since all its rows change each time', async () => {
    const service = new Service(['hv1']);
    await service.start();
    const host = service.host(0);
    for (let second = 0; second < 600; second += 1) {
      host.cut();
      await service.clock.advance(1000);
    }
    expect(host.handshakes).toBeLessThan(120);
    await service.clock.advance(interval);
    expect(service.store.get('host', 'hv1')?.connection.state).toBe('connected');
    const before = host.handshakes;
    host.cut();
    await service.clock.advance(1000);
    expect(host.handshakes).toBe(before + 1);
    await service.stop();
  });

  test('reports a second address of one host', async () => {
    const service = new Service(['hv1', 'hv2'], (host) => (host.hostId = 'same'));
    await service.start();
    const rows = [...service.store.rows('host').values()];
    expect(
      rows.map((row) => `${row.id} ${row.connection.state} ${row.connection.error?.code ?? ''}`).sort(),
    ).toEqual(['at-hv2-5985-wsman unreachable contract-violation', 'same connected ']);
    expect(service.store.get('vm', guid(2))).toBeUndefined();
    await service.stop();
  });

  test('stores samples by row, only from the host that has the VM', async () => {
    const service = new Service(['hv1', 'hv2'], (host) => host.setVm(vmFacts(guid(7))));
    await service.start();
    const sample = {
      vmId: guid(7),
      sampledAt: '2026-01-01T00:00:00Z',
      cpuPercent: 5,
      memoryAssigned: 1,
      memoryDemand: null,
    };
    service.host(1).tell({
      kind: 'usage',
      host: { hostId: 'hv1', sampledAt: sample.sampledAt, cpuPercent: 9, memoryAvailable: 1 },
      vms: [sample],
    });
    await settle();
    expect(service.usage.vm(guid(7))).toBeUndefined();
    expect(service.usage.vm(`${guid(7)}@hv2`)).toMatchObject({ vmId: `${guid(7)}@hv2`, cpuPercent: 5 });
    expect(service.usage.host('hv1')).toBeUndefined();
    expect(service.usage.host('hv2')).toMatchObject({ hostId: 'hv2', cpuPercent: 9 });
    await service.stop();
  });
});

describe.each([
  ['watched', true],
  ['polled', false],
])('a %s host with VMs outside the contract', (_, watches) => {
  test('keeps all others, and names the losses on its row and on that of the VM', async () => {
    const odd = { ...vmFacts(guid(2)), processors: 'many' } as unknown as VmFacts;
    const lost = { ...vmFacts(guid(3)), memory: 7 } as unknown as VmFacts;
    const service = new Service(['hv1'], (host) => {
      host.watches = watches;
      for (const vm of [odd, lost]) host.setVm(vm);
    });
    await service.start();
    expect(service.store.get('host', 'hv1')).toMatchObject({
      connection: { state: 'connected', error: null },
      problems: [{ part: 'vm VM-0003' }],
    });
    expect([...service.store.rows('vm').keys()]).toEqual([guid(1), guid(2)]);
    expect(service.store.get('vm', guid(2))?.problems).toMatchObject([{ part: 'processors' }]);
    service.host(0).setVm(vmFacts(guid(3)));
    await service.clock.advance(4_000_000);
    expect(service.store.get('host', 'hv1')?.problems).toEqual([]);
    expect(service.store.get('vm', guid(3))).toBeDefined();
    await service.stop();
  });
});

describe('samples of a VM', () => {
  const sample = {
    vmId: guid(1),
    sampledAt: '2026-01-01T00:00:00Z',
    cpuPercent: 90,
    memoryAssigned: 2 ** 33,
    memoryDemand: null,
  };

  test.each(['Off', 'Saved', 'FastSaved', 'Hibernated'] as const)(
    'end when it is %s, even if one arrives late',
    async (state) => {
      const service = new Service(['hv1']);
      await service.start();
      const tell = (): void => service.host(0).tell({ kind: 'usage', host: null, vms: [sample] });
      tell();
      await settle();
      expect(service.usage.vm(guid(1))).toMatchObject({ cpuPercent: 90 });
      service.host(0).setVm(vmFacts(guid(1), { state, startedAt: null }));
      await settle();
      expect(service.usage.vm(guid(1))).toBeUndefined();
      tell();
      await settle();
      expect(service.usage.vm(guid(1))).toBeUndefined();
      await service.stop();
    },
  );

  test('end when its host becomes unreachable', async () => {
    const service = new Service(['hv1']);
    await service.start();
    service.host(0).tell({ kind: 'usage', host: null, vms: [sample] });
    await settle();
    service.host(0).fault = 'refuse';
    service.host(0).cut();
    await service.clock.advance(interval);
    expect(service.store.get('vm', guid(1))?.stale).not.toBeNull();
    expect(service.usage.vm(guid(1))).toBeUndefined();
    await service.stop();
  });
});

describe.each<[string, boolean]>([
  ['watched', true],
  ['polled', false],
])('one %s host that hangs', (_, watches) => {
  const names = Array.from({ length: 12 }, (_unused, number) => `hv${String(number)}`);

  test.each<[string, Fault, boolean]>([
    ['at connect, from the start', 'connect', true],
    ['before the first line, from the start', 'first-line', true],
    ['after the first line, from the start', 'mid-stream', true],
    ['at connect, later', 'connect', false],
    ['before the first line, later', 'first-line', false],
    ['after the first line, later', 'mid-stream', false],
  ])('%s: no other host gets older than 1.5 intervals in ten', async (_unused, fault, fromStart) => {
    const service = new Service(names, (host, index) => {
      host.watches = watches;
      if (fromStart && index === 0) host.fault = fault;
    });
    await service.start();
    const [bad, ...others] = service.hosts;
    if (!fromStart && bad !== undefined) {
      bad.fault = fault;
      bad.cut();
    }
    let oldest = 0;
    for (let step = 0; step < 100; step += 1) {
      await service.clock.advance(interval / 10);
      oldest = Math.max(oldest, ...others.map((host) => service.age(host)));
    }
    expect(oldest).toBeLessThan(1.5 * interval);
    expect(others.map((host) => host.handshakes)).toEqual(others.map(() => 1));
    expect(bad?.handshakes).toBeGreaterThan(2);
    expect(bad?.handshakes).toBeLessThan(25);
    const row = service.store.get('host', 'hv0') ?? service.store.get('host', 'at-hv0-5985-wsman');
    expect(row?.connection).toMatchObject({ state: 'unreachable', error: { code: 'host-timeout' } });
    await service.stop();
  });
});
