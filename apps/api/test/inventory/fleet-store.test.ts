import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FleetChange } from '../../src/inventory/fleet-change.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { tombstoneLifetime } from '../../src/inventory/tombstones.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { guid, vmFacts } from '../support/facts.ts';
import type { Vm } from '@aether-v/types';

function vm(number: number, hostId = 'hv1', name = 'a'): Vm {
  const id = guid(number);
  return {
    ...vmFacts(id, { name }),
    id,
    hostId,
    hostName: hostId,
    clusterId: null,
    clusterName: null,
    addresses: [],
    moving: false,
    stale: null,
    conflict: null,
  };
}

function changes(store: FleetStore, version: string, limit?: number): readonly FleetChange[] {
  const answer = store.changesSince(version, limit);
  if ('reset' in answer) throw new Error(`reset: ${answer.reset}`);
  return answer.changes;
}

describe('FleetStore', () => {
  test('counts only significant changes', () => {
    const store = new FleetStore({ epoch: 'e' });
    expect(store.put('vm', vm(1))).toBe(true);
    expect(store.put('vm', vm(1))).toBe(false);
    expect(store.version).toBe('e.1');
    expect(store.put('vm', vm(1, 'hv1', 'b'))).toBe(true);
    expect(store.version).toBe('e.2');
    expect(store.changedSeq('vm', guid(1))).toBe(2);
    expect(store.remove('vm', guid(1))).toBe(true);
    expect(store.remove('vm', guid(1))).toBe(false);
    expect(store.version).toBe('e.3');
  });

  test('returns each row once, in its current state, ordered by last change', () => {
    const store = new FleetStore({ epoch: 'e' });
    for (const number of [1, 2, 3]) store.put('vm', vm(number));
    store.put('vm', vm(1, 'hv1', 'b'));
    store.remove('vm', guid(2));
    expect(changes(store, 'e.0').map((change) => [change.type, change.id, change.seq])).toEqual([
      ['row', guid(3), 3],
      ['row', guid(1), 4],
      ['deleted', guid(2), 5],
    ]);
    expect(changes(store, 'e.4').map((change) => change.id)).toEqual([guid(2)]);
    expect(changes(store, 'e.5')).toEqual([]);
  });

  test('truncates a long answer so that a reader can continue', () => {
    const store = new FleetStore({ epoch: 'e' });
    for (let number = 1; number <= 5; number += 1) store.put('vm', vm(number));
    expect(store.changesSince('e.1', 2)).toMatchObject({ version: 'e.3', more: true });
    expect(store.changesSince('e.3', 2)).toMatchObject({ version: 'e.5', more: false });
  });

  test.each([
    ['another epoch', 'x.1', 'epoch'],
    ['the future', 'e.99', 'invalid'],
    ['no version', 'hello', 'invalid'],
    ['an empty text', '', 'invalid'],
    ['a negative number', 'e.-1', 'invalid'],
  ])('refuses %s', (_, version, reset) => {
    const store = new FleetStore({ epoch: 'e' });
    store.put('vm', vm(1));
    expect(store.changesSince(version)).toEqual({ reset, version: 'e.1' });
  });

  test('forgets deleted rows after a quarter of an hour, and resets readers that missed them', async () => {
    const clock = new FakeClock();
    const store = new FleetStore({ epoch: 'e', clock });
    store.put('vm', vm(1));
    store.put('vm', vm(2));
    store.remove('vm', guid(1));
    await clock.advance(tombstoneLifetime - 1);
    expect(changes(store, 'e.2').map((change) => change.type)).toEqual(['deleted']);
    await clock.advance(1);
    expect(store.changesSince('e.2')).toEqual({ reset: 'too-old', version: 'e.3' });
    expect(changes(store, 'e.3')).toEqual([]);
  });

  test('limits the number of tombstones, and resets a reader that missed a dropped one', () => {
    const store = new FleetStore({ epoch: 'e', clock: new FakeClock(), maxTombstones: 2 });
    for (const number of [1, 2, 3]) store.put('vm', vm(number));
    for (const number of [1, 2, 3]) store.remove('vm', guid(number));
    expect(store.changesSince('e.3')).toEqual({ reset: 'too-old', version: 'e.6' });
    expect(changes(store, 'e.4').map(({ type, id }) => [type, id])).toEqual([
      ['deleted', guid(2)],
      ['deleted', guid(3)],
    ]);
  });

  test('frees a tombstone when a deleted row returns', () => {
    const store = new FleetStore({ epoch: 'e', clock: new FakeClock(), maxTombstones: 1 });
    store.put('vm', vm(1));
    store.remove('vm', guid(1));
    store.put('vm', vm(1));
    store.put('vm', vm(2));
    store.remove('vm', guid(2));
    expect(changes(store, 'e.1').map(({ type, id }) => [type, id])).toEqual([
      ['row', guid(1)],
      ['deleted', guid(2)],
    ]);
  });

  test('indexes the VMs of each host', () => {
    const store = new FleetStore();
    store.put('vm', vm(1, 'hv1'));
    store.put('vm', vm(2, 'hv1'));
    store.put('vm', vm(1, 'hv2'));
    expect([...store.vmIdsOfHost('hv1')]).toEqual([guid(2)]);
    expect([...store.vmIdsOfHost('hv2')]).toEqual([guid(1)]);
    store.remove('vm', guid(2));
    expect(store.vmIdsOfHost('hv1').size).toBe(0);
  });

  test('notifies listeners of every change until they unsubscribe', () => {
    const store = new FleetStore();
    const heard: string[] = [];
    const end = store.subscribe((change) => heard.push(`${change.type} ${change.id}`));
    store.put('vm', vm(1));
    store.put('vm', vm(1));
    store.remove('vm', guid(1));
    end();
    store.put('vm', vm(2));
    expect(heard).toEqual([`row ${guid(1)}`, `deleted ${guid(1)}`]);
  });

  test('gives a reader that resumes at any version exactly the current rows', () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant('put'), id: fc.nat(5), name: fc.constantFrom('a', 'b', 'c') }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('remove'), id: fc.nat(5), name: fc.constant('') }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          do: fc.constant('wait'),
          id: fc.integer({ min: 1, max: 10 }),
          name: fc.constant(''),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('read'),
          id: fc.integer({ min: 1, max: 4 }),
          name: fc.constant(''),
        }),
      },
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        (steps, maxTombstones) => {
          let now = 0;
          const store = new FleetStore({
            epoch: 'e',
            clock: { now: () => now, schedule: () => () => undefined },
            maxTombstones,
          });
          const reader = new Reader(store);
          for (const { do: what, id, name } of steps) {
            if (what === 'put') store.put('vm', vm(id, `hv${String(id % 2)}`, name));
            else if (what === 'remove') store.remove('vm', guid(id));
            else if (what === 'wait') now += id * (tombstoneLifetime / 5);
            else reader.pull(id);
          }
          reader.pullAll();
          expect(reader.rows).toEqual(new Map(store.rows('vm')));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

/** What a fleet looked like at a version with its VMs. */
interface Past {
  readonly seq: number;
  readonly rows: ReadonlyMap<string, Vm>;
}

describe('resume', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ id: fc.nat(7), name: fc.constantFrom('a', 'b', 'c', 'd') }) },
    { weight: 3, arbitrary: fc.record({ id: fc.nat(7), name: fc.constant(null) }) },
  );

  test('from any version equals a replay of the whole history, or is a reset after a dropped deletion', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 80 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 5 }),
        (steps, maxTombstones, limit) => {
          const store = new FleetStore({ epoch: 'e', clock: new FakeClock(), maxTombstones });
          const tombstones = new Map<number, number>();
          let forgotten = 0;
          const history: Past[] = [{ seq: 0, rows: new Map() }];
          for (const { id, name } of steps) {
            const known = store.get('vm', guid(id)) !== undefined;
            if (name === null) store.remove('vm', guid(id));
            else store.put('vm', vm(id, 'hv1', name));
            const seq = Number(store.version.split('.')[1]);
            if (name !== null) tombstones.delete(id);
            else if (known) tombstones.set(id, seq);
            for (const [oldest, at] of [...tombstones].slice(0, -maxTombstones)) {
              tombstones.delete(oldest);
              forgotten = at;
            }
            history.push({ seq, rows: new Map(store.rows('vm')) });
          }
          for (const past of history) {
            const now = past.seq < forgotten ? undefined : new Map(store.rows('vm'));
            expect(resume(store, past, limit)).toEqual(now);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** The rows of a reader that resumes, in answers of `limit` changes; undefined if it is told to start anew. */
function resume(store: FleetStore, past: Past, limit: number): Map<string, Vm> | undefined {
  const rows = new Map(past.rows);
  let version = `e.${String(past.seq)}`;
  for (let more = true; more;) {
    const answer = store.changesSince(version, limit);
    if ('reset' in answer) return undefined;
    for (const change of answer.changes) {
      if (change.type === 'deleted') rows.delete(change.id);
      else if (change.kind === 'vm') rows.set(change.id, change.row);
    }
    ({ version, more } = answer);
  }
  expect(version).toBe(store.version);
  return rows;
}

/** Holds what a client would hold that applies changes, in answers of any size, and starts anew on a reset. */
class Reader {
  rows = new Map<string, Vm>();
  #version = 'e.0';
  readonly #store: FleetStore;

  constructor(store: FleetStore) {
    this.#store = store;
  }

  pull(limit: number): boolean {
    const answer = this.#store.changesSince(this.#version, limit);
    this.#version = answer.version;
    if ('reset' in answer) {
      this.rows = new Map(this.#store.rows('vm'));
      return false;
    }
    for (const change of answer.changes) {
      if (change.type === 'deleted') this.rows.delete(change.id);
      else if (change.kind === 'vm') this.rows.set(change.id, change.row);
    }
    return answer.more;
  }

  pullAll(): void {
    while (this.pull(2));
  }
}
