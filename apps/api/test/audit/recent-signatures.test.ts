import { createHash } from 'node:crypto';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recentSignatures } from '../../src/audit/recent-signatures.ts';
import { restoreMemory } from '../../src/auth/signing/signing-memory.ts';
import { AuditFolder } from '../support/audit-files.ts';

let folder: AuditFolder;
beforeEach(() => (folder = new AuditFolder()));
afterEach(() => folder[Symbol.dispose]());

const start = Date.UTC(2026, 10, 30, 12);
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

function record(secondsAgo: number, signature: string | null, vm = 'web01'): string {
  const timestamp = new Date(start - secondsAgo * 1000).toISOString();
  const actor = { id: 'key:bot', name: 'Key bot' };
  const signed = signature === null ? {} : { signature: hash(signature) };
  return `${JSON.stringify({ timestamp, action: 'vm.start', vm, actor, ...signed, seq: 1 })}\n`;
}

describe('signatures of an earlier run', () => {
  const since = start - 600_000;

  test('come back from the last ten minutes of the audit file', async () => {
    writeFileSync(folder.file, record(700, 'old') + record(500, 'a') + record(400, null) + record(10, 'b'));
    const { signatures, completeSince, problem } = await recentSignatures(folder.file, since, 10);
    expect(signatures.map((found) => found.hash)).toEqual([hash('b'), hash('a')]);
    expect(signatures[0]).toMatchObject({ action: 'vm.start', vm: 'web01', actor: 'key:bot' });
    expect([completeSince, problem]).toEqual([start - 700_000, null]);
  });

  test('come back across a rotation, also if the new file does not exist yet', async () => {
    writeFileSync(`${folder.file}.1`, record(700, 'old') + record(20, 'a'));
    expect((await recentSignatures(folder.file, since, 10)).signatures).toHaveLength(1);
    writeFileSync(folder.file, record(5, 'b'));
    renameSync(`${folder.file}.1`, `${folder.file}.2`);
    writeFileSync(`${folder.file}.1`, record(10, 'c'));
    const { signatures, completeSince } = await recentSignatures(folder.file, since, 10);
    expect(signatures.map((found) => found.hash)).toEqual(['b', 'c', 'a'].map(hash));
    expect(completeSince).toBe(start - 700_000);
  });

  test('are complete only since the first record, if the file is younger', async () => {
    writeFileSync(folder.file, record(100, null) + record(50, 'a'));
    expect((await recentSignatures(folder.file, since, 10)).completeSince).toBe(start - 100_000);
  });

  test('come back from behind records of a clock that was wrong', async () => {
    const wrong = record(86_400, null).repeat(20);
    writeFileSync(folder.file, record(700, 'old') + record(50, 'a') + wrong + record(10, 'b'));
    const { signatures } = await recentSignatures(folder.file, since, 10);
    expect(signatures.map((found) => found.hash)).toEqual([hash('b'), hash('a')]);
  });

  test('are limited, and complete only as far as they were read', async () => {
    writeFileSync(folder.file, record(500, 'a') + record(400, 'b') + record(10, 'c'));
    const { signatures, completeSince, problem } = await recentSignatures(folder.file, since, 10, 2);
    expect(signatures.map((found) => found.hash)).toEqual([hash('c'), hash('b')]);
    expect([completeSince, problem]).toEqual([start - 500_000 + 1, expect.stringMatching(/more than 2/)]);
  });

  test('are not known without a file', async () => {
    expect(await recentSignatures(folder.file, since, 10)).toEqual({
      signatures: [],
      completeSince: null,
      problem: null,
    });
  });

  test('a line that a crash cut is skipped, and a file of something else has no records', async () => {
    writeFileSync(folder.file, record(700, 'old') + record(50, 'a'));
    appendFileSync(folder.file, record(1, 'b').slice(0, 60));
    expect((await recentSignatures(folder.file, since, 10)).signatures).toHaveLength(1);
    writeFileSync(folder.file, `${'x'.repeat(1_000_000)}\n`);
    expect((await recentSignatures(folder.file, since, 10)).completeSince).toBeNull();
  });
});

describe('the memory of signatures after a start', () => {
  const options = { scope: 'global', startedAt: start, now: () => start } as const;
  const use = { hash: hash('a'), action: 'vm.start', vm: 'web01', actor: 'key:bot', at: start - 1000 };

  test('marks what the earlier run recorded', async () => {
    const { marks, notBefore } = restoreMemory(
      { signatures: [use], completeSince: start - 700_000 },
      options,
    );
    const claim = (mark: string): Promise<string> =>
      marks.claim({ mark, owner: 'key:bot', expiresAt: start + 1000 });
    expect([await claim(hash('a')), await claim(hash('b'))]).toEqual(['repeated', 'first']);
    expect(notBefore).toBe(Number.NEGATIVE_INFINITY);
  });

  test('with the scope target, marks it for its VM and action as well', async () => {
    const { marks } = restoreMemory(
      { signatures: [use], completeSince: null },
      { ...options, scope: 'target' },
    );
    const claim = (mark: string): Promise<string> =>
      marks.claim({ mark, owner: 'key:bot', expiresAt: start + 1000 });
    expect(await claim(`${hash('a')} vm.start web01`)).toBe('repeated');
    expect(await claim(`${hash('a')} vm.start web02`)).toBe('first');
  });

  test('keeps the newest marks if there is no room, and refuses changes signed until the first one without', () => {
    const signatures = Array.from({ length: 50_001 }, (_, index) => ({ ...use, hash: `${index}` }));
    const oldest = { ...use, hash: 'oldest', at: start - 300_000 };
    const expired = { ...use, hash: 'expired', at: start - 400_000 };
    const restore = (more: typeof signatures): number =>
      restoreMemory({ signatures: more, completeSince: start - 700_000 }, options).notBefore;
    expect(restore([...signatures.slice(2), oldest, expired])).toBe(Number.NEGATIVE_INFINITY);
    expect(restore([...signatures.slice(1), oldest, expired])).toBe(start - 240_000 + 1);
  });

  test.each([
    [null, start],
    [start - 100_000, start - 100_000],
    [start - 600_000, Number.NEGATIVE_INFINITY],
  ])('complete since %s, it refuses changes signed before %d', (completeSince, expected) => {
    expect(restoreMemory({ signatures: [], completeSince }, options).notBefore).toBe(expected);
  });
});
