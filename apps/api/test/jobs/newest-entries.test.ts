import type { JournalEntry } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { NewestEntries } from '../../src/jobs/newest-entries.ts';
import { guid } from '../support/facts.ts';

function entry(number: number, more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    operationId: `01976a3c-0000-7000-8000-${number.toString(16).padStart(12, '0')}`,
    op: 'vm.start',
    state: 'succeeded',
    vmId: guid(1),
    actor: 'Ada',
    startedAt: new Date(Date.parse('2026-01-01T00:00:00Z') + 1000 * number).toISOString(),
    finishedAt: null,
    percent: 100,
    message: null,
    ...more,
  };
}

const idsOf = (entries: NewestEntries): string[] => entries.all().map(({ operationId }) => operationId);

describe('the newest entries of a journal', () => {
  test('are returned oldest first, in whatever order a host lists them', () => {
    const entries = new NewestEntries({ count: 3, bytes: 1024 * 1024 });
    for (const number of [9, 2, 7, 8, 1, 3, 5, 4, 6]) entries.add(entry(number));
    expect(idsOf(entries).slice(-3)).toEqual([7, 8, 9].map((number) => entry(number).operationId));
  });

  test('need no more memory than the limit, however long their notes are', () => {
    const entries = new NewestEntries({ count: 1000, bytes: 1024 * 1024 });
    const note = { text: 'x'.repeat(65_536), mac: '0'.repeat(64) };
    for (let number = 1; number <= 500; number += 1) entries.add(entry(number, { note }));
    expect(JSON.stringify(entries.all()).length).toBeLessThan(1.1 * 1024 * 1024);
    expect(idsOf(entries).at(-1)).toBe(entry(500).operationId);
  });

  test('are kept without results that do not fit their operation', () => {
    const entries = new NewestEntries({ count: 10, bytes: 1024 * 1024 });
    entries.add(entry(1, { result: Array.from({ length: 80_000 }, () => ({})) }));
    entries.add(entry(2, { result: { vmId: guid(1), state: 'Running' } }));
    expect(entries.all().map(({ result }) => result)).toEqual([null, { vmId: guid(1), state: 'Running' }]);
  });

  test('with an invalid time count as the oldest', () => {
    const entries = new NewestEntries({ count: 1, bytes: 1024 * 1024 });
    for (const startedAt of ['2026-99-99T00:00:00Z', '2026-01-01T00:00:00Z', '2026-99-99T00:00:01Z'])
      entries.add(entry(1, { startedAt }));
    expect(entries.all().map(({ startedAt }) => startedAt)).toEqual(['2026-01-01T00:00:00Z']);
  });
});
