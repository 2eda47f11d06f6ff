import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryMarks } from '../../../src/auth/signing/replay-marks.ts';

describe('marks of used signatures', () => {
  test('one of any number of concurrent claims is the first', async () => {
    const marks = new MemoryMarks(() => 0);
    const claims = Array.from({ length: 50 }, () => marks.claim({ mark: 'a', owner: 'k', expiresAt: 1 }));
    expect((await Promise.all(claims)).filter((claimed) => claimed === 'first')).toHaveLength(1);
  });

  test('are kept until the signature expires, and removed after that', () => {
    let now = 0;
    const marks = new MemoryMarks(() => now);
    expect(marks.claimNow({ mark: 'a', owner: 'k', expiresAt: 300_000 })).toBe('first');
    now = 300_000;
    expect(marks.claimNow({ mark: 'a', owner: 'k', expiresAt: 300_000 })).toBe('repeated');
    now = 310_001;
    expect(marks.claimNow({ mark: 'b', owner: 'k', expiresAt: 610_000 })).toBe('first');
    expect(marks.size).toBe(1);
  });

  test('are bounded in all and for each key, and room returns with time', () => {
    let now = 0;
    const marks = new MemoryMarks(() => now, { total: 3, perOwner: 2 });
    const claim = (mark: string, owner: string): string =>
      marks.claimNow({ mark, owner, expiresAt: now + 1000 });
    expect([claim('1', 'a'), claim('2', 'a'), claim('3', 'a')]).toEqual(['first', 'first', 'full']);
    expect([claim('3', 'b'), claim('4', 'b'), claim('1', 'b')]).toEqual(['first', 'full', 'repeated']);
    now = 20_000;
    expect([claim('3', 'a'), claim('4', 'a'), claim('5', 'a')]).toEqual(['first', 'first', 'full']);
  });

  test('forget nothing when the clock is set forward and back', () => {
    let now = 1_000_000;
    const marks = new MemoryMarks(() => now);
    const used = { mark: 'a', owner: 'k', expiresAt: now + 300_000 };
    expect(marks.claimNow(used)).toBe('first');
    now += 3_600_000;
    expect(marks.claimNow({ mark: 'b', owner: 'k', expiresAt: now + 300_000 })).toBe('first');
    now -= 3_600_000;
    expect(marks.claimNow(used)).toBe('unknown');
    expect(marks.claimNow({ mark: 'c', owner: 'k', expiresAt: now + 300_001 })).toBe('first');
  });

  test('are removed as before after the clock was set back', () => {
    let now = 3_600_000;
    const marks = new MemoryMarks(() => now, { total: 2, perOwner: 2 });
    const claim = (mark: string): string => marks.claimNow({ mark, owner: 'k', expiresAt: now + 1000 });
    expect(claim('a')).toBe('first');
    now = 0;
    expect(claim('b')).toBe('first');
    now = 20_000;
    expect(claim('c')).toBe('first');
  });

  test('agree with a set that forgets nothing, for as long as signatures are accepted', () => {
    const step = fc.record({ mark: fc.nat(9), wait: fc.nat(20_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 0;
        const marks = new MemoryMarks(() => now);
        const used = new Map<number, number>();
        for (const { mark, wait } of steps) {
          now += wait;
          const expiry = used.get(mark);
          const claimed = marks.claimNow({ mark: String(mark), owner: 'k', expiresAt: now + 60_000 });
          if (expiry !== undefined && expiry >= now) expect(claimed).toBe('repeated');
          else if (expiry === undefined) expect(claimed).toBe('first');
          if (claimed === 'first') used.set(mark, now + 60_000);
        }
      }),
    );
  });
});
