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

/** All roles, the least powerful first. */
export const roleNames = Object.keys(roles) as readonly Role[];

/** Returns the user name in the form in which accounts keep it; undefined if no account may have it. */
export function userNameOf(text: string): string | undefined {
  const user = text.trim().toLowerCase();
  return /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/.test(user) ? user : undefined;
}

/** Returns the id of the principal of an account. */
export function accountPrincipalId(user: string): string {
  return `account:${user}`;
}
