import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/audit/audit-log.ts';
import { lineOf, maxLineBytes, noHash } from '../../src/audit/record-line.ts';
import { entryFor, time } from '../support/audit-chains.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2000 }),
  fc.constantFrom(
    '\n{"timestamp":"forged"}',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u202e',
    '\ud83d',
    '"',
    '\\',
    '\u{e0001}',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }).map((short) => short.repeat(200_000)),
);
const hostile: fc.Arbitrary<AuditEntry> = fc
  .record({
    action: text,
    details: text,
    id: text,
    name: text,
    ip: text,
    method: text,
    job: text,
    request: text,
  })
  .map(({ action, details, id, name, ip, method, job, request }) => ({
    ...entryFor(name),
    ...{
      action,
      details,
      actor: { id, name },
      clientIp: ip,
      method,
      object: { kind: 'vm', id, name },
      job,
      request,
    },
  }));

describe('the line of a record', () => {
  test('is one bounded line without control characters, whatever its texts contain', () => {
    fc.assert(
      fc.property(hostile, (entry) => {
        const line = lineOf(entry, {}, { timestamp: time, seq: 7, prev: noHash });
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(Buffer.byteLength(line)).toBeLessThan(maxLineBytes);
        expect(line.isWellFormed()).toBe(true);
        expect(JSON.parse(line)).toMatchObject({
          timestamp: time,
          seq: 7,
          prev: noHash,
          status: 'requested',
        });
      }),
      { numRuns: 60 },
    );
  });

  test('keeps short texts unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        const line = lineOf(entryFor(name), {}, { timestamp: time, seq: 1, prev: noHash });
        expect(JSON.parse(line)).toMatchObject({ vm: name, object: { name } });
      }),
    );
  });

  test('has the names that users of audit logs know', () => {
    const line = lineOf(entryFor('web01'), {}, { timestamp: time, seq: 1, prev: noHash });
    expect(Object.keys(JSON.parse(line) as object)).toEqual([
      ...['timestamp', 'action', 'vm', 'client_ip', 'status', 'details'],
      ...['actor', 'method', 'object', 'job', 'host', 'request', 'seq', 'prev'],
    ]);
  });
});
