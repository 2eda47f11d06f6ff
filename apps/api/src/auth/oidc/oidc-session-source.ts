import type { Role } from '@aether-v/types';
import { Logger } from '@nestjs/common';
import * as client from 'openid-client';
import type { Recheck, SessionSource } from '../sessions/session-source.ts';
import type { Session, SessionClaims } from '../sessions/session.ts';
import { claimsOfTokens, type Tokens } from './claims-of-tokens.ts';
import { providerError, type OidcClient } from './oidc-client.ts';
import { personOfClaims } from './person-of-claims.ts';
import { ClaimsError } from './principal-id.ts';
import { rolesOfGrants } from './roles-of-grants.ts';
import type { RoleSettings } from './roles-of-claims.ts';

/** The maximum length of an ID token that is kept for the sign-out at the provider. */
const maxIdTokenLength = 8192;

/** Errors of a refresh after which the provider wants to see the person again (OpenID Connect Core, 3.1.2.6). */
const personNeeded = new Set(['interaction_required', 'login_required', 'consent_required']);

/** Tokens of a session. They exist only in memory: neither the cookie nor a file contains them. */
interface HeldTokens {
  readonly refreshToken: string | null;
  readonly idToken: string | null;
}

/** Sessions of people whom the identity provider knows, confirmed with their refresh tokens. */
export class OidcSessionSource implements SessionSource {
  readonly kind = 'oidc';
  readonly #log = new Logger('Sign-in');
  readonly #client: OidcClient;
  readonly #settings: RoleSettings & { readonly oidcIssuerUrl: string };
  /** By session. Bounded by the sessions that the service knows. */
  readonly #tokens = new Map<string, HeldTokens>();

  constructor(oidcClient: OidcClient, settings: RoleSettings & { readonly oidcIssuerUrl: string }) {
    this.#client = oidcClient;
    this.#settings = settings;
  }

  /** Stores the tokens of a session for its rechecks and its sign-out. */
  hold(sessionId: string, tokens: Tokens): void {
    const before = this.#tokens.get(sessionId);
    const { id_token: idToken, refresh_token: refreshToken } = tokens;
    const isShort = idToken !== undefined && idToken.length <= maxIdTokenLength;
    this.#tokens.set(sessionId, {
      // Without rotation the response may omit the refresh token (RFC 6749, 6).
      refreshToken: refreshToken ?? before?.refreshToken ?? null,
      idToken: isShort ? idToken : (before?.idToken ?? null),
    });
  }

  /** Returns the tokens of a session as long as it is known. */
  tokensOf(sessionId: string): HeldTokens | undefined {
    return this.#tokens.get(sessionId);
  }

  rolesOf({ grants, issuer }: SessionClaims): readonly Role[] {
    return issuer === this.#settings.oidcIssuerUrl ? rolesOfGrants(this.#settings, grants) : [];
  }

  release(sessionId: string): void {
    this.#tokens.delete(sessionId);
  }

  async recheck(session: Session): Promise<Recheck> {
    const refreshToken = this.#tokens.get(session.id)?.refreshToken ?? null;
    // Another provider has been configured since.
    if (session.issuer !== this.#settings.oidcIssuerUrl) return { outcome: 'refused' };
    if (refreshToken === null) return { outcome: 'impossible' };
    try {
      const configuration = await this.#client.configuration();
      const tokens = await client.refreshTokenGrant(configuration, refreshToken);
      // The session may have ended meanwhile.
      if (this.#tokens.has(session.id)) this.hold(session.id, tokens);
      const claims = await claimsOfTokens(configuration, tokens);
      // Without an ID token, which the response may omit (OpenID Connect Core, 12.2), the present roles are unknown.
      if (claims === undefined) return { outcome: 'impossible' };
      const person = personOfClaims(this.#settings, claims, session.issuer);
      // OpenID Connect Core, 12.2: a refresh is about the same person.
      if (person.principalId !== session.principalId) return { outcome: 'refused' };
      return { outcome: 'confirmed', ...person };
    } catch (error) {
      return this.#failed(session, error);
    }
  }

  #failed(session: Session, error: unknown): Recheck {
    if (error instanceof ClaimsError) return { outcome: 'refused' };
    if (!(error instanceof client.ResponseBodyError)) {
      return { outcome: 'unreachable', detail: providerError(error).message };
    }
    const { error: code } = error;
    if (personNeeded.has(code)) return { outcome: 'impossible' };
    if (code !== 'invalid_grant') return { outcome: 'unreachable', detail: `It answered ${code}.` };
    this.#log.log(`The identity provider has ended the session of ${session.principalId}.`);
    // If the response to an earlier attempt was lost, the provider refuses this one as a second use of the token. The
    // person may still be admitted, so a new sign-in decides.
    return { outcome: session.retryAt === null ? 'refused' : 'impossible' };
  }
}
