import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { AuditRecord, AuditRecordQuery, AuditRecords } from '@aether-v/types';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/audit/audit-log.ts';
import type { AuditReader } from '../../src/audit/records/audit-reader.ts';
import { FileReader } from '../../src/audit/records/file-reader.ts';
import { MemoryReader } from '../../src/audit/records/memory-reader.ts';
import { entryFor } from '../support/audit-chains.ts';
import { AuditFolder, trailOf, trailTo } from '../support/audit-files.ts';
import { FakeClock } from '../support/fake-clock.ts';

let folder: AuditFolder;
beforeEach(() => (folder = new AuditFolder()));
afterEach(() => folder[Symbol.dispose]());

const keep = 3;

function reader(maxBytes?: number): FileReader {
  return new FileReader({ path: folder.file, keep, ...(maxBytes === undefined ? {} : { maxBytes }) });
}

/** Writes entries; a small `fileBytes` spreads them over several files. */
async function write(entries: readonly AuditEntry[], fileBytes = 1e9): Promise<void> {
  const trail = trailTo(folder.file, { fileBytes, keep, clock: new FakeClock() });
  for (const entry of entries) await trail.attempt(entry);
  await trail.onApplicationShutdown();
}

/** Follows the cursors to the end. */
async function all(source: AuditReader, query: AuditRecordQuery = {}): Promise<AuditRecord[]> {
  const items: AuditRecord[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: AuditRecords = await source.read({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(query.limit ?? 100);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

const vmNames = (items: readonly AuditRecord[]): (string | null)[] =>
  items.filter(({ action }) => action === 'vm.start').map(({ object }) => object.name);

const numbered = (count: number): AuditEntry[] =>
  Array.from({ length: count }, (_, number) => entryFor(`vm-${number}`));

const newestFirst = (count: number): string[] =>
  Array.from({ length: count }, (_, number) => `vm-${count - 1 - number}`);

describe('reading audit files', () => {
  test('returns every record of all files exactly once, for any page size and any number of bytes per call', async () => {
    await write(numbered(40), 6000);
    expect(folder.files().length).toBeGreaterThan(2);
    const kept = folder.files().flatMap((file) => readFileSync(file, 'utf8').trimEnd().split('\n'));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 20_000 }),
        async (limit, bytes) => {
          const items = await all(reader(bytes), { limit });
          const expected = kept.map((line) => (JSON.parse(line) as { seq: number }).seq).reverse();
          expect(items.map(({ seq }) => seq)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('a cursor continues after a rotation without repeated or skipped records', async () => {
    await write(numbered(10));
    const first = await reader().read({ limit: 4, own: false });
    await write([entryFor('later')], 1);
    const rest = await all(reader(), { cursor: first.nextCursor ?? '', own: false });
    expect(vmNames([...first.items, ...rest])).toEqual(newestFirst(10));
  });

  test('a cursor of a removed file ends the list', async () => {
    await write(numbered(4));
    const { nextCursor } = await reader().read({ limit: 2 });
    rmSync(folder.file);
    await write(numbered(1));
    expect(await reader().read({ cursor: nextCursor ?? '' })).toMatchObject({ items: [], nextCursor: null });
  });

  test('skips torn and foreign lines, and counts the foreign ones', async () => {
    await write(numbered(1));
    const foreign = [
      'hello',
      '{"timestamp":"yesterday"}',
      '[]',
      '',
      '\0\0\0',
      `{"a":"${'x'.repeat(40_000)}"}`,
    ];
    appendFileSync(folder.file, foreign.map((line) => `${line}\n`).join(''));
    await write([entryFor('after')]);
    appendFileSync(folder.file, '{"timestamp":"2026-');
    const { items, unreadable } = await reader().read({ own: false });
    expect(vmNames(items)).toEqual(['after', 'vm-0']);
    expect(unreadable).toBe(foreign.length);
  });

  test('a file without line breaks costs no more per call than any other', async () => {
    writeFileSync(folder.file, 'x'.repeat(3_000_000));
    const { items, nextCursor, unreadable } = await reader(1_000_000).read({});
    expect(items).toEqual([]);
    expect(nextCursor).not.toBeNull();
    expect(unreadable).toBeLessThan(10);
    expect(await all(reader(1_000_000))).toEqual([]);
  });

  test('a file that was cut since the cursor is read from its new end', async () => {
    await write(numbered(5));
    const { nextCursor } = await reader().read({ limit: 1 });
    truncateSync(folder.file, 900);
    expect((await all(reader(), { cursor: nextCursor ?? '' })).length).toBeLessThan(3);
  });

  test('there are no records before the first start', async () => {
    expect(await reader().read({})).toEqual({
      items: [],
      nextCursor: null,
      source: 'file',
      readTo: null,
      unreadable: 0,
    });
  });

  test.each(['', 'no cursor', Buffer.from('{"source":"../x","before":1}').toString('base64url')])(
    'refuses the cursor %j',
    async (cursor) => {
      await expect(reader().read({ cursor })).rejects.toMatchObject({ code: 'validation-failed' });
    },
  );
});

describe('filters of audit records', () => {
  const details = { details: '404', status: 'refused', clientIp: '10.0.0.7', job: null } as const;
  const entries: AuditEntry[] = [
    entryFor('SQL-01'),
    entryFor('SQL-01', { ...details }),
    entryFor('WEB-01', { action: 'vm.stop', actor: { id: 'key:backup', name: 'Backup' }, job: 'j1' }),
    entryFor('WEB-02', { object: { kind: 'host', id: 'hv01', name: 'HV01' }, action: 'host.test' }),
  ];
  const cases: readonly (readonly [AuditRecordQuery, readonly number[]])[] = [
    [{}, [3, 2, 1, 0]],
    [{ actor: 'backup' }, [2]],
    [{ actor: 'KEY:' }, [2]],
    [{ action: ['vm.stop', 'host.test'] }, [3, 2]],
    [{ status: ['refused'] }, [1]],
    [{ object: 'sql' }, [1, 0]],
    [{ object: 'hv01' }, [3]],
    [{ job: 'j1' }, [2]],
    [{ client: '10.0.' }, [1]],
    [{ search: 'web backup' }, [2]],
    [{ search: '404' }, [1]],
    [{ search: 'sql backup' }, []],
    [{ from: '2000-01-01T00:00:00Z' }, [3, 2, 1, 0]],
    [{ from: '2999-01-01T00:00:00Z' }, []],
    [{ to: '2000-01-01T00:00:00Z' }, []],
    [{ to: '2999-01-01T00:00:00Z' }, [3, 2, 1, 0]],
  ];

  test.each(cases)('%j finds the entries %j', async (query, expected) => {
    await write(entries);
    const memory = new MemoryReader();
    const trail = trailOf([], { onLine: (line) => memory.keep(line), clock: new FakeClock() });
    for (const entry of entries) trail.record(entry);
    for (const source of [reader(), memory]) {
      const items = await all(source, { ...query, own: false });
      const found = items.map((item) =>
        entries.findIndex(
          ({ action, status, object }) =>
            item.action === action && item.status === status && item.object.name === object.name,
        ),
      );
      expect(found).toEqual(expected);
    }
  });

  test('a day that does not exist is refused', async () => {
    await expect(reader().read({ from: '2026-13-01T00:00:00Z' })).rejects.toMatchObject({
      code: 'validation-failed',
      extras: { errors: [{ field: 'from' }] },
    });
  });

  test('files that are later than the time asked for are not read', async () => {
    await write(numbered(40), 6000);
    const page = await reader(1).read({ to: '2000-01-01T00:00:00Z' });
    expect(page).toMatchObject({ items: [], nextCursor: null, readTo: null });
  });
});

describe('audit records in memory', () => {
  test('the oldest are dropped, and a cursor continues with those that are left', async () => {
    const memory = new MemoryReader();
    const trail = trailOf([], { onLine: (line) => memory.keep(line), clock: new FakeClock() });
    const record = (count: number): void => {
      for (let number = 0; number < count; number += 1) trail.record(entryFor(`vm-${number}`));
    };
    record(3000);
    const items = await all(memory, { limit: 200 });
    expect(items).toHaveLength(2000);
    const { nextCursor } = await memory.read({ limit: 10 });
    record(1000);
    const rest = await all(memory, { cursor: nextCursor ?? '', limit: 200 });
    expect(rest.length).toBeGreaterThan(900);
    expect(rest[0]?.seq).toBe((items[9]?.seq ?? 0) - 1);
    record(3000);
    expect(await all(memory, { cursor: nextCursor ?? '' })).toEqual([]);
  });

  test('a cursor of an earlier start ends the list', async () => {
    const memory = new MemoryReader();
    const other = new MemoryReader();
    for (const each of [memory, other]) {
      const trail = trailOf([], { onLine: (line) => each.keep(line), clock: new FakeClock() });
      for (const entry of numbered(5)) trail.record(entry);
    }
    const { nextCursor } = await memory.read({ limit: 2 });
    expect(await other.read({ cursor: nextCursor ?? '' })).toMatchObject({ items: [], nextCursor: null });
  });
});
