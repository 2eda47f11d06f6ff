import { roles, type Role } from '@aether-v/types';

/** A local account. */
export interface Account {
  /** In lower case; sign-in ignores case. */
  readonly user: string;
  /** The display name. */
  readonly name: string;
  readonly role: Role;
  /** The hash of the password. */
  readonly passwordHash: string;
}

/** All roles, the one with the fewest permissions first. */
export const roleNames = Object.keys(roles) as readonly Role[];

/** Returns the user name as accounts store it; undefined if it is not a valid user name. */
export function userNameOf(text: string): string | undefined {
  const user = text.trim().toLowerCase();
  return /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/.test(user) ? user : undefined;
}

/** Returns the id of the principal of an account. */
export function accountPrincipalId(user: string): string {
  return `account:${user}`;
}
