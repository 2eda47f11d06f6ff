import { describe, expect, test } from 'vitest';
import { OidcClient } from '../../../src/auth/oidc/oidc-client.ts';
import { OidcSessionSource } from '../../../src/auth/oidc/oidc-session-source.ts';
import type { ProviderFetch } from '../../../src/auth/oidc/provider-fetch.ts';
import type { Session } from '../../../src/auth/sessions/session.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { testConfig } from '../../support/test-app.ts';

const issuer = 'https://id.example.org';

/** Answers as a provider whose refresh responses are `tokens`. */
function providerOf(tokens: object): Pick<ProviderFetch, 'fetch'> {
  return {
    fetch: (address) => {
      const document = { issuer, token_endpoint: `${issuer}/token` };
      return Promise.resolve(Response.json(String(address).endsWith('/token') ? tokens : document));
    },
  };
}

function sourceOf(tokens: object): OidcSessionSource {
  const config = testConfig({ OIDC_ISSUER_URL: issuer, OIDC_CLIENT_ID: 'aether-v' });
  const client = new OidcClient({
    issuer,
    clientId: 'aether-v',
    clientSecret: null,
    provider: providerOf(tokens),
    clock: new FakeClock(),
  });
  return new OidcSessionSource(client, { ...config, oidcIssuerUrl: issuer });
}

const session = { id: 's', issuer, principalId: `${issuer}#ann`, retryAt: null } as unknown as Session;

describe('the recheck of a session', () => {
  test('a refresh response without an ID token confirms nothing, since it does not state the roles', async () => {
    const source = sourceOf({ access_token: 'a', token_type: 'bearer', refresh_token: 'next' });
    source.hold('s', { refresh_token: 'first' } as never);
    expect(await source.recheck(session)).toEqual({ outcome: 'impossible' });
    expect(source.tokensOf('s')?.refreshToken).toBe('next');
  });
});
