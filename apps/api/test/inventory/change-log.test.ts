import { describe, expect, test } from 'vitest';
import { ChangeLog } from '../../src/inventory/change-log.ts';

describe('ChangeLog', () => {
  test('holds at most as many empty slots as changes plus a thousand, however often one row changes', () => {
    const log = new ChangeLog<{ seq: number }>();
    let slot = log.append({ seq: 1 });
    for (let seq = 2; seq <= 100_000; seq += 1) {
      log.drop(slot);
      slot = log.append({ seq });
    }
    expect(log.size).toBe(1);
    expect(log.slots).toBeLessThan(1100);
    expect(log.after(0, 10)).toEqual({ items: [{ seq: 100_000 }], more: false });
  });

  test('reads a hundred thousand changes in batches of 32 in linear time', () => {
    const total = 100_000;
    const log = new ChangeLog<{ seq: number }>();
    for (let seq = 1; seq <= total; seq += 1) log.append({ seq });
    const before = log.steps;
    let [seq, read] = [0, 0];
    for (let more = true; more;) {
      const answer = log.after(seq, 32);
      read += answer.items.length;
      seq = answer.items.at(-1)?.seq ?? seq;
      ({ more } = answer);
    }
    expect(read).toBe(total);
    // One step a change, one more to see that there are others, and a binary search of seventeen for every answer.
    expect(log.steps - before).toBeLessThanOrEqual(total + (total / 32 + 1) * 19);
  });

  test('finds the latest of a hundred thousand changes in about seventeen steps', () => {
    const log = new ChangeLog<{ seq: number }>();
    for (let seq = 1; seq <= 100_000; seq += 1) log.append({ seq });
    const before = log.steps;
    expect(log.after(99_999, 32).items).toEqual([{ seq: 100_000 }]);
    expect(log.steps - before).toBeLessThanOrEqual(19);
  });
});
