import type { Me, SessionEndReason } from '@aether-v/types';
import { formatDuration } from '../components/format.ts';

const endReasons: Record<SessionEndReason, string> = {
  'signed-out': 'You signed out in another window, or at the identity provider.',
  idle: 'It was idle for too long.',
  limit: 'It reached its maximum duration.',
  refused: 'Your account or its role is no longer confirmed.',
  renew: 'The service must confirm your account again, for example after a restart.',
};

export const signInTexts = {
  noRole: 'No role',
  signInTo: 'Sign in to Aether-V',
  withProvider: (provider: string) => `Sign in with ${provider}`,
  identityProvider: 'the identity provider',
  or: 'or with a local account',
  user: 'User name',
  password: 'Password',
  submit: 'Sign in',
  submitting: 'Signing in…',
  wrongPassword: 'The user name or the password is wrong. Check both and try again.',
  tooMany: (detail: string) => `There were too many attempts. ${detail}`,
  noWays: 'Sign-in is not set up',
  noWaysBody:
    'The service has neither an identity provider nor local accounts, so only programs can use it. Ask an administrator to set OIDC_ISSUER_URL and OIDC_CLIENT_ID, or to add a local account with npm run user:add.',
  unreachableTitle: 'Waiting for the service',
  endedBefore: (reason: SessionEndReason) => `Your session has ended. ${endReasons[reason]}`,
  failedTitle: 'You could not be signed in',
  noAccessTitle: 'You are signed in, but you have no access',
  noAccess: {
    'no-role':
      'Your account has no role in this fleet. Ask an administrator to give you one of the roles Reader, Writer or Administrator, then sign in again.',
    'groups-omitted':
      'You are in too many groups for the identity provider to send, so your role is unknown. Ask an administrator to assign you an app role, or to limit the groups in the token to those assigned to the application. Then sign in again.',
  } satisfies Record<NonNullable<NonNullable<Me['principal']>['notice']>, string>,
  menu: (name: string) => `Account of ${name}`,
  methods: {
    local: 'Sign-in is not set up. Everyone on this machine is the local administrator.',
    account: 'Signed in with a local account',
    provider: (provider: string) => `Signed in with ${provider}`,
    program: 'Authenticated with a key or token',
  },
  sessions: 'My sessions',
  audit: 'Audit log',
  signOut: 'Sign out',
  signOutFailed: 'You could not be signed out',
  ended: 'Your session has ended.',
  endedBody: (reason: SessionEndReason | null) =>
    `${reason === null ? '' : `${endReasons[reason]} `}The data on this page may be out of date. Sign in again to continue; this page stays open.`,
  renew: 'Sign in again',
  renewing: 'Sign in in the other window to continue.',
  blocked: 'The browser did not open a window. Allow pop-ups for this address, then try again.',
  expiring: (ms: number) => `Your session ends in ${formatDuration(ms)}.`,
  expiringBody: 'Sign in again to continue without interruption; this page stays open.',
  back: 'You are signed in again.',
  renewedTitle: 'You are signed in',
  renewedBody: 'Close this window and continue in the other one.',
  closeWindow: 'Close window',
};
