import { Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as client from 'openid-client';
import type { Config } from '../../config/settings.ts';
import { ProblemError } from '../../problems/problem-error.ts';
import type { SessionService } from '../sessions/session.service.ts';
import type { Session } from '../sessions/session.ts';
import { claimsOfTokens, type Tokens } from './claims-of-tokens.ts';
import type { LoginAttempt, LoginAttempts } from './login-attempts.ts';
import { providerError, type OidcClient } from './oidc-client.ts';
import type { OidcSessionSource } from './oidc-session-source.ts';
import { personOfClaims } from './person-of-claims.ts';
import { ClaimsError } from './principal-id.ts';
import { ProviderError } from './provider-error.ts';
import type { Claims } from './roles-of-claims.ts';

/** The scopes that are requested, as far as the provider offers them. */
const scopes = ['openid', 'profile', 'offline_access'];

type OidcConfig = Pick<
  Config,
  'oidcRedirectUri' | 'oidcReaderPermissions' | 'oidcWriterPermissions' | 'oidcAdminPermissions'
>;

/** Dependencies of the sign-in. */
export interface OidcSignInOptions {
  readonly config: OidcConfig;
  readonly issuer: string;
  readonly client: OidcClient;
  readonly attempts: LoginAttempts;
  readonly source: OidcSessionSource;
  readonly sessions: SessionService;
}

/** A sign-in that has succeeded. */
export interface CompletedSignIn {
  readonly session: Session;
  /** The path of this service to open. */
  readonly returnTo: string;
}

/** Sign-in at the identity provider: the authorization code flow with PKCE (RFC 6749, 4.1; RFC 7636). */
export class OidcSignIn {
  readonly #log = new Logger('Sign-in');
  readonly #options: OidcSignInOptions;

  constructor(options: OidcSignInOptions) {
    this.#options = options;
  }

  /** Begins a sign-in. @returns The address at the provider to open. @throws ProblemError `provider-unavailable` */
  async begin(returnTo: string, request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const configuration = await this.#configuration();
    const state = client.randomState();
    const before = await this.#options.sessions.claimsOf(request);
    const attempt: LoginAttempt = {
      verifier: client.randomPKCECodeVerifier(),
      nonce: client.randomNonce(),
      redirectUri: this.#options.config.oidcRedirectUri ?? redirectUriOf(request),
      returnTo,
      replaces: before === null ? null : { id: before.id, endsAt: before.endsAt },
    };
    await this.#options.attempts.begin(state, attempt, request, reply);
    const { scopes_supported: offered } = configuration.serverMetadata();
    const requested = scopes.filter((scope) => scope === 'openid' || (offered?.includes(scope) ?? true));
    return client.buildAuthorizationUrl(configuration, {
      redirect_uri: attempt.redirectUri,
      scope: requested.join(' '),
      state,
      nonce: attempt.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    }).href;
  }

  /** Completes a sign-in with the provider's response. @throws ProblemError */
  async complete(request: FastifyRequest, reply: FastifyReply): Promise<CompletedSignIn> {
    const query = new URLSearchParams(request.url.split('?').slice(1).join('?'));
    const state = query.get('state') ?? '';
    const attempt = await this.#options.attempts.take(state, request, reply);
    if (attempt === null) {
      throw new ProblemError(
        'sign-in-failed',
        'This sign-in was not started in this browser, took longer than 15 minutes, or was completed before. Sign in again. If that fails, allow cookies for this site.',
      );
    }
    const { tokens, claims } = await this.#redeem(attempt, state, query);
    const person = this.#personOf(claims);
    const { sessions, source } = this.#options;
    if (attempt.replaces !== null) sessions.end(attempt.replaces, 'signed-out');
    const session = await sessions.start(person, request, reply);
    source.hold(session.id, tokens);
    this.#log.log(`${person.principalId} has signed in.`);
    return { session, returnTo: attempt.returnTo };
  }

  async #redeem(
    attempt: LoginAttempt,
    state: string,
    query: URLSearchParams,
  ): Promise<{ readonly tokens: Tokens; readonly claims: Claims }> {
    const configuration = await this.#configuration();
    const address = new URL(attempt.redirectUri);
    address.search = query.toString();
    try {
      const tokens = await client.authorizationCodeGrant(configuration, address, {
        pkceCodeVerifier: attempt.verifier,
        expectedState: state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
      });
      return { tokens, claims: (await claimsOfTokens(configuration, tokens)) ?? {} };
    } catch (error) {
      throw this.#refusal(error);
    }
  }

  #personOf(claims: Claims): ReturnType<typeof personOfClaims> {
    try {
      return personOfClaims(this.#options.config, claims, this.#options.issuer);
    } catch (error) {
      if (error instanceof ClaimsError) throw new ProblemError('sign-in-failed', error.message);
      throw error;
    }
  }

  async #configuration(): Promise<client.Configuration> {
    try {
      return await this.#options.client.configuration();
    } catch (error) {
      throw this.#refusal(error);
    }
  }

  /** Logs the details, and returns a problem with the next step for people. */
  #refusal(error: unknown): ProblemError {
    if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError) {
      const words = wordsOf(error.error_description ?? error.error);
      this.#log.warn(`The identity provider refused a sign-in: ${error.error} (${words}).`);
      return new ProblemError(
        'sign-in-failed',
        `The identity provider did not complete the sign-in: ${words}.`,
      );
    }
    const failure = providerError(error);
    this.#log.error(failure.message);
    const isUnusable = !(error instanceof ProviderError) && failure.cause === error;
    if (isUnusable) {
      return new ProblemError(
        'sign-in-failed',
        'The response of the identity provider is invalid. Ask an administrator to read the service log.',
      );
    }
    return new ProblemError(
      'provider-unavailable',
      'The identity provider cannot be reached. Try again in a minute. If this persists, ask an administrator to read the service log, and to check OIDC_ISSUER_URL, OIDC_CA_FILE and the network.',
    );
  }
}

/** Returns the redirect URI at the address that the browser uses. The Host header has been checked. */
function redirectUriOf({ protocol, headers }: FastifyRequest): string {
  return `${protocol}://${headers.host ?? ''}/auth/callback`;
}

/** Returns a text of the provider without line breaks and controls, at most 300 characters of it. */
function wordsOf(text: string): string {
  return text
    .replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, 300);
}
