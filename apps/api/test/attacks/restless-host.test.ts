import { expect, test } from 'vitest';
import type { VmFacts } from '@aether-v/types';
import { localAdministrator } from '../../src/auth/principal.ts';
import { EventStream } from '../../src/events/event-stream.ts';
import { HostGateway } from '../../src/host-adapter/connect/host-gateway.ts';
import { FleetCollector } from '../../src/inventory/fleet-collector.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { FleetViews } from '../../src/inventory/fleet-views.ts';
import { defaultSupervision } from '../../src/inventory/host-supervisor.ts';
import { factBurst, factsPerSecond } from '../../src/inventory/paced-listener.ts';
import { UsageStore } from '../../src/inventory/usage-store.ts';
import { guid, vmFacts } from '../support/facts.ts';
import { fakeConnector, FakeHost } from '../support/fake-agents.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';

const seconds = 10;
/** What the host tells in a tenth of a second. */
const burst = 1000;

async function follow(tell: (host: FakeHost, n: number) => void) {
  const clock = new FakeClock();
  const host = new FakeHost('hv1', clock);
  for (let vm = 1; vm <= 4; vm += 1) host.vms.set(guid(vm), vmFacts(guid(vm)));
  const store = new FleetStore({ clock });
  const usage = new UsageStore();
  const endpoints = [host.endpoint];
  const random = (): number => 0.5;
  const gateway = new HostGateway({ endpoints, connector: fakeConnector([host]), clock, random });
  const settings = defaultSupervision;
  const around = { operations: gateway, directory: gateway, store, usage, clock, random, settings };
  const collector = new FleetCollector({ endpoints, ...around });
  collector.start();
  await settle();
  const view = new FleetViews(store, usage).of(localAdministrator);
  const stream = new EventStream({ view, clock, from: undefined });
  stream.setInterest({ vmIds: new Set([guid(1)]), hostIds: new Set(['hv1']) });
  let events = 0;
  const reading = (async () => {
    for await (const chunk of stream.chunks()) events += chunk.split('event: ').length - 1;
  })();
  for (let tenth = 0; tenth < 10 * seconds; tenth += 1) {
    for (let n = 0; n < burst; n += 1) {
      tell(host, tenth * burst + n);
      if (n % 10 === 9) await settle();
    }
    await clock.advance(100);
  }
  await clock.advance(60_000);
  const seen = { events, vms: [...store.rows('vm').values()] };
  stream.end();
  await reading;
  await collector.stop();
  await gateway.close();
  return seen;
}

const most = factBurst + factsPerSecond * (seconds + 1);

test('a VM that changes 10,000 times a second changes its row at a bounded rate and shows its last change', async () => {
  const changed = (n: number): VmFacts => vmFacts(guid(1), { notes: String(n) });
  const { events, vms } = await follow((host, n) => host.setVm(changed(n)));
  expect(events).toBeLessThan(2 * most);
  expect(vms.find(({ id }) => id === guid(1))?.notes).toBe(String(10 * seconds * burst - 1));
});

test('VMs that appear and disappear 10,000 times a second end as those that the host has', async () => {
  const { events, vms } = await follow((host, n) => {
    if (n % 2 === 0) host.setVm(vmFacts(guid(100 + n)));
    else {
      host.vms.delete(guid(99 + n));
      host.tell({ kind: 'vm-removed', vmId: guid(99 + n) });
    }
  });
  expect(events).toBeLessThan(4 * most);
  expect(vms.map(({ id }) => id)).toEqual([1, 2, 3, 4].map(guid));
});

test('samples that arrive 10,000 times a second reach a reader at a bounded rate', async () => {
  const sampledAt = '2026-01-01T00:00:00Z';
  const { events } = await follow((host, n) => {
    const sample = { hostId: 'hv1', sampledAt, cpuPercent: n % 100, memoryAvailable: n };
    host.tell({ kind: 'usage', host: sample, vms: [] });
  });
  expect(events).toBeLessThan(most);
});
