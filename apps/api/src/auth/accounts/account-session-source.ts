import type { Role } from '@aether-v/types';
import type { Recheck, SessionSource } from '../sessions/session-source.ts';
import type { Session, SessionClaims, SignedIn } from '../sessions/session.ts';
import { accountPrincipalId, roleNames, type Account } from './account.ts';
import { accountStamp, type Accounts } from './accounts.ts';

/** The issuer of sessions of local accounts. */
const localIssuer = 'local';

/** Returns the person of an account, for a new session. */
export function personOfAccount(account: Account): SignedIn {
  return {
    kind: 'account',
    principalId: accountPrincipalId(account.user),
    name: account.name,
    issuer: localIssuer,
    subject: account.user,
    providerSession: null,
    grants: [account.role],
    stamp: accountStamp(account),
    groupsOmitted: false,
  };
}

/** Sessions of local accounts, confirmed with the accounts file. */
export class AccountSessionSource implements SessionSource {
  readonly kind = 'account';
  readonly #accounts: Pick<Accounts, 'find'>;

  constructor(accounts: Pick<Accounts, 'find'>) {
    this.#accounts = accounts;
  }

  rolesOf({ grants }: SessionClaims): readonly Role[] {
    return roleNames.filter((role) => grants.includes(role));
  }

  /** Refuses a session whose account was removed or has another password or role. */
  async recheck({ subject, stamp }: Session): Promise<Recheck> {
    const account = await this.#accounts.find(subject);
    if (account === undefined || accountStamp(account) !== stamp) return { outcome: 'refused' };
    return { outcome: 'confirmed', ...personOfAccount(account) };
  }

  release(): void {
    // Nothing is kept for a session.
  }
}
