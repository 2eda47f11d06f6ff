import { Logger } from '@nestjs/common';
import type { JSONWebKeySet } from 'jose';
import type { Cancel, Clock } from '../../common/clock.ts';
import { ProviderError } from '../oidc/provider-error.ts';
import type { ProviderFetch } from '../oidc/provider-fetch.ts';
import { signatureKeys } from './key-set.ts';

const minute = 60_000;

/** While the provider can be reached, a key that it has withdrawn is accepted for at most this time. */
const refreshInterval = 10 * minute;
/** While the provider cannot be reached, its last keys stay valid for this time. */
const lifetime = 24 * 60 * minute;
/** The minimum time between requests for unknown key ids. Callers can make up key ids. */
const unknownKeyInterval = minute;
/** The minimum time between requests while there are no keys, because no token can be verified. */
const firstKeysInterval = 5000;

interface Received {
  readonly keys: JSONWebKeySet;
  readonly at: number;
}

/**
 * The keys with which an identity provider signs, found through its discovery document (OpenID Connect Discovery, 4).
 * They are refreshed at intervals and when a token names an unknown key. They stay valid for a day while the provider is
 * down.
 */
export class ProviderKeys {
  readonly #log = new Logger('SignInKeys');
  readonly #provider: Pick<ProviderFetch, 'readJson'>;
  readonly #clock: Clock;
  readonly #issuers: readonly string[];
  #received: Received | null = null;
  #attemptedAt = -Infinity;
  #pending: Promise<void> | null = null;
  #cancelRefresh: Cancel = () => undefined;
  /** The last line of the log, so that an outage is not reported every minute. */
  #reported = '';
  readonly #closed = new AbortController();

  /** @param issuers The configured issuer, and others that the discovery document may name. */
  constructor(
    provider: Pick<ProviderFetch, 'readJson'>,
    clock: Clock,
    issuers: readonly [string, ...string[]],
  ) {
    this.#provider = provider;
    this.#clock = clock;
    this.#issuers = issuers;
  }

  /** Fetches the keys, and keeps refreshing them until `stop`. */
  start(): void {
    void this.#refresh();
  }

  stop(): void {
    this.#cancelRefresh();
    this.#closed.abort(new ProviderError('The service is shutting down.'));
  }

  /**
   * Returns the current keys, refreshed first if `kid` is not among them; null if there are none, or none younger than a
   * day. The same object is returned until the keys change.
   */
  async current(kid: string | undefined): Promise<JSONWebKeySet | null> {
    const known = this.#usable();
    const wait = known === null ? firstKeysInterval : unknownKeyInterval;
    const isMissing = known === null || (kid !== undefined && !known.keys.some((key) => key.kid === kid));
    if (isMissing && (this.#pending !== null || this.#clock.now() - this.#attemptedAt >= wait)) {
      await this.#refresh();
    }
    return this.#usable();
  }

  #usable(): JSONWebKeySet | null {
    if (this.#received === null || this.#clock.now() - this.#received.at > lifetime) return null;
    return this.#received.keys;
  }

  /** Fetches the keys once for all who wait. Never rejects. */
  #refresh(): Promise<void> {
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #fetch(): Promise<void> {
    this.#cancelRefresh();
    this.#attemptedAt = this.#clock.now();
    let wait = refreshInterval;
    try {
      this.#receive(await this.#read());
    } catch (error) {
      if (this.#closed.signal.aborted) return;
      wait = minute;
      this.#reportFailure(error instanceof Error ? error.message : String(error));
    }
    if (!this.#closed.signal.aborted) {
      this.#cancelRefresh = this.#clock.schedule(wait, () => void this.#refresh());
    }
  }

  #receive(keys: JSONWebKeySet): void {
    const before = this.#received?.keys;
    const isSame = JSON.stringify(keys) === JSON.stringify(before);
    this.#received = { keys: isSame && before !== undefined ? before : keys, at: this.#clock.now() };
    if (before === undefined || this.#reported !== '') {
      this.#log.log(`The identity provider publishes ${keys.keys.length} usable keys.`);
    }
    this.#reported = '';
  }

  #reportFailure(reason: string): void {
    const effect =
      this.#usable() === null
        ? 'Bearer tokens are refused until its keys are known.'
        : 'Its last keys remain valid for a day.';
    const line = `${reason} ${effect}`;
    if (line !== this.#reported) this.#log.warn(line);
    this.#reported = line;
  }

  async #read(): Promise<JSONWebKeySet> {
    const [issuer = ''] = this.#issuers;
    const { signal } = this.#closed;
    const discovery = await this.#provider.readJson(
      `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      signal,
    );
    if (!this.#issuers.some((accepted) => accepted === discovery['issuer'])) {
      throw new ProviderError(
        `The identity provider names ${JSON.stringify(discovery['issuer'])} as its issuer. Set OIDC_ISSUER_URL to exactly this value.`,
      );
    }
    const address = discovery['jwks_uri'];
    if (typeof address !== 'string' || !URL.canParse(address)) {
      throw new ProviderError('The discovery document of the identity provider has no usable jwks_uri.');
    }
    return signatureKeys(await this.#provider.readJson(address, signal));
  }
}
