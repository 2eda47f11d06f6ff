import { createServer, type Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider, type ClientMetadata, type Configuration } from 'oidc-provider';
import { ProviderFetch } from '../../src/auth/oidc/provider-fetch.ts';
import { Authority } from './authority.ts';

/** The audience of the access tokens that the provider issues for Aether-V. */
export const apiAudience = 'api://aether';

export interface ProviderOptions {
  /** Programs that sign in by client credentials, by name; the value is the secret. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Further clients, such as the console's. */
  readonly clients?: readonly ClientMetadata[];
  /** Replaces parts of the configuration of oidc-provider. */
  readonly configuration?: Configuration;
}

/** A real identity provider (oidc-provider) over TLS, with its own certificate authority. */
export class IdentityProvider {
  readonly issuer: string;
  /** The number of requests by path. */
  readonly requests = new Map<string, number>();
  readonly #authority: Authority;
  readonly #options: ProviderOptions;
  readonly #port: number;
  #server: Server;
  #keys: readonly JWK[] = [];
  #answer: RequestListener = (_, response) => response.writeHead(503).end();

  private constructor(authority: Authority, server: Server, options: ProviderOptions) {
    this.#authority = authority;
    this.#server = server;
    this.#options = options;
    this.#port = (server.address() as AddressInfo).port;
    this.issuer = `https://localhost:${this.#port}`;
    this.#serve(server);
  }

  static async start(options: ProviderOptions = {}): Promise<IdentityProvider> {
    const authority = new Authority();
    const tls = authority.issue(['subjectAltName=DNS:localhost,IP:127.0.0.1']);
    const server = await listening(createServer(tls), 0);
    const provider = new IdentityProvider(authority, server, options);
    await provider.rotateKey();
    return provider;
  }

  /** The certificate of its authority, as PEM text. */
  get caCertificate(): string {
    return this.#authority.certificate;
  }

  /** The path of a file with that certificate, for OIDC_CA_FILE. */
  get caFile(): string {
    return this.#authority.path('ca.pem');
  }

  /** Signs with a new key from now on. Earlier keys stay published unless they are dropped. Sessions are lost. */
  async rotateKey({ dropOld = false } = {}): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    const kid = crypto.randomUUID();
    this.#keys = [{ ...jwk, kid, use: 'sig', alg: 'RS256' }, ...(dropOld ? [] : this.#keys)];
    const { programs = {}, clients = [], configuration = {} } = this.#options;
    const provider = new Provider(this.issuer, {
      ...defaults,
      ...configuration,
      features: { ...defaults.features, ...configuration.features },
      jwks: { keys: [...this.#keys] },
      clients: [...Object.entries(programs).map(([id, secret]) => programClient(id, secret)), ...clients],
    });
    const answer = provider.callback();
    this.#answer = (request, response) => void answer(request, response);
  }

  /** Refuses connections until `resume`. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async resume(): Promise<void> {
    await listening(this.#server, this.#port);
  }

  async dispose(): Promise<void> {
    if (this.#server.listening) await this.stop();
    this.#authority.dispose();
  }

  /** Returns an access token for a program, as it would get one itself. */
  async clientCredentials(id: string, scope: string, resource = apiAudience): Promise<string> {
    const secret = this.#options.programs?.[id] ?? '';
    const provider = new ProviderFetch({ caCertificates: this.caCertificate });
    try {
      const response = await provider.fetch(`${this.issuer}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope, resource }).toString(),
      });
      const body = (await response.json()) as { access_token?: string };
      if (body.access_token === undefined) throw new Error(JSON.stringify(body));
      return body.access_token;
    } finally {
      await provider.close();
    }
  }

  #serve(server: Server): void {
    server.on('request', (request, response) => {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
      this.requests.set(path, (this.requests.get(path) ?? 0) + 1);
      this.#answer(request, response);
    });
  }
}

const apiScopes = 'Aether.Reader Aether.Writer Aether.Admin';

/** Access tokens are JWTs only for a resource (RFC 8707) that asks for them. */
const defaults = {
  cookies: { keys: ['a-key-of-this-test'] },
  scopes: ['openid', 'offline_access', 'profile', ...apiScopes.split(' ')],
  claims: { openid: ['sub'], profile: ['name', 'roles', 'groups'] },
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => [],
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, resource) => ({
        scope: apiScopes,
        audience: resource,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
} satisfies Configuration;

function programClient(id: string, secret: string): ClientMetadata {
  return {
    client_id: id,
    client_secret: secret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    scope: apiScopes,
  };
}

async function listening(server: Server, port: number): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  return server;
}
