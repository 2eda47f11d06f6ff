import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignInDelays } from '../../../src/auth/accounts/sign-in-delays.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const minute = 60_000;

function waitOf(delays: SignInDelays, user: string, client: string): number {
  const begun = delays.begin(user, client);
  return 'wait' in begun ? begun.wait : 0;
}

describe('sign-in delays', () => {
  test('sign-in delays double with each failure per account and client, up to five minutes', async () => {
    const clock = new FakeClock();
    const delays = new SignInDelays(clock);
    for (let free = 0; free < 3; free += 1) expect(waitOf(delays, 'anna', 'a')).toBe(0);
    const waits: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      const wait = waitOf(delays, 'anna', 'a');
      waits.push(wait / 1000);
      await clock.advance(wait);
      expect(waitOf(delays, 'anna', 'a')).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  });

  test('sign-in delays of an attacker do not affect the owner of the account at another address', () => {
    const delays = new SignInDelays(new FakeClock());
    for (let attempt = 0; attempt < 1000; attempt += 1) waitOf(delays, 'admin', 'attacker');
    expect(waitOf(delays, 'admin', 'attacker')).toBeGreaterThan(0);
    expect(waitOf(delays, 'admin', 'owner')).toBe(0);
  });

  test('hold for one client on all accounts together', () => {
    const delays = new SignInDelays(new FakeClock());
    const waits = Array.from({ length: 12 }, (_, n) => waitOf(delays, `user${n}`, 'a'));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(10);
  });

  test('sign-in delays count attempts in progress, so that parallel guessing gains nothing', () => {
    const delays = new SignInDelays(new FakeClock());
    const begun = Array.from({ length: 100 }, () => delays.begin('anna', 'a'));
    expect(begun.filter((attempt) => 'succeed' in attempt)).toHaveLength(3);
  });

  test('end for an account with its success, but not for its client', () => {
    const delays = new SignInDelays(new FakeClock());
    for (let n = 0; n < 9; n += 1) waitOf(delays, `user${n}`, 'a');
    const own = delays.begin('own', 'a');
    if ('succeed' in own) own.succeed();
    expect(delays.failuresOf('a')).toBe(9);
    expect(waitOf(delays, 'own', 'a')).toBe(0);
    expect(waitOf(delays, 'own', 'a')).toBeGreaterThan(0);
  });

  test('are forgotten an hour after the last failure', async () => {
    const clock = new FakeClock();
    const delays = new SignInDelays(clock);
    for (let n = 0; n < 5; n += 1) waitOf(delays, 'anna', 'a');
    await clock.advance(60 * minute);
    expect(delays.failuresOf('a')).toBe(0);
    expect(waitOf(delays, 'anna', 'a')).toBe(0);
  });

  test('never exceed five minutes, whatever the order of attempts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('anna', 'bert'), fc.nat(400_000), fc.boolean()), { maxLength: 40 }),
        async (steps) => {
          const clock = new FakeClock();
          const delays = new SignInDelays(clock);
          for (const [user, pause, succeeds] of steps) {
            const begun = delays.begin(user, 'a');
            if ('wait' in begun) expect(begun.wait).toBeLessThanOrEqual(5 * minute);
            else if (succeeds) begun.succeed();
            await clock.advance(pause);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test('keep a bounded number of clients', () => {
    const delays = new SignInDelays(new FakeClock());
    for (let n = 0; n < 30_000; n += 1) waitOf(delays, 'anna', `client ${n}`);
    expect(delays.failuresOf('client 0')).toBe(0);
    expect(delays.failuresOf('client 29999')).toBe(1);
  });
});
