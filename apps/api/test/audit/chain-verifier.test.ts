import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashOfLine, type ChainPlace } from '../../src/audit/record-line.ts';
import { newSigningKey, publicKeyOf } from '../../src/audit/signature.ts';
import { ChainVerifier } from '../../src/audit/verify/chain-verifier.ts';
import { readCheckpoint } from '../../src/audit/verify/read-record.ts';
import { reportOf } from '../../src/audit/verify/report.ts';
import { AuditChain, type Checkpoint } from '../../src/audit/chain.ts';
import { entryFor, linesOf, testKey, time, verdictOf } from '../support/audit-chains.ts';

const publicKey = publicKeyOf(testKey);

function endOf(lines: readonly string[]): ChainPlace {
  const last = lines.at(-1) ?? '';
  return { hash: hashOfLine(last), seq: (JSON.parse(last) as { seq: number }).seq };
}

function checkpointsOf(lines: readonly string[]): Checkpoint[] {
  return lines.flatMap((line) => readCheckpoint(Buffer.from(line)) ?? []);
}

describe('the verification of an audit file', () => {
  test('proves records with options as any other', () => {
    const chain = new AuditChain(testKey, null);
    const options = { force: true, name: 'SQL-01', count: 2 };
    const lines = [
      chain.start(time, null),
      chain.append(entryFor('SQL-01', { options }), time),
      chain.sign(time),
    ];
    expect(verdictOf({ a: lines }, null, [])).toMatchObject({ findings: [], unproven: 0, records: 3 });
  });

  test('proves an unchanged chain up to its last checkpoint', () => {
    const verdict = verdictOf({ a: linesOf(10, 5) }, publicKey);
    // A start, five records, a checkpoint, five records, a checkpoint.
    expect(verdict).toMatchObject({ findings: [], records: 13, beginsAt: null, unproven: 0 });
    expect(verdict.proven).toMatchObject({ file: 'a', line: 12 });
  });

  test('finds a changed record and names its line', () => {
    const lines = linesOf(10, 5);
    lines[3] = lines[3]?.replace('vm-3', 'vm-4') ?? '';
    const { findings } = verdictOf({ a: lines });
    expect(findings).toMatchObject([{ kind: 'edited', file: 'a', line: 4 }]);
  });

  test('finds every change of a single character before the last checkpoint', () => {
    const lines = linesOf(6, 3);
    const before = lines.slice(0, -1);
    const place = fc
      .nat(before.length - 1)
      .chain((at) => fc.tuple(fc.constant(at), fc.nat((before[at] ?? '').length - 1)));
    fc.assert(
      fc.property(
        place,
        fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
        ([at, index], letter) => {
          const line = before[at] ?? '';
          fc.pre(line[index] !== letter);
          const changed = lines.with(at, line.slice(0, index) + letter + line.slice(index + 1));
          expect(verdictOf({ a: changed }, publicKey).findings).not.toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('finds any lines removed, repeated or moved before the last checkpoint', () => {
    const lines = linesOf(8, 4);
    const last = lines.length - 1;
    const change = fc.record({
      at: fc.nat(last - 1),
      count: fc.integer({ min: 1, max: last }),
      to: fc.nat(last - 1),
    });
    fc.assert(
      fc.property(change, fc.constantFrom('remove', 'repeat', 'move'), ({ at, count, to }, kind) => {
        const part = lines.slice(at, Math.min(at + count, last));
        const rest = kind === 'repeat' ? lines : lines.toSpliced(at, part.length);
        const changed = kind === 'remove' ? rest : rest.toSpliced(Math.min(to, rest.length - 1), 0, ...part);
        fc.pre(changed.join() !== lines.join());
        const { findings, beginsAt } = verdictOf({ a: changed }, publicKey);
        // Lines removed from the beginning are earlier records that are not given.
        expect(findings.length > 0 || beginsAt !== null).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('finds records cut out of the middle, and says how many', () => {
    const lines = linesOf(10, 100).toSpliced(3, 2);
    expect(verdictOf({ a: lines }).findings).toEqual([
      { kind: 'cut', file: 'a', line: 4, text: '2 records are missing before this line' },
    ]);
  });

  test('finds a chain that was computed again after a change, by its signature', () => {
    const real = linesOf(5, 5);
    const forged = linesOf(5, 5, null, newSigningKey());
    // The forger keeps the key that the first record names, and cannot sign with it.
    let previous = '';
    const lines = [real[0] ?? '', ...forged.slice(1)].map((line, at) => {
      const record = { ...(JSON.parse(line) as { checkpoint?: object }) };
      const prev = at === 0 ? {} : { prev: hashOfLine(previous) };
      const key = record.checkpoint && { checkpoint: { ...record.checkpoint, key: publicKey.id } };
      previous = at === 0 ? line : JSON.stringify({ ...record, ...key, ...prev });
      return previous;
    });
    expect(verdictOf({ a: lines }).findings).toMatchObject([{ kind: 'not-signed', line: 7 }]);
  });

  test('reports records after the last checkpoint as not proven', () => {
    const verdict = verdictOf({ a: linesOf(7, 5) }, publicKey);
    expect(verdict).toMatchObject({ findings: [], unproven: 2 });
    expect(verdict.proven).toMatchObject({ line: 6 });
  });

  test('cannot see a cut tail without a later checkpoint, and finds it with one that was kept elsewhere', () => {
    const lines = linesOf(10, 5);
    const cut = lines.slice(0, 9);
    expect(verdictOf({ a: cut }, publicKey)).toMatchObject({ findings: [], unproven: 2 });
    const { findings } = verdictOf({ a: cut }, publicKey, checkpointsOf(lines));
    expect(findings).toMatchObject([{ kind: 'cut', file: 'a', line: 0 }]);
    expect(verdictOf({ a: lines }, publicKey, checkpointsOf(lines)).findings).toEqual([]);
  });

  test('does not miss kept checkpoints of earlier files that are not given', () => {
    const first = linesOf(5, 5);
    const chain = new AuditChain(testKey, endOf(first));
    const later = '2026-01-02T00:00:00.000Z';
    const second = [chain.start(later, null), chain.append(entryFor('web01'), later), chain.sign(later)];
    const kept = checkpointsOf([...first, ...second]);
    expect(verdictOf({ second }, publicKey, kept)).toMatchObject({ findings: [], beginsAt: 1 });
    expect(verdictOf({ first }, publicKey, kept).findings).toMatchObject([{ kind: 'cut' }]);
  });

  test.each(['9999-01-01T00:00:00.000Z', 'never'])(
    'misses kept checkpoints behind a forged first time %s',
    (forged) => {
      const lines = linesOf(5, 5);
      const first = (lines[1] ?? '').replace(/"timestamp":"[^"]*"/, `"timestamp":"${forged}"`);
      expect(verdictOf({ a: [first] }, publicKey, checkpointsOf(lines)).findings).toMatchObject([
        { kind: 'cut' },
      ]);
    },
  );

  test('finds text after the last line of a file that others follow', () => {
    const lines = linesOf(4, 2);
    const verifier = new ChainVerifier(publicKey);
    for (const [file, part, torn] of [
      ['one', lines.slice(0, 3), 5] as const,
      ['two', lines.slice(3), 0] as const,
    ]) {
      verifier.beginFile(file);
      for (const line of part) verifier.line(Buffer.from(line));
      verifier.endFile(torn);
    }
    expect(verifier.verdict()).toMatchObject({
      torn: 0,
      findings: [{ kind: 'edited', file: 'one', line: 4 }],
    });
  });

  test('proves the tail by a checkpoint that was kept elsewhere', () => {
    const lines = linesOf(5, 5);
    expect(verdictOf({ a: lines.slice(0, -1) }, publicKey, checkpointsOf(lines))).toMatchObject({
      findings: [],
      unproven: 0,
      proven: { line: 6 },
    });
  });

  test('finds a wrong key', () => {
    const verdict = verdictOf({ a: linesOf(5, 5) }, publicKeyOf(newSigningKey()));
    expect(verdict.findings.map(({ kind, line }) => [kind, line])).toEqual([
      ['wrong-key', 1],
      ['wrong-key', 7],
    ]);
    expect(verdict.proven).toBeNull();
  });

  test('follows two starts with one key, and finds a start with another key', () => {
    const first = linesOf(5, 5);
    const second = linesOf(5, 5, endOf(first));
    expect(verdictOf({ a: [...first, ...second] }, publicKey)).toMatchObject({ findings: [], unproven: 0 });
    expect(verdictOf({ a: [...first, ...second] }).keys).toEqual([publicKey]);
    const foreign = linesOf(5, 5, endOf(first), newSigningKey());
    expect(verdictOf({ a: [...first, ...foreign] }).keys).toHaveLength(2);
    expect(verdictOf({ a: [...first, ...foreign] }, publicKey).findings[0]).toMatchObject({
      kind: 'wrong-key',
      line: 8,
    });
  });

  test('finds a start that does not name the record before', () => {
    const lines = [...linesOf(2, 5), ...linesOf(2, 5)];
    expect(verdictOf({ a: lines }).findings).toMatchObject([{ kind: 'unlinked', line: 4 }]);
  });

  test('follows files in order, and names the right order of others', () => {
    const lines = linesOf(12, 4);
    const [one, two, three] = [lines.slice(0, 6), lines.slice(6, 11), lines.slice(11)];
    expect(verdictOf({ one, two, three }, publicKey).findings).toEqual([]);
    expect(verdictOf({ two, three })).toMatchObject({ findings: [], beginsAt: 7 });
    expect(verdictOf({ two, one, three }).findings).toContainEqual({
      kind: 'order',
      file: 'three',
      line: 0,
      text: 'the file before it is two',
    });
    expect(verdictOf({ one, three }).findings).toMatchObject([{ kind: 'cut', file: 'three', line: 0 }]);
  });

  test('does not prove records that were added while the service was stopped', () => {
    const first = linesOf(3, 3);
    const { seq, hash } = endOf(first);
    const forged = JSON.stringify({
      ...(JSON.parse(first[1] ?? '') as object),
      seq: (seq ?? 0) + 1,
      prev: hash,
    });
    const lines = [...first, forged, ...linesOf(3, 3, endOf([...first, forged]))];
    const verdict = verdictOf({ a: lines }, publicKey);
    expect(verdict).toMatchObject({
      findings: [],
      unproven: 0,
      proven: { line: 10 },
      gaps: [{ file: 'a', line: 7, count: 1 }],
    });
    expect(reportOf(verdict, true)).toContain(
      'Not proven: no checkpoint covers the record before a, line 7,',
    );
    expect(verdictOf({ a: [...first, ...linesOf(3, 3, endOf(first))] }, publicKey).gaps).toEqual([]);
  });

  test('does not prove records before a break that only a later checkpoint follows', () => {
    const lines = linesOf(9, 3);
    lines[6] = lines[6]?.replace('vm-5', 'vm-6') ?? '';
    expect(verdictOf({ a: lines }, publicKey)).toMatchObject({
      findings: [{ kind: 'edited', line: 7 }],
      gaps: [{ file: 'a', line: 8, count: 2 }],
    });
    const foreign = verdictOf({ a: linesOf(9, 3).toSpliced(6, 0, 'text') }, publicKey);
    expect(foreign.gaps).toEqual([
      { file: 'a', line: 7, count: 1 },
      { file: 'a', line: 8, count: 1 },
    ]);
  });

  test('reports hostile texts of a file without control characters', () => {
    const [start = '', ...rest] = linesOf(3, 3);
    const record = JSON.parse(rest.at(-1) ?? '') as { checkpoint: object };
    const hostile = {
      ...record,
      checkpoint: { ...record.checkpoint, key: '\n\u001b[2JProven up to a\u202e' },
    };
    const verdict = verdictOf({ a: [start, ...rest.slice(0, -1), JSON.stringify(hostile)] }, publicKey);
    const text = reportOf(verdict, true);
    expect(text).toContain('wrong-key: a, line 5: ');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(text).not.toMatch(/^Proven/mu);
  });

  test('claims nothing about records that no signature covers', () => {
    const text = reportOf(verdictOf({ a: linesOf(3, 3).slice(0, -1) }, publicKey), true);
    expect(text).toBe(
      '4 records read.\nThe records do not contradict each other.\nNot proven: no checkpoint with a valid signature.\n' +
        'Tail not proven: no later checkpoint covers the last 4 records.\n',
    );
  });

  test('finds lines that are no records', () => {
    for (const line of ['', 'null', '[]', '{}', '{"seq":1}', '\ud800', 'x'.repeat(100_000)]) {
      expect(verdictOf({ a: linesOf(3, 5).toSpliced(2, 0, line) }).findings[0]).toMatchObject({
        kind: 'edited',
        line: 3,
      });
    }
  });
});
