import type { JournalEntry } from '@aether-v/types';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { HostOperations, type InvokeOptions } from '../../src/host-adapter/agent/host-operations.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import type { JobFollower } from '../../src/jobs/job-follower.ts';
import { JobRequests } from '../../src/jobs/job-requests.ts';
import { JobRows } from '../../src/jobs/job-rows.ts';
import { JournalNotes } from '../../src/jobs/journal-notes.ts';
import type { ParentJobs } from '../../src/jobs/parent-jobs.ts';
import { JournalHistory } from '../../src/jobs/journal-history.ts';
import { VmCreations } from '../../src/jobs/vm-creations.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryAudit } from '../support/memory-audit.ts';
import { ReducedFleet } from '../support/reduced-fleet.ts';

const jobHistory = 10;

/** A host whose journal has other entries whenever it is read. */
class JournallingHost extends HostOperations {
  entries: readonly JournalEntry[] = [];
  beforeEnd: () => void = () => undefined;

  override async invoke(_host: string, _op: string, _request: unknown, options: object): Promise<never> {
    const { onLine } = options as InvokeOptions<'operation.list'>;
    for (const [seq, item] of this.entries.entries()) await onLine?.({ op: '', seq, type: 'item', item });
    this.beforeEnd();
    await onLine?.({ op: '', seq: this.entries.length, type: 'item', item: entry(999_999) });
    return { count: this.entries.length + 1 } as never;
  }
}

function entry(number: number): JournalEntry {
  return {
    operationId: `01976a3c-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
    op: 'vm.start',
    state: 'succeeded',
    vmId: guid(1),
    actor: 'Ada',
    startedAt: '2025-12-31T23:00:00Z',
    finishedAt: '2025-12-31T23:00:00Z',
    percent: 100,
    message: null,
    idempotencyKey: `key-${String(number)}`,
  };
}

let host: JournallingHost;
let store: FleetStore;
let rows: JobRows;
let history: JournalHistory;
let audit: MemoryAudit;

beforeEach(() => {
  const clock = new FakeClock();
  const fleet = new ReducedFleet();
  fleet.read('hv01', []);
  store = new FleetStore({ clock });
  for (const row of fleet.rows.host.values()) store.put('host', row);
  host = new JournallingHost();
  audit = new MemoryAudit();
  rows = new JobRows(store, audit, { jobHistory }, clock);
  const deadline = new Date(clock.now() + 30_000);
  const follower = {
    question: () => ({ actor: 'test', deadline, signal: new AbortController().signal }),
    follow: () => undefined,
  } as unknown as JobFollower;
  const notes = new JournalNotes({ serviceKey: null });
  const parents = { restore: () => undefined } as unknown as ParentJobs;
  const requests = new JobRequests(store, rows);
  const creations = new VmCreations(store, rows, requests);
  history = new JournalHistory(
    store,
    rows,
    follower,
    host,
    notes,
    parents,
    requests,
    creations,
    { jobHistory },
    clock,
  );
});

async function read(): Promise<void> {
  history.read('hv01');
  await new Promise((resolve) => setImmediate(resolve));
}

describe('the memory of journals', () => {
  test('releases the link of a job to its VM together with the job', async () => {
    for (let round = 0; round < 20; round += 1) {
      host.entries = Array.from({ length: jobHistory }, (_, at) => entry(100 * round + at));
      await read();
      history.forget('hv01');
    }
    expect([...rows.all()]).toHaveLength(jobHistory);
    const lookups = vi.spyOn(rows, 'get');
    history.placeVm({ vmId: guid(1) });
    expect(lookups.mock.calls.length).toBeLessThanOrEqual(jobHistory);
  });

  test('keeps no keys of a host that was removed while its journal was read', async () => {
    host.beforeEnd = () => {
      store.remove('host', 'hv01');
      history.forget('hv01');
    };
    await read();
    expect(history.isRead('hv01')).toBe(false);
    expect(history.keys.find('hv01', 'key-999999')).toBeUndefined();
  });

  test('keeps the keys of a host that stays', async () => {
    await read();
    expect(history.isRead('hv01')).toBe(true);
    expect(history.keys.find('hv01', 'key-999999')).toMatchObject({ op: 'vm.start' });
  });

  test('audits no outcome that only a host tells, and that of an own job marked as restored', async () => {
    await read();
    expect(audit.entries).toEqual([]);
    const [told] = rows.all();
    if (told === undefined) throw new Error('The host told no job.');
    rows.addHistory({ ...told, id: '01976a3c-0000-7000-8000-0000000000aa', source: 'service' });
    expect(audit.entries).toMatchObject([
      {
        action: 'vm.start',
        status: 'succeeded',
        job: '01976a3c-0000-7000-8000-0000000000aa',
        restored: true,
      },
    ]);
  });
});
