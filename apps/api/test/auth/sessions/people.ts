import type { SessionClaims, SessionClient, SignedIn } from '../../../src/auth/sessions/session.ts';

export const issuer = 'https://id.example.org';

export const browser: SessionClient = { address: '192.0.2.7', userAgent: 'Browser' };

export function person(changes: Partial<SignedIn> = {}): SignedIn {
  const subject = changes.subject ?? 'ann';
  return {
    kind: 'oidc',
    principalId: `${issuer}#${subject}`,
    name: 'Ann',
    issuer,
    subject,
    providerSession: null,
    grants: ['Aether.Reader'],
    stamp: '',
    groupsOmitted: false,
    ...changes,
  };
}

export function claims(changes: Partial<SessionClaims> = {}): SessionClaims {
  return { ...person(changes), id: 'session-1', signedInAt: 0, recheckAt: 600_000, endsAt: 36e5, ...changes };
}
