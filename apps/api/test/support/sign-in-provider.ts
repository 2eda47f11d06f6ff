import type { Adapter, AdapterPayload, Configuration } from 'oidc-provider';
import { IdentityProvider } from './identity-provider.ts';

/** Claims of the people whom the provider knows, by login. */
export type People = Map<string, Readonly<Record<string, unknown>>>;

export interface SignInProvider {
  readonly provider: IdentityProvider;
  readonly people: People;
  /** The address of the service that the provider knows. */
  readonly origin: string;
  /** The settings of the service for this provider. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A provider over TLS for the sign-in of people: it rotates refresh tokens, and takes the second use of one for theft.
 * Everyone whom it knows may sign in with any password, without a page that asks for consent.
 */
export async function startSignInProvider(origin = 'http://localhost:8000'): Promise<SignInProvider> {
  const people: People = new Map([
    ['ann', { name: 'Ann', roles: ['Aether.Reader'] }],
    ['bob', { name: 'Bob', roles: ['Aether.Admin'] }],
  ]);
  const client = {
    client_id: 'aether',
    client_secret: 's3cret-s3cret-s3cret-s3cret-s3cret',
    redirect_uris: [`${origin}/auth/callback`],
    post_logout_redirect_uris: [`${origin}/`],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code' as const],
    backchannel_logout_uri: `${origin}/auth/backchannel-logout`,
    backchannel_logout_session_required: true,
  };
  const provider = await IdentityProvider.start({
    clients: [client],
    configuration: configuration(people),
  });
  return {
    provider,
    people,
    origin,
    environment: {
      OIDC_ISSUER_URL: provider.issuer,
      OIDC_CLIENT_ID: client.client_id,
      OIDC_CLIENT_SECRET: client.client_secret,
      OIDC_CA_FILE: provider.caFile,
      SESSION_SECRET_KEY: 'k'.repeat(32),
    },
  };
}

function configuration(people: People): Configuration {
  const storage: Storage = new Map();
  return {
    // Survives the rotation of keys, for which the test's provider is made anew.
    adapter: (model: string) => new MemoryAdapter(model, storage),
    conformIdTokenClaims: false,
    // The default refuses to call addresses of this machine, where the service is.
    fetch: (url, { dispatcher: _, ...options } = {}) => fetch(url, options),
    rotateRefreshToken: true,
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_context, id) => {
      const claims = people.get(id);
      return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
    },
    loadExistingGrant: async ({ oidc: { provider, client, session } }) => {
      const clientId = client?.clientId ?? '';
      const existing = session?.grantIdFor(clientId);
      if (existing !== undefined) return provider.Grant.find(existing);
      const grant = new provider.Grant({ clientId, accountId: session?.accountId });
      grant.addOIDCScope('openid profile offline_access');
      await grant.save();
      return grant;
    },
    features: {
      backchannelLogout: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
  };
}

type Storage = Map<string, AdapterPayload>;

/** Keeps everything without an end, which is enough for a test. */
class MemoryAdapter implements Adapter {
  readonly #model: string;
  readonly #storage: Storage;

  constructor(model: string, storage: Storage) {
    this.#model = model;
    this.#storage = storage;
  }

  upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#storage.set(this.#key(id), payload);
    return Promise.resolve();
  }

  find(id: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#storage.get(this.#key(id)));
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#where((payload) => payload.uid === uid));
  }

  findByUserCode(code: string): Promise<AdapterPayload | undefined> {
    return Promise.resolve(this.#where((payload) => payload.userCode === code));
  }

  consume(id: string): Promise<void> {
    const payload = this.#storage.get(this.#key(id));
    if (payload !== undefined) payload['consumed'] = Math.floor(Date.now() / 1000);
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    this.#storage.delete(this.#key(id));
    return Promise.resolve();
  }

  revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, payload] of this.#storage) if (payload.grantId === grantId) this.#storage.delete(key);
    return Promise.resolve();
  }

  #key(id: string): string {
    return `${this.#model}:${id}`;
  }

  #where(condition: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    const prefix = `${this.#model}:`;
    return [...this.#storage].find(([key, payload]) => key.startsWith(prefix) && condition(payload))?.[1];
  }
}
