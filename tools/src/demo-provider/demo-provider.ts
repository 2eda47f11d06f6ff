import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider, type Configuration } from 'oidc-provider';
import { demoUsers } from './demo-users.ts';
import { signInPage } from './sign-in-page.ts';

/** The settings of the service for a provider. */
export interface DemoProviderSettings {
  readonly OIDC_ISSUER_URL: string;
  readonly OIDC_CLIENT_ID: string;
  readonly OIDC_CLIENT_SECRET: string;
}

const dayInSeconds = 86_400;

/** The maximum size of a form in bytes. */
const maxFormBytes = 1024;

/**
 * An identity provider on this machine for trying the sign-in: a real one (oidc-provider) that lets everyone choose one of
 * the demo users. It listens on loopback only.
 */
export class DemoProvider {
  readonly settings: DemoProviderSettings;
  readonly #server: Server;
  readonly #provider: Provider;

  private constructor(server: Server, provider: Provider, settings: DemoProviderSettings) {
    this.#server = server;
    this.#provider = provider;
    this.settings = settings;
    const callback = provider.callback();
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/interaction/')) void this.#interact(request, response);
      else void callback(request, response);
    });
  }

  /** @param services The addresses of the service, as browsers see it. */
  static async start(services: readonly string[]): Promise<DemoProvider> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
    const settings = {
      OIDC_ISSUER_URL: issuer,
      OIDC_CLIENT_ID: 'aether-v',
      OIDC_CLIENT_SECRET: randomBytes(32).toString('base64url'),
    };
    const provider = new Provider(issuer, await configuration(settings, services));
    return new DemoProvider(server, provider, settings);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Shows the sign-in page, or continues as the chosen user. */
  async #interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.method !== 'POST') {
        const page = signInPage(request.url ?? '');
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
        return;
      }
      const user = (await readForm(request)).get('user');
      const accountId = demoUsers.find(({ id }) => id === user)?.id;
      const result =
        accountId === undefined
          ? { error: 'access_denied', error_description: 'There is no such demo user' }
          : { login: { accountId } };
      await this.#provider.interactionFinished(request, response, result);
    } catch {
      response.writeHead(400, { 'content-type': 'text/plain' }).end('This sign-in has expired. Begin again.');
    }
  }
}

async function configuration(
  settings: DemoProviderSettings,
  services: readonly string[],
): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const addresses = (path: string): string[] => services.map((service) => new URL(path, service).href);
  return {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    clients: [
      {
        client_id: settings.OIDC_CLIENT_ID,
        client_secret: settings.OIDC_CLIENT_SECRET,
        redirect_uris: addresses('/auth/callback'),
        post_logout_redirect_uris: addresses('/'),
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        backchannel_logout_uri: addresses('/auth/backchannel-logout')[0],
        backchannel_logout_session_required: true,
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'roles'] },
    // Roles belong in the ID token, as with most providers.
    conformIdTokenClaims: false,
    // The default refuses to call addresses of this machine, where the service is.
    fetch: (url, { dispatcher: _, ...options } = {}) => fetch(url, options),
    pkce: { required: () => true },
    rotateRefreshToken: true,
    // In seconds. Without them the library prints a notice for each.
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      Grant: dayInSeconds,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: dayInSeconds,
      Session: dayInSeconds,
    },
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, id) => {
      const user = demoUsers.find((one) => one.id === id);
      if (user === undefined) return undefined;
      return { accountId: id, claims: () => ({ sub: id, name: user.name, roles: [user.role] }) };
    },
    // The demo asks for no consent.
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
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
  };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > maxFormBytes) throw new RangeError('The form is too large.');
  }
  return new URLSearchParams(text);
}
