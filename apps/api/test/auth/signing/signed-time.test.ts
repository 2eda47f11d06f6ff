import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parseSignedTime, problemOfSignedTime } from '../../../src/auth/signing/signed-time.ts';

const moment = Date.UTC(2026, 10, 30, 21, 0, 0);

describe('the timestamp of a signed request', () => {
  test.each([
    ['1796072400', 0],
    ['1796072400.25', 250],
    ['1796072400.1234567', 123.456_7],
    ['1796072400000', 0],
    ['1796072400001', 1],
    ['2026-11-30T21:00:00Z', 0],
    ['2026-11-30T21:00:00', 0],
    ['2026-11-30 21:00:00', 0],
    ['2026-11-30T21:00', 0],
    ['2026-11-30T21:00:00.5', 500],
    ['2026-11-30T21:00:00.123456', 123.456],
    ['2026-11-30T22:00:00.1230000+01:00', 123],
    ['2026-11-30T22:00:00+01', 0],
    ['2026-12-01T02:30:00+0530', 0],
    ['2026-11-30T13:00:00-08:00', 0],
    ['20261130T210000Z', 0],
    ['20261130T220000.5+0100', 500],
  ])('reads %s', (text, later) => {
    expect(parseSignedTime(text)).toBeCloseTo(moment + later, 3);
  });

  test.each([
    '',
    ' 1796072400',
    '1796072400 ',
    '+1796072400',
    '-1',
    '1e9',
    '0x6af5',
    '1796072400.',
    '1796072400,5',
    '1796072400000.5',
    '17960724000001',
    'Mon, 30 Nov 2026 21:00:00 GMT',
    '2026-11-30',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-30T24:00:00Z',
    '2026-11-30T21:60:00Z',
    '2026-11-30T21:00:60Z',
    '2026-11-30T21:00:00+25:00',
    '2026-11-30T21:00:00 CET',
    '2026-11-30T21:00:00Zjunk',
    '2026-11-30T21:00:00\u0661',
    '9'.repeat(400),
  ])('refuses "%s"', (text) => {
    expect(parseSignedTime(text)).toBeNull();
  });

  test.each(['Asia/Kolkata', 'America/New_York', 'UTC'])(
    'does not depend on the time zone of the service (%s)',
    (zone) => {
      vi.stubEnv('TZ', zone);
      expect(parseSignedTime('2026-11-30T21:00:00')).toBe(moment);
      expect(parseSignedTime('2026-11-30T22:00:00+01:00')).toBe(moment);
      vi.unstubAllEnvs();
    },
  );

  test('is the same in every notation and zone', () => {
    const zone = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(fc.integer({ min: 10 ** 12, max: 4 * 10 ** 12 }), zone, (time, minutes) => {
        const sign = minutes < 0 ? '-' : '+';
        const two = (value: number): string => String(value).padStart(2, '0');
        const local = new Date(time + minutes * 60_000).toISOString().replace('Z', '');
        const offset = `${sign}${two(Math.trunc(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
        for (const text of [
          String(time),
          (time / 1000).toFixed(3),
          new Date(time).toISOString(),
          new Date(time).toISOString().replace('Z', ''),
          `${local}${offset}`,
        ]) {
          expect(parseSignedTime(text)).toBeCloseTo(time, 3);
        }
      }),
    );
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseSignedTime(text)));
  });
});

test.each([
  [-300_000, null],
  [-300_001, /300 s old.*300 s/],
  [60_000, null],
  [60_001, /60 s ahead.*60 s/],
  [0, null],
])('a timestamp %d ms from now has the problem %s', (offset, problem) => {
  const found = problemOfSignedTime(moment + offset, moment);
  if (problem === null) expect(found).toBeNull();
  else expect(found).toMatch(problem);
});
