import { afterEach, describe, expect, test } from 'vitest';
import { sessionCookieName } from '../../src/auth/sessions/session-cookie.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

let service: TestApp | undefined;

afterEach(() => service?.app.close());

interface Operation {
  readonly 'x-permission': string | null;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { description: string; content?: object }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly security: readonly object[];
  readonly components: { readonly securitySchemes: Readonly<Record<string, object>> };
}

async function start(environment: Record<string, string> = {}): Promise<TestApp> {
  service = await startTestApp({ environment });
  return service;
}

async function documentOf(running: TestApp): Promise<Document> {
  return (await running.get('/openapi.json')).json<Document>();
}

const provider = {
  OIDC_ISSUER_URL: 'https://idp.example.org',
  OIDC_API_AUDIENCE: 'api://aether',
  PUBLIC_DOCS: 'true',
};

describe('the security of the OpenAPI document', () => {
  test('states 401 and 403 for every operation with a permission, and no credentials for all others', async () => {
    const { paths } = await documentOf(await start());
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    );
    expect(operations.length).toBeGreaterThan(25);
    for (const { name, responses, security, ...rest } of operations) {
      if (rest['x-permission'] === null) {
        expect(security, name).toEqual([]);
        continue;
      }
      expect(security, name).toBeUndefined();
      expect(responses['401']?.description, name).toContain('`unauthenticated`');
      expect(responses['403']?.description, name).toContain('`forbidden`');
      expect(responses['403']?.content, name).toHaveProperty('application/problem+json');
    }
  });

  test('names tokens, keys and sessions as alternatives', async () => {
    const { components, security } = await documentOf(await start());
    expect(Object.keys(components.securitySchemes)).toEqual(['bearer', 'apiKey', 'session']);
    expect(security).toEqual([{ bearer: [] }, { apiKey: [] }, { session: [] }]);
    expect(components.securitySchemes['session']).toHaveProperty('name', sessionCookieName);
  });

  test.each([
    ['a client for the documentation', { OIDC_DOCS_CLIENT_ID: 'docs' }, true],
    ['a public client of the console', { OIDC_CLIENT_ID: 'console' }, true],
    [
      'a client of the console that has a secret',
      { OIDC_CLIENT_ID: 'console', OIDC_CLIENT_SECRET: 's3cret' },
      false,
    ],
    ['both', { OIDC_DOCS_CLIENT_ID: 'docs', OIDC_CLIENT_ID: 'console', OIDC_CLIENT_SECRET: 's3cret' }, true],
    ['no client', {}, false],
  ])(
    'offers sign-in with the provider if a client without a secret is configured: %s',
    async (_, clients, offered) => {
      const running = await start({ ...provider, ...clients });
      const { components } = await documentOf(running);
      expect('openId' in components.securitySchemes).toBe(offered);
      const page = await running.get('/docs');
      expect(String(page.headers['content-security-policy']).includes('https://idp.example.org')).toBe(
        offered,
      );
      expect((await running.get('/docs/oauth2-redirect.html')).statusCode).toBe(offered ? 200 : 404);
      expect((await running.get('/docs/start.js')).body).not.toContain('s3cret');
    },
  );
});

describe('the documentation', () => {
  const files = ['/openapi.json', '/docs', '/docs/start.js', '/docs/swagger-ui.css', '/redoc'];
  const closed = {
    AUTH_ENABLED: 'true',
    OIDC_ISSUER_URL: 'https://idp.example.org',
    OIDC_API_AUDIENCE: 'api://aether',
  };

  test('requires sign-in', async () => {
    const running = await start(closed);
    for (const file of files) expect((await running.get(file)).statusCode, file).toBe(401);
  });

  test('is public with PUBLIC_DOCS, and nothing else is', async () => {
    const running = await start({ ...closed, PUBLIC_DOCS: 'true' });
    for (const file of files) expect((await running.get(file)).statusCode, file).toBe(200);
    expect((await running.get('/api/v1/vms')).statusCode).toBe(401);
  });
});
