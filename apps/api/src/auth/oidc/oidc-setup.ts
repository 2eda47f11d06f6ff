import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock } from '../../common/clock.ts';
import type { Config } from '../../config/settings.ts';
import type { SessionService } from '../sessions/session.service.ts';
import { LoginAttempts } from './login-attempts.ts';
import { LogoutTokens } from './logout-token.ts';
import { OidcClient } from './oidc-client.ts';
import { OidcSessionSource } from './oidc-session-source.ts';
import { OidcSignIn } from './oidc-sign-in.ts';
import { OidcSignOut } from './oidc-sign-out.ts';
import { ProviderFetch } from './provider-fetch.ts';

interface Parts {
  readonly issuer: string;
  readonly clientId: string;
  readonly provider: ProviderFetch;
  readonly client: OidcClient;
  readonly source: OidcSessionSource;
}

/** The parts of the sign-in with OpenID Connect, if it is configured. */
export class OidcSetup implements BeforeApplicationShutdown {
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #parts: Parts | null;

  constructor(config: Config, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#parts = partsOf(config, clock);
  }

  /** The source of its sessions; null without OpenID Connect. */
  get source(): OidcSessionSource | null {
    return this.#parts?.source ?? null;
  }

  /** Makes sign-in and sign-out; null without OpenID Connect. */
  connect(sessions: SessionService): { readonly signIn: OidcSignIn; readonly signOut: OidcSignOut } | null {
    if (this.#parts === null) return null;
    const { issuer, clientId, provider, client, source } = this.#parts;
    const config = this.#config;
    const attempts = new LoginAttempts(config.sessionSecretKeys, this.#clock);
    const tokens = new LogoutTokens({ issuer, clientId, clock: this.#clock });
    return {
      signIn: new OidcSignIn({ config, issuer, client, attempts, source, sessions }),
      signOut: new OidcSignOut({ client, provider, source, sessions, tokens, clock: this.#clock }),
    };
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#parts?.provider.close();
  }
}

function partsOf(config: Config, clock: Clock): Parts | null {
  const {
    authEnabled,
    oidcIssuerUrl: issuer,
    oidcClientId: clientId,
    oidcClientSecret: clientSecret,
  } = config;
  if (authEnabled === false || issuer === null || clientId === null) return null;
  const provider = new ProviderFetch({ caCertificates: config.oidcCaCertificates });
  const client = new OidcClient({ issuer, clientId, clientSecret, provider, clock });
  const source = new OidcSessionSource(client, { ...config, oidcIssuerUrl: issuer });
  return { issuer, clientId, provider, client, source };
}
