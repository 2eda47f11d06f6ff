import { ProblemError } from '../../problems/problem-error.ts';
import type { SessionService } from '../sessions/session.service.ts';
import type { ProviderSignOut } from '../sessions/sign-out.ts';
import type { OidcSetup } from './oidc-setup.ts';
import type { OidcSignIn } from './oidc-sign-in.ts';
import type { OidcSignOut } from './oidc-sign-out.ts';

/** Sign-in and sign-out of people at the identity provider. */
export class OidcPeople implements ProviderSignOut {
  readonly #parts: ReturnType<OidcSetup['connect']>;

  constructor(setup: OidcSetup, sessions: SessionService) {
    this.#parts = setup.connect(sessions);
  }

  /** @throws ProblemError if OpenID Connect is not configured. */
  get signIn(): OidcSignIn {
    if (this.#parts === null) {
      throw new ProblemError(
        'not-found',
        'Sign-in with OpenID Connect is not configured (OIDC_ISSUER_URL, OIDC_CLIENT_ID).',
      );
    }
    return this.#parts.signIn;
  }

  /** Null if OpenID Connect is not configured. */
  get signOut(): OidcSignOut | null {
    return this.#parts?.signOut ?? null;
  }

  async leave(sessionId: string, home: string): Promise<string | null> {
    return this.signOut?.leave(sessionId, home) ?? null;
  }
}
