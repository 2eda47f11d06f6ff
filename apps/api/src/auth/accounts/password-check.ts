import PQueue from 'p-queue';
import { clientOfAddress } from '../../common/client-address.ts';
import { ProblemError } from '../../problems/problem-error.ts';
import { userNameOf, type Account } from './account.ts';
import type { Accounts } from './accounts.ts';
import { hashPassword, matchesPassword } from './password-hash.ts';
import { SignInDelays } from './sign-in-delays.ts';
import type { Clock } from '../../common/clock.ts';

/** The maximum numbers of hashes that are computed at the same time (19 MiB each), and of attempts in progress. */
const concurrentHashes = 2;
const maxAttempts = 64;

/** A password that a client sends. */
export interface PasswordAttempt {
  readonly user: string;
  readonly password: string;
  /** The address of the client. */
  readonly address: string;
}

/** The outcome of an attempt whose password was checked. */
export interface CheckedPassword {
  /** The account; null if user or password is wrong. */
  readonly account: Account | null;
  /** The user if such an account exists, for the audit log. Other names may be mistyped passwords. */
  readonly knownUser: string | null;
}

/** Checks passwords of local accounts, with limits against guessing. */
export class PasswordCheck {
  readonly #accounts: Pick<Accounts, 'find'>;
  readonly #delays: SignInDelays;
  readonly #queue = new PQueue({ concurrency: concurrentHashes });
  readonly #matches: typeof matchesPassword;
  #decoy: Promise<string> | undefined;
  #attempts = 0;

  /** @param matches Compares a password with a hash. */
  constructor(accounts: Pick<Accounts, 'find'>, clock: Clock, matches = matchesPassword) {
    this.#accounts = accounts;
    this.#matches = matches;
    this.#delays = new SignInDelays(clock);
  }

  /** Checks a password. @throws ProblemError `too-many-requests` with the time to wait. */
  async check({ user: given, password, address }: PasswordAttempt): Promise<CheckedPassword> {
    if (this.#attempts >= maxAttempts) throw tooEarly(1000);
    const client = clientOfAddress(address);
    const user = userNameOf(given);
    // Invalid user names share one entry.
    const begun = this.#delays.begin(user ?? '', client);
    if ('wait' in begun) throw tooEarly(begun.wait);
    this.#attempts += 1;
    try {
      const account = user === undefined ? undefined : await this.#accounts.find(user);
      const matches = await this.#compare(password, account, client);
      if (account === undefined || !matches) return { account: null, knownUser: account?.user ?? null };
      begun.succeed();
      return { account, knownUser: account.user };
    } finally {
      this.#attempts -= 1;
    }
  }

  /** Takes the same time for an unknown user as for a wrong password, so that the time does not reveal which it is. */
  async #compare(password: string, account: Account | undefined, client: string): Promise<boolean> {
    this.#decoy ??= hashPassword('none');
    const stored = account?.passwordHash ?? (await this.#decoy);
    return this.#queue.add(() => this.#matches(password, stored), {
      // Clients without failures come first, so that guessing does not delay them.
      priority: -this.#delays.failuresOf(client),
    });
  }
}

function tooEarly(wait: number): ProblemError {
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  return new ProblemError('too-many-requests', `Too many failed sign-ins. Try again in ${seconds} seconds.`, {
    retryAfterSeconds: seconds,
  });
}
