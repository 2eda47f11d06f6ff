import { createHash } from 'node:crypto';
import type { Account } from './account.ts';
import { AccountFileError, accountFileVersion, readAccountFile } from './account-file.ts';

/** Messages for the log of the service. */
interface AccountsLog {
  warn(message: string): void;
  error(message: string): void;
}

/** The local accounts. The file is loaded again when it has changed; while it is invalid the previous accounts stay valid. */
export class Accounts {
  readonly #path: string;
  readonly #log: AccountsLog;
  #byUser: ReadonlyMap<string, Account> = new Map();
  #version: string | undefined;
  #reading: Promise<void> | undefined;

  constructor(path: string, log: AccountsLog) {
    this.#path = path;
    this.#log = log;
  }

  /** Returns the account of a user as it is in the file now. */
  async find(user: string): Promise<Account | undefined> {
    await this.#refresh();
    return this.#byUser.get(user);
  }

  /** Concurrent callers share one read. */
  async #refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  async #read(): Promise<void> {
    const version = (await accountFileVersion(this.#path)) ?? 'missing';
    if (version === this.#version) return;
    // Set first, so that an invalid file is reported once.
    this.#version = version;
    try {
      const file = await readAccountFile(this.#path);
      this.#version = file.version;
      this.#byUser = new Map(file.accounts.map((account) => [account.user, account]));
      if (file.isOpenToOthers) {
        this.#log.warn(`Other users of this machine can read ${this.#path}. Run: chmod 600 ${this.#path}`);
      }
    } catch (error) {
      if (!(error instanceof AccountFileError)) throw error;
      this.#log.error(`${error.message} The previous accounts stay valid until the file is corrected.`);
    }
  }
}

/** Returns a text that changes with the account's password or role. Sessions with another text end. */
export function accountStamp({ role, passwordHash }: Account): string {
  return createHash('sha256').update(`${role}\n${passwordHash}`).digest('base64url').slice(0, 22);
}
