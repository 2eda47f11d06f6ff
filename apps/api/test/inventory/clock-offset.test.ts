import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClockOffset, clockResolutionMs } from '../../src/inventory/clock-offset.ts';

const second = 1000;
const minute = 60 * second;
const start = Date.UTC(2026, 0, 1);

/** Lines of a host: when each arrived (ms after the start), how far its clock was ahead then, and how long the line took. */
type Lines = readonly (readonly [at: number, ahead: number, delay: number])[];

function told(lines: Lines): (number | null)[] {
  const clock = new ClockOffset();
  return lines.map(([at, ahead, delay]) => {
    clock.measure(start + at + ahead - delay, start + at);
    return clock.offsetMs;
  });
}

describe('the offset of a host’s clock', () => {
  test('is unknown before the first line', () => {
    expect(new ClockOffset().offsetMs).toBeNull();
  });

  test.each<[string, Lines, (number | null)[]]>([
    ['is 0 below the resolution', [[0, 4999, 0]], [0]],
    ['is what the first line says', [[0, 90_000, 0]], [90_000]],
    [
      'follows the fastest line of the last minute',
      [
        [0, 0, 9000],
        [10_000, 0, 8000],
        [20_000, 0, 10],
        [30_000, 0, 7000],
      ],
      [-9000, -9000, -9000, 0],
    ],
    [
      'keeps the fastest line while later ones are slow',
      [
        [0, 0, 0],
        [10_000, 0, 20_000],
        [30_000, 0, 20_000],
        [59_000, 0, 20_000],
      ],
      [0, 0, 0, 0],
    ],
    [
      'drops the fastest line after a minute',
      [
        [0, minute, 0],
        [30_000, 0, 0],
        [60_000, 0, 0],
        [90_000, 0, 0],
      ],
      [minute, minute, 0, 0],
    ],
    [
      'is measured anew by a line after a long silence',
      [
        [0, minute, 0],
        [10 * minute, 0, 0],
      ],
      [minute, 0],
    ],
    [
      'does not move by less than the resolution',
      [
        [0, 6000, 0],
        [30_000, 9000, 0],
        [60_000, 11_000, 0],
      ],
      [6000, 6000, 11_000],
    ],
    [
      'starts again if the service’s own clock is set back',
      [
        [minute, 0, 0],
        [-minute, 0, 0],
      ],
      [0, 0],
    ],
  ])('%s', (_, lines, expected) => {
    expect(told(lines)).toEqual(expected);
  });

  test('ignores an invalid time', () => {
    const clock = new ClockOffset();
    expect(clock.measure(Number.NaN, start)).toBe(false);
    expect(clock.offsetMs).toBeNull();
  });

  test('is as accurate as the fastest line of the last minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100 * minute, max: 100 * minute }),
        fc.array(fc.integer({ min: 0, max: 20 * second }), { minLength: 13, maxLength: 40 }),
        (ahead, delays) => {
          const last = told(delays.map((delay, index) => [index * 5 * second, ahead, delay])).at(-1);
          // It is told every 30 s, of the lines of the minute before that.
          const toldAt = Math.floor((delays.length - 1) / 6) * 6;
          const fastest = Math.min(...delays.slice(Math.max(0, toldAt - 11), toldAt + 1));
          expect(last).toBeLessThan(ahead + clockResolutionMs);
          expect(last).toBeGreaterThan(ahead - fastest - clockResolutionMs);
        },
      ),
    );
  });

  test('reports exactly its changes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: -100_000, max: 100_000 }))),
        (steps) => {
          const clock = new ClockOffset();
          let at = start;
          for (const [wait, ahead] of steps) {
            at += wait;
            const before = clock.offsetMs;
            expect(clock.measure(at + ahead, at)).toBe(clock.offsetMs !== before);
          }
        },
      ),
    );
  });
});
