import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fleetEvents, type DeletedEvent, type Job, type RowEvent } from '@aether-v/types';
import { Compile } from 'typebox/compile';
import { localAdministrator, type Principal } from '../../src/auth/principal.ts';
import { EventStream, pingInterval } from '../../src/events/event-stream.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { FleetViews } from '../../src/inventory/fleet-views.ts';
import { tombstoneLifetime } from '../../src/inventory/tombstones.ts';
import { UsageStore } from '../../src/inventory/usage-store.ts';
import { guid } from '../support/facts.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { SseReader } from '../support/sse-reader.ts';

function job(number: number, message = ''): Job {
  return {
    id: `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
    command: 'vm.start',
    title: 'Start',
    state: 'running',
    subject: { kind: 'none', id: null, name: null },
    hostId: null,
    parentId: null,
    step: null,
    children: null,
    retryOf: null,
    retriedBy: null,
    actor: 'test',
    createdAt: '2026-01-01T00:00:00Z',
    startedAt: null,
    finishedAt: null,
    queuePosition: null,
    percent: null,
    message,
    cancelRequested: false,
    cancellable: false,
    cancelOutcome: null,
    source: 'service',
    error: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    result: null,
    log: [],
  };
}

/** A store, and readers of its stream that read only when told to. */
class Setup {
  readonly clock = new FakeClock();
  readonly store = new FleetStore({ clock: this.clock, epoch: 'e' });
  readonly usage = new UsageStore();

  open(from?: string, principal: Principal = localAdministrator): Reader {
    const view = new FleetViews(this.store, this.usage).of(principal);
    return new Reader(new EventStream({ view, clock: this.clock, from }));
  }
}

class Reader extends SseReader {
  readonly #chunks: AsyncGenerator<string, undefined>;
  ended = false;
  pending: Promise<void> | undefined;
  readonly stream: EventStream;

  constructor(stream: EventStream) {
    super();
    this.stream = stream;
    this.#chunks = stream.chunks();
  }

  /** Asks for one more piece, and lets whatever is there arrive. */
  async read(): Promise<void> {
    this.pending ??= this.#chunks.next().then((result) => {
      this.pending = undefined;
      if (result.done === true) this.ended = true;
      else this.feed(result.value);
    });
    await settle();
  }

  /** Reads until there is nothing more to read. */
  async readAll(): Promise<void> {
    do await this.read();
    while (this.pending === undefined && !this.ended);
  }

  get names(): string[] {
    return this.events.map((event) => event.event);
  }
}

describe('EventStream', () => {
  test('sends hello, then changes from now on', async () => {
    const setup = new Setup();
    setup.store.put('job', job(1));
    const reader = setup.open();
    await reader.readAll();
    expect(reader.events).toEqual([
      {
        event: 'hello',
        id: 'e.1',
        data: { streamId: reader.stream.id, version: 'e.1', now: '2026-01-01T00:00:00.000Z' },
      },
    ]);
    setup.store.put('job', job(2));
    setup.store.remove('job', job(1).id);
    await reader.readAll();
    expect(reader.events.slice(1)).toEqual([
      { event: 'row', id: 'e.2', data: { kind: 'job', id: job(2).id, row: job(2) } },
      { event: 'deleted', id: 'e.3', data: { kind: 'job', id: job(1).id } },
    ]);
    for (const { event, data } of reader.events) {
      expect(Compile(fleetEvents[event as keyof typeof fleetEvents]).Check(data)).toBe(true);
    }
  });

  test('resumes from a version, and keeps it if cut off before the first row', async () => {
    const setup = new Setup();
    for (const number of [1, 2, 3]) setup.store.put('job', job(number));
    const reader = setup.open('e.1');
    await reader.read();
    expect(reader.events[0]).toMatchObject({ event: 'hello', id: undefined, data: { version: 'e.3' } });
    await reader.readAll();
    expect(reader.events.slice(1).map((event) => event.id)).toEqual(['e.2', 'e.3']);
  });

  test.each([
    ['x.1', 'epoch'],
    ['e.99', 'invalid'],
    ['rubbish', 'invalid'],
  ])('resets a reader of %s', async (from, reason) => {
    const setup = new Setup();
    setup.store.put('job', job(1));
    const reader = setup.open(from);
    await reader.readAll();
    expect(reader.events.slice(1)).toEqual([{ event: 'reset', id: 'e.1', data: { version: 'e.1', reason } }]);
  });

  test('resets a reader that was disconnected for too long, and continues', async () => {
    const setup = new Setup();
    setup.store.put('job', job(1));
    setup.store.remove('job', job(1).id);
    await setup.clock.advance(tombstoneLifetime);
    const reader = setup.open('e.1');
    await reader.readAll();
    setup.store.put('job', job(2));
    await reader.readAll();
    expect(reader.names).toEqual(['hello', 'reset', 'row']);
  });

  test('carries the jobs that its reader may read, even after many others', async () => {
    const setup = new Setup();
    const reader = setup.open(undefined, { id: 'r', name: 'Reader', permissions: new Set(['view']) });
    await reader.readAll();
    for (let number = 1; number <= 100; number += 1) {
      setup.store.put('job', { ...job(number), command: 'host.configure' });
    }
    setup.store.put('job', job(101));
    await reader.readAll();
    expect(reader.events.slice(1)).toMatchObject([{ event: 'row', data: { id: job(101).id } }]);
  });

  test('sends no id of a hidden job that was deleted, not even to a reader that resumes', async () => {
    const setup = new Setup();
    const hidden = { ...job(1), command: 'host.configure' };
    const principal: Principal = { id: 'r', name: 'Reader', permissions: new Set(['view']) };
    const readers = [setup.open(undefined, principal), setup.open('e.0', principal)];
    setup.store.put('job', hidden);
    setup.store.put('job', job(2));
    for (const reader of readers) await reader.readAll();
    setup.store.remove('job', hidden.id);
    setup.store.remove('job', job(2).id);
    for (const reader of readers) {
      await reader.readAll();
      expect(reader.names).toEqual(['hello', 'row', 'deleted']);
      expect(JSON.stringify(reader.events)).not.toContain(hidden.id);
    }
  });

  test('sends a ping while only rows change that its reader does not see', async () => {
    const setup = new Setup();
    const reader = setup.open(undefined, { id: 'r', name: 'Reader', permissions: new Set(['view']) });
    await reader.readAll();
    for (let second = 1; second <= pingInterval / 1000; second += 1) {
      await setup.clock.advance(1000);
      setup.store.put('job', { ...job(1, String(second)), command: 'host.configure' });
      await settle();
    }
    expect(reader.comments).toEqual(['ping']);
  });

  test('a slow reader gets the latest rows, each once', async () => {
    const setup = new Setup();
    const reader = setup.open();
    await reader.readAll();
    for (let round = 0; round < 1000; round += 1) setup.store.put('job', job(round % 3, String(round)));
    await reader.readAll();
    expect(reader.events.slice(1).map(({ data }) => (data as RowEvent).row)).toEqual(
      [job(0, '999'), job(1, '997'), job(2, '998')].sort((a, b) => Number(a.message) - Number(b.message)),
    );
  });

  test('sends a ping after 15 seconds without events, repeatedly', async () => {
    const setup = new Setup();
    const reader = setup.open();
    await reader.readAll();
    await setup.clock.advance(pingInterval - 1);
    expect(reader.comments).toEqual([]);
    await setup.clock.advance(1);
    expect(reader.comments).toEqual(['ping']);
    await reader.readAll();
    await setup.clock.advance(pingInterval);
    expect(reader.comments).toHaveLength(2);
  });

  test('carries the latest samples of the selected objects only', async () => {
    const setup = new Setup();
    const reader = setup.open();
    await reader.readAll();
    const sample = (number: number, cpuPercent: number) => ({
      vmId: guid(number),
      sampledAt: '2026-01-01T00:00:00Z',
      cpuPercent,
      memoryAssigned: 1,
      memoryDemand: null,
    });
    const put = (number: number, cpuPercent: number): void =>
      setup.usage.put({ vms: new Map([[guid(number), sample(number, cpuPercent)]]), hosts: new Map() });
    put(1, 10);
    await reader.readAll();
    expect(reader.names).toEqual(['hello']);
    reader.stream.setInterest({ vmIds: new Set([guid(1), guid(2)]), hostIds: new Set() });
    await reader.readAll();
    expect(reader.events.at(-1)).toEqual({
      event: 'usage',
      id: undefined,
      data: { vms: [sample(1, 10)], hosts: [] },
    });
    await reader.read();
    put(1, 20);
    put(2, 30);
    put(1, 40);
    put(3, 50);
    await reader.readAll();
    await reader.readAll();
    const seen = reader.events
      .slice(2)
      .flatMap(({ data }) => (data as { vms: { vmId: string; cpuPercent: number }[] }).vms);
    expect(seen.some((vm) => vm.vmId === guid(3))).toBe(false);
    expect(seen.findLast((vm) => vm.vmId === guid(1))).toMatchObject({ cpuPercent: 40 });
    put(1, 60);
    reader.stream.setInterest({ vmIds: new Set([guid(2)]), hostIds: new Set() });
    const before = reader.events.length;
    put(1, 70);
    await reader.readAll();
    await reader.readAll();
    const later = reader.events
      .slice(before)
      .flatMap(({ data }) => (data as { vms: { vmId: string; cpuPercent: number }[] }).vms);
    expect(later.some((vm) => vm.cpuPercent === 70)).toBe(false);
  });

  test('ends when requested, even while its reader waits', async () => {
    const setup = new Setup();
    const reader = setup.open();
    await reader.readAll();
    reader.stream.end();
    await settle();
    expect(reader.ended).toBe(true);
    expect(setup.clock.waiting).toBe(0);
    setup.store.put('job', job(1));
    expect(reader.names).toEqual(['hello']);
  });

  test('gives a reader that reads, pauses and resumes arbitrarily the current rows', async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('put'), id: fc.nat(80) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('remove'), id: fc.nat(80) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('burst'), id: fc.nat(3) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('read'), id: fc.nat(1) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect'), id: fc.nat(1) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const setup = new Setup();
        let reader = setup.open('e.0');
        const rows = new Map<string, unknown>();
        const take = (): void => {
          for (const { event, data } of reader.events.splice(0)) {
            if (event === 'row') rows.set((data as RowEvent).id, (data as RowEvent).row);
            if (event === 'deleted') rows.delete((data as DeletedEvent).id);
          }
        };
        let at = 0;
        for (const { do: what, id } of steps) {
          at += 1;
          if (what === 'put') setup.store.put('job', job(id, String(at)));
          else if (what === 'remove') setup.store.remove('job', job(id).id);
          else if (what === 'burst')
            for (let number = 0; number < 80; number += 1)
              setup.store.put('job', job(number, `${String(at)} ${String(id)}`));
          else if (what === 'read') await reader.read();
          else {
            take();
            const from = reader.lastEventId || 'e.0';
            reader.stream.end();
            reader = setup.open(from);
            reader.lastEventId = from;
          }
        }
        await reader.readAll();
        take();
        expect(rows).toEqual(new Map(setup.store.rows('job')));
        reader.stream.end();
      }),
      { numRuns: 150 },
    );
  });
});
