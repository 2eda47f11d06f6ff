import { Logger } from '@nestjs/common';
import type { JWTVerifyGetKey } from 'jose';
import * as client from 'openid-client';
import type { Clock } from '../../common/clock.ts';
import type { SessionService } from '../sessions/session.service.ts';
import type { Session } from '../sessions/session.ts';
import type { LogoutTokens } from './logout-token.ts';
import { providerError, type OidcClient } from './oidc-client.ts';
import type { OidcSessionSource } from './oidc-session-source.ts';
import type { ProviderFetch } from './provider-fetch.ts';
import { providerKeys } from './provider-keys.ts';

/** Dependencies of the sign-out. */
export interface OidcSignOutOptions {
  readonly client: OidcClient;
  readonly provider: Pick<ProviderFetch, 'fetch'>;
  readonly source: OidcSessionSource;
  readonly sessions: SessionService;
  readonly tokens: LogoutTokens;
  readonly clock: Clock;
}

/** Sign-out at the identity provider, begun here or there. */
export class OidcSignOut {
  readonly #log = new Logger('Sign-in');
  readonly #options: OidcSignOutOptions;
  #keys: { readonly uri: string; readonly get: JWTVerifyGetKey } | undefined;

  constructor(options: OidcSignOutOptions) {
    this.#options = options;
  }

  /**
   * Revokes the refresh token of a session that ends, without waiting for it. Must be called before the session ends.
   *
   * @param home The address to which the provider returns the browser.
   * @returns The address at the provider that signs the browser out there (RP-Initiated Logout 1.0, 2); null if the
   *   provider has none or cannot be reached.
   */
  async leave(sessionId: string, home: string): Promise<string | null> {
    const held = this.#options.source.tokensOf(sessionId);
    try {
      const configuration = await this.#options.client.configuration();
      const { end_session_endpoint: end, revocation_endpoint: revocation } = configuration.serverMetadata();
      const refreshToken = held?.refreshToken ?? null;
      if (refreshToken !== null && revocation !== undefined) void this.#revoke(configuration, refreshToken);
      if (end === undefined) return null;
      const idToken = held?.idToken ?? null;
      return client.buildEndSessionUrl(configuration, {
        post_logout_redirect_uri: home,
        ...(idToken === null ? {} : { id_token_hint: idToken }),
      }).href;
    } catch (error) {
      this.#log.warn(`A sign-out could not be continued at the provider: ${providerError(error).message}`);
      return null;
    }
  }

  /**
   * Ends the sessions that a logout token of the provider names.
   *
   * @returns Those that were known.
   * @throws LogoutTokenError, ProviderError
   */
  async acceptLogoutToken(token: string): Promise<readonly Session[]> {
    const { tokens, sessions } = this.#options;
    return sessions.endOfProvider(await tokens.verify(token, await this.#keysOf()));
  }

  async #keysOf(): Promise<JWTVerifyGetKey> {
    const { client: oidcClient, provider, clock } = this.#options;
    const { jwks_uri: uri } = (await oidcClient.configuration()).serverMetadata();
    if (uri === undefined) throw providerError(new Error('its metadata have no jwks_uri'));
    if (this.#keys?.uri !== uri) this.#keys = { uri, get: providerKeys(uri, provider, clock) };
    return this.#keys.get;
  }

  async #revoke(configuration: client.Configuration, refreshToken: string): Promise<void> {
    try {
      await client.tokenRevocation(configuration, refreshToken, { token_type_hint: 'refresh_token' });
    } catch (error) {
      this.#log.warn(`A refresh token could not be revoked: ${providerError(error).message}`);
    }
  }
}
