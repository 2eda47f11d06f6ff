import { beforeAll, describe, expect, test } from 'vitest';
import type { Account } from '../../../src/auth/accounts/account.ts';
import { hashPassword } from '../../../src/auth/accounts/password-hash.ts';
import { PasswordCheck } from '../../../src/auth/accounts/password-check.ts';
import { ProblemError } from '../../../src/problems/problem-error.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

const password = 'correct horse battery';
let anna: Account;

beforeAll(async () => {
  anna = { user: 'anna', name: 'Anna', role: 'admin', passwordHash: await hashPassword(password) };
});

function started(clock = new FakeClock()): PasswordCheck {
  return new PasswordCheck({ find: (user) => Promise.resolve(user === 'anna' ? anna : undefined) }, clock);
}

async function refusalOf(attempt: Promise<unknown>): Promise<ProblemError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ProblemError) return error;
  throw new Error('The attempt was not refused.');
}

describe('a password attempt', () => {
  test('with the right password finds the account, in any case of the user name', async () => {
    const check = started();
    const attempt = { password, address: '192.0.2.1' };
    expect(await check.check({ ...attempt, user: 'anna' })).toEqual({ account: anna, knownUser: 'anna' });
    expect(await check.check({ ...attempt, user: ' ANNA ' })).toEqual({ account: anna, knownUser: 'anna' });
  });

  test.each([
    ['a wrong password', 'anna', 'anna'],
    ['an unknown user', 'bert', null],
    ['a name that no account can have', 'a/../b', null],
    ['a password in place of the user', password, null],
  ])('with %s finds none', async (_, user, knownUser) => {
    const check = started();
    expect(await check.check({ user, password: 'wrong horse battery', address: '192.0.2.1' })).toEqual({
      account: null,
      knownUser,
    });
  });

  test('after three failures has to wait, and the right password does not shorten it', async () => {
    const clock = new FakeClock();
    const check = started(clock);
    const wrong = { user: 'anna', password: 'wrong horse battery', address: '192.0.2.1' };
    for (let n = 0; n < 3; n += 1) await check.check(wrong);
    const refusal = await refusalOf(check.check({ ...wrong, password }));
    expect(refusal).toMatchObject({ code: 'too-many-requests', extras: { retryAfterSeconds: 1 } });
    await clock.advance(1000);
    expect(await check.check({ ...wrong, password })).toMatchObject({ account: anna });
  });

  test('of a client with other addresses of its IPv6 network counts as one of the same client', async () => {
    const check = started();
    const at = (n: number): object => ({ user: 'anna', password: 'wrong', address: `2001:db8::${n}` });
    for (let n = 1; n <= 3; n += 1) await check.check(at(n) as never);
    expect((await refusalOf(check.check(at(4) as never))).code).toBe('too-many-requests');
  });

  test('of the owner succeeds while another address guesses', async () => {
    const check = started();
    const guesses = Array.from({ length: 200 }, (_, n) =>
      check.check({ user: 'anna', password: `guess ${n}`, address: '198.51.100.7' }).catch(() => undefined),
    );
    const owner = await check.check({ user: 'anna', password, address: '192.0.2.1' });
    expect(owner.account).toBe(anna);
    await Promise.all(guesses);
  });

  test('beyond the bound of attempts in progress is refused at once, and the others are answered', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<boolean>();
    const accounts = { find: () => Promise.resolve(anna) };
    const check = new PasswordCheck(accounts, new FakeClock(), () => held);
    const attempts = Array.from({ length: 100 }, (_, n) =>
      check.check({ user: 'anna', password, address: `192.0.2.${n}` }),
    );
    const refused = attempts.slice(64).map(refusalOf);
    for (const { extras } of await Promise.all(refused)) expect(extras.retryAfterSeconds).toBe(1);
    release(true);
    const answered = await Promise.all(attempts.slice(0, 64));
    expect(answered.every(({ account }) => account === anna)).toBe(true);
    expect((await check.check({ user: 'anna', password, address: '192.0.2.99' })).account).toBe(anna);
  });

  test('compares passwords of clients without failures before those of clients with failures', async () => {
    const order: string[] = [];
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
    const accounts = { find: () => Promise.resolve(anna) };
    const check = new PasswordCheck(accounts, new FakeClock(), async (given) => {
      await held;
      order.push(given);
      return given === password;
    });
    const guesses = ['a', 'b', 'c', 'd'].flatMap((client, at) =>
      [1, 2, 3].map((n) =>
        check.check({ user: 'anna', password: `${client}${n}`, address: `198.51.100.${at}` }),
      ),
    );
    await settle();
    const owner = check.check({ user: 'anna', password, address: '192.0.2.1' });
    await settle();
    release(undefined);
    await Promise.all([...guesses, owner]);
    // Two comparisons were in progress before.
    expect(order.indexOf(password)).toBe(2);
  });
});
