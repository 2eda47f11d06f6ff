import * as client from 'openid-client';
import type { Clock } from '../../common/clock.ts';
import type { Secret } from '../../config/secret.ts';
import { ProviderError } from './provider-error.ts';
import type { ProviderFetch } from './provider-fetch.ts';

/** The time after which the provider's metadata are read again, in milliseconds. */
const refreshMs = 3_600_000;

/** The first and the longest time between two attempts to read them, in milliseconds. */
const firstWaitMs = 1000;
const longestWaitMs = 30_000;

/** This service as a client of the provider. */
export interface OidcClientOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: Secret | null;
  readonly provider: Pick<ProviderFetch, 'fetch'>;
  readonly clock: Clock;
}

/**
 * The provider's metadata, fetched when first needed, so that the service starts without its provider. If a refresh fails,
 * the previous metadata stay in use.
 */
export class OidcClient {
  readonly #options: OidcClientOptions;
  #found: { readonly configuration: client.Configuration; readonly at: number } | undefined;
  #searching: Promise<client.Configuration> | undefined;
  #failure: { readonly error: ProviderError; readonly until: number; readonly wait: number } | undefined;

  constructor(options: OidcClientOptions) {
    this.#options = options;
  }

  /** Returns the configuration. @throws ProviderError if the provider cannot be reached or its metadata are unusable. */
  async configuration(): Promise<client.Configuration> {
    const now = this.#options.clock.now();
    if (this.#found !== undefined) {
      if (now - this.#found.at >= refreshMs) void this.#search().catch(() => undefined);
      return this.#found.configuration;
    }
    return this.#search();
  }

  /** Retries with exponential backoff. Between attempts it throws the last failure again. */
  async #search(): Promise<client.Configuration> {
    const { clock } = this.#options;
    if (this.#failure !== undefined && clock.now() < this.#failure.until) throw this.#failure.error;
    this.#searching ??= this.#discover().finally(() => (this.#searching = undefined));
    return this.#searching;
  }

  async #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret, provider, clock } = this.#options;
    try {
      const configuration = await client.discovery(
        new URL(issuer),
        clientId,
        clientSecret?.reveal(),
        authentication(clientSecret),
        {
          [client.customFetch]: (url, request) => provider.fetch(url, request),
          // Only an issuer on this machine may have an http: address (see the check of the settings).
          // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so by its authors only to stand out
          execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
        },
      );
      this.#failure = undefined;
      this.#found = { configuration, at: clock.now() };
      return configuration;
    } catch (error) {
      const wait = Math.min(longestWaitMs, (this.#failure?.wait ?? firstWaitMs / 2) * 2);
      this.#failure = { error: providerError(error), wait, until: clock.now() + wait };
      throw this.#failure.error;
    }
  }
}

/** Authenticates with the first method in the provider's list that uses a client secret (RFC 6749, 2.3.1). */
function authentication(secret: Secret | null): client.ClientAuth {
  if (secret === null) return client.None();
  const methods: Readonly<Record<string, client.ClientAuth>> = {
    client_secret_basic: client.ClientSecretBasic(secret.reveal()),
    client_secret_post: client.ClientSecretPost(secret.reveal()),
  };
  return (server, ...rest) => {
    const { token_endpoint_auth_methods_supported: supported = [] } = server;
    const method = supported.find((name) => Object.hasOwn(methods, name)) ?? 'client_secret_basic';
    methods[method]?.(server, ...rest);
  };
}

/** Converts any error of openid-client to a ProviderError with its reason. */
export function providerError(error: unknown): ProviderError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ProviderError) return cause;
  }
  const reason = error instanceof Error ? error.message : 'unknown reason';
  return new ProviderError(`The response of the identity provider is unusable: ${reason}.`, { cause: error });
}
