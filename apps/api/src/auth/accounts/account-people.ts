import { Logger } from '@nestjs/common';
import type { Clock } from '../../common/clock.ts';
import type { Config } from '../../config/settings.ts';
import { ProblemError } from '../../problems/problem-error.ts';
import { AccountSessionSource } from './account-session-source.ts';
import { Accounts } from './accounts.ts';
import { PasswordCheck } from './password-check.ts';

/** The sign-in with local accounts, if an accounts file is configured. */
export class AccountPeople {
  /** The source of its sessions; null without local accounts. */
  readonly source: AccountSessionSource | null = null;
  readonly #check: PasswordCheck | null = null;

  constructor({ authEnabled, accountsFile }: Pick<Config, 'authEnabled' | 'accountsFile'>, clock: Clock) {
    if (authEnabled === false || accountsFile === null) return;
    const accounts = new Accounts(accountsFile, new Logger('Accounts'));
    this.source = new AccountSessionSource(accounts);
    // An unusable file is reported at start, not when someone tries to sign in.
    void accounts.find('');
    this.#check = new PasswordCheck(accounts, clock);
  }

  /** Checks passwords. @throws ProblemError `not-found` without local accounts. */
  get passwords(): PasswordCheck {
    if (this.#check === null)
      throw new ProblemError('not-found', 'This service has no local accounts (ACCOUNTS_FILE).');
    return this.#check;
  }
}
