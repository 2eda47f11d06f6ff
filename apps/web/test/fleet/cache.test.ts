import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Job, JobState, Vm, VmState } from '@aether-v/types';
import {
  applyAccepted,
  applyEvent,
  applyEvents,
  applyMissing,
  applyRead,
  emptyCache,
  rowOf,
  rowsOf,
  shownState,
  verifiedRow,
  type FleetCache,
  type FleetEvent,
} from '../../src/fleet/cache.ts';
import { makeJob } from '../fake-api/job-rows.ts';
import { makeHosts, makeVms } from '../fake-api/rows.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const vms = makeVms(6, makeHosts(now), now);
function vmAt(n: number): Vm {
  const vm = vms[n];
  if (!vm) throw new Error(`There is no VM ${n}.`);
  return vm;
}
const vmEvent = (seq: number, row: Vm, epoch = 'a'): FleetEvent => ({
  type: 'row',
  version: `${epoch}.${seq}`,
  change: { kind: 'vm', id: row.id, row },
});
const jobEvent = (seq: number, row: Job): FleetEvent => ({
  type: 'row',
  version: `a.${seq}`,
  change: { kind: 'job', id: row.id, row },
});
const gone = (seq: number, id: string): FleetEvent => ({
  type: 'deleted',
  version: `a.${seq}`,
  kind: 'vm',
  id,
});
const readVms = (cache: FleetCache, seq: number, rows: Vm[], epoch = 'a'): FleetCache =>
  applyRead(
    cache,
    `${epoch}.${seq}`,
    rows.map((row) => ({ kind: 'vm', id: row.id, row })),
  );
const off = { ...vmAt(0), state: 'Off' as const };
const running = { ...vmAt(0), state: 'Running' as const };

describe('rows', () => {
  test('an event replaces its row and shares every other table', () => {
    const before = readVms(emptyCache, 1, vms);
    const after = applyEvent(before, vmEvent(2, off));
    expect(rowOf(after, 'vm', off.id)).toBe(off);
    expect(rowOf(before, 'vm', off.id)).toBe(vmAt(0));
    expect(after.tables.host).toBe(before.tables.host);
    expect(rowOf(after, 'vm', vmAt(1).id)).toBe(vmAt(1));
  });

  test('a read older than an event does not restore the old row', () => {
    const cache = readVms(applyEvent(emptyCache, vmEvent(5, off)), 4, [running]);
    expect(rowOf(cache, 'vm', off.id)).toBe(off);
  });

  test('a read older than a deletion does not restore the row', () => {
    const cache = readVms(applyEvent(readVms(emptyCache, 1, [off]), gone(5, off.id)), 4, [off]);
    expect(rowOf(cache, 'vm', off.id)).toBeNull();
    expect(rowsOf(cache, 'vm')).toEqual([]);
  });

  test('a row that was deleted and created again exists', () => {
    const cache = applyEvents(readVms(emptyCache, 1, [off]), [gone(5, off.id), vmEvent(6, running)]);
    expect(rowOf(cache, 'vm', off.id)).toBe(running);
  });

  test('after a reset any read of the new epoch wins, whatever its number', () => {
    const reset: FleetEvent = { type: 'reset', version: 'b.1' };
    const cache = readVms(applyEvents(emptyCache, [vmEvent(900, off), reset]), 1, [running], 'b');
    expect(rowOf(cache, 'vm', off.id)).toBe(running);
    expect(cache.epoch).toBe('b');
  });

  test('a read of a new epoch is applied even before the stream reports a reset', () => {
    const cache = readVms(applyEvent(emptyCache, vmEvent(900, off)), 1, [running], 'b');
    expect(rowOf(cache, 'vm', off.id)).toBe(running);
  });

  test('an invalid version changes nothing', () => {
    const cache = readVms(emptyCache, 1, vms);
    expect(applyRead(cache, 'nonsense', [{ kind: 'vm', id: off.id, row: off }])).toBe(cache);
  });

  test('a read removes rows that it covers but lacks, except newer ones', () => {
    const known = applyEvents(readVms(emptyCache, 1, vms), [vmEvent(9, { ...vmAt(2), notes: 'newer' })]);
    const cache = applyRead(known, 'a.5', [{ kind: 'vm', id: off.id, row: off }], {
      vm: () => true,
    });
    expect(rowsOf(cache, 'vm').map(({ id }) => id)).toEqual([off.id, vmAt(2).id]);
  });

  test('a job of a restarted service is removed if the new one does not have it', () => {
    const job = { ...makeJob(off, 'vm.start', 'Start', now), state: 'running' as const };
    const before = applyEvents(emptyCache, [jobEvent(5, job), { type: 'reset', version: 'b.1' }]);
    expect(rowOf(before, 'job', job.id)).toBe(job);
    expect(rowOf(applyRead(before, 'b.1', [], { job: () => true }), 'job', job.id)).toBeNull();
  });

  test('a job that was just accepted is not removed by an older read', () => {
    const job = makeJob(off, 'vm.start', 'Start', now);
    const before = applyAccepted(readVms(emptyCache, 1, vms), job);
    expect(rowOf(applyRead(before, 'a.2', [], { job: () => true }), 'job', job.id)).toBe(job);
  });

  test('rows of another epoch are shown but not trusted', () => {
    const cache = applyEvent(readVms(emptyCache, 1, [off]), { type: 'reset', version: 'b.1' });
    expect(rowOf(cache, 'vm', off.id)).toBe(off);
    expect(verifiedRow(cache, 'vm', off.id)).toBeNull();
    expect(verifiedRow(applyEvent(cache, vmEvent(2, off, 'b')), 'vm', off.id)).toBe(off);
  });

  test('a row that a read did not find is removed', () => {
    expect(rowOf(applyMissing(readVms(emptyCache, 1, [off]), 'vm', off.id), 'vm', off.id)).toBeNull();
    expect(applyMissing(emptyCache, 'vm', off.id)).toBe(emptyCache);
  });
});

describe('an accepted job', () => {
  const job = (state: JobState, op = 'vm.start'): Job => ({
    ...makeJob(off, op, 'Start', now),
    id: 'job',
    state,
  });
  const accepted = applyAccepted(readVms(emptyCache, 1, [off]), job('queued'));

  test.each<[string, FleetEvent[], VmState]>([
    ['shows the transition at once', [], 'Starting'],
    ['keeps it while the job runs', [jobEvent(2, job('running'))], 'Starting'],
    ['keeps it when the row changes in something else', [vmEvent(2, { ...off, notes: 'x' })], 'Starting'],
    ['gives way to the truth', [vmEvent(2, running)], 'Running'],
    [
      'does not return once the truth has come',
      [vmEvent(2, running), jobEvent(3, job('running'))],
      'Running',
    ],
    ['gives the old state back on failure', [jobEvent(2, job('failed'))], 'Off'],
    ['gives the old state back on cancel', [jobEvent(2, job('cancelled'))], 'Off'],
    ['claims nothing when the outcome is not known', [jobEvent(2, job('unknown'))], 'Off'],
    ['waits for the truth after success', [jobEvent(2, job('succeeded'))], 'Starting'],
    ['believes the first row after success', [jobEvent(2, job('succeeded')), vmEvent(3, off)], 'Off'],
  ])('%s', (_, events, shown) => {
    const cache = applyEvents(accepted, events);
    const vm = rowOf(cache, 'vm', off.id);
    expect(vm && shownState(cache, vm)).toBe(shown);
  });

  test('of another user is shown in the same way', () => {
    const cache = applyEvent(readVms(emptyCache, 1, [off]), jobEvent(2, job('running')));
    expect(shownState(cache, off)).toBe('Starting');
  });

  test('has no effect if the VM’s state has already changed', () => {
    const cache = applyAccepted(readVms(emptyCache, 1, [running]), job('queued'));
    expect(shownState(cache, running)).toBe('Running');
  });

  test('that the stream reported first stays as reported', () => {
    const done = job('succeeded');
    const cache = applyAccepted(applyEvent(readVms(emptyCache, 1, [off]), jobEvent(2, done)), job('queued'));
    expect(rowOf(cache, 'job', done.id)).toBe(done);
  });

  test('of another kind has no effect', () => {
    const cache = applyAccepted(readVms(emptyCache, 1, [off]), job('queued', 'vm.export'));
    expect(shownState(cache, off)).toBe('Off');
  });
});

test('reads and events in any order of arrival end with the rows of the service', () => {
  const change = fc.record({ vm: fc.nat({ max: 5 }), deletes: fc.boolean(), readAfter: fc.nat({ max: 3 }) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), fc.boolean(), (changes, inBatches) => {
      const server = new Map(vms.map((vm) => [vm.id, vm]));
      let cache = readVms(emptyCache, 0, vms);
      const late: { at: number; seq: number; rows: Vm[] }[] = [];
      let batch: FleetEvent[] = [];
      changes.forEach(({ vm: n, deletes, readAfter }, index) => {
        const seq = index + 1;
        const row = { ...vmAt(n), notes: `change ${seq}` };
        if (deletes) server.delete(row.id);
        else server.set(row.id, row);
        batch.push(deletes ? gone(seq, row.id) : vmEvent(seq, row));
        // A read made now answers only after some more events have arrived.
        late.push({ at: index + readAfter, seq, rows: [...server.values()] });
        if (!inBatches || index % 3 === 0) {
          cache = applyEvents(cache, batch);
          batch = [];
        }
        for (const read of late) if (read.at === index) cache = readVms(cache, read.seq, read.rows);
      });
      cache = applyEvents(cache, batch);
      const known = rowsOf(cache, 'vm').sort((a, b) => a.id.localeCompare(b.id));
      expect(known).toEqual([...server.values()].sort((a, b) => a.id.localeCompare(b.id)));
    }),
    { numRuns: 300 },
  );
});

test('applying a batch equals applying its events one by one', () => {
  const kinds = fc.constantFrom('row', 'deleted', 'reset');
  fc.assert(
    fc.property(fc.array(fc.tuple(kinds, fc.nat({ max: 5 })), { maxLength: 30 }), (steps) => {
      const events = steps.map(([kind, n], index): FleetEvent => {
        if (kind === 'reset') return { type: 'reset', version: `a.${index}` };
        return kind === 'row' ? vmEvent(index, { ...vmAt(n), notes: `${index}` }) : gone(index, vmAt(n).id);
      });
      const oneByOne = events.reduce(applyEvent, emptyCache);
      expect(applyEvents(emptyCache, events)).toEqual(oneByOne);
    }),
  );
});
