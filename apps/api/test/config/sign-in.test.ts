import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { testConfig } from '../support/test-app.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  const loaded = loadConfig(environment);
  return 'problems' in loaded ? loaded.problems : [];
}

/** The variables that the problems name, each at the beginning of its sentence. */
function variablesOf(environment: Record<string, string>): string[] {
  return problemsOf(environment).map((problem) => problem.split(':', 1)[0] ?? '');
}

const oidc = { OIDC_ISSUER_URL: 'https://id.example.org', OIDC_CLIENT_ID: 'aether-v' };
const account = { ACCOUNTS_FILE: 'accounts.json' };
const tls = { TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' };
const everywhere = { BIND_ADDRESS: '0.0.0.0' };

describe('the settings of sign-in', () => {
  test.each<[string, Record<string, string>]>([
    ['loopback without any of them', {}],
    ['loopback with an account and plain HTTP', account],
    ['another address with an API key', { ...everywhere, API_KEY: 's3cret' }],
    ['another address with an account and TLS', { ...everywhere, ...account, ...tls }],
    [
      'another address with OpenID Connect behind a named proxy',
      { ...everywhere, ...oidc, TRUSTED_PROXIES: '10.0.0.1' },
    ],
    [
      'another address with tokens of programs',
      { ...everywhere, OIDC_ISSUER_URL: 'https://id', OIDC_API_AUDIENCE: 'a' },
    ],
    ['a provider on this machine without TLS', { ...oidc, OIDC_ISSUER_URL: 'http://localhost:9000' }],
  ])('accept %s', (_, environment) => {
    expect(problemsOf(environment)).toEqual([]);
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['another address without any sign-in', everywhere, ['BIND_ADDRESS']],
    [
      'another address with sign-in turned off',
      { ...everywhere, ...account, ...tls, AUTH_ENABLED: 'false' },
      ['BIND_ADDRESS'],
    ],
    ['another address with an account and plain HTTP', { ...everywhere, ...account }, ['BIND_ADDRESS']],
    ['AUTH_ENABLED without a way to sign in', { AUTH_ENABLED: 'true' }, ['AUTH_ENABLED']],
    ['a client without its provider', { OIDC_CLIENT_ID: 'a' }, ['OIDC_ISSUER_URL']],
    ['a provider without a client', { OIDC_ISSUER_URL: 'https://id' }, ['OIDC_ISSUER_URL']],
    [
      'a provider elsewhere without TLS',
      { ...oidc, OIDC_ISSUER_URL: 'http://id.example.org' },
      ['OIDC_ISSUER_URL'],
    ],
    [
      'Entra ID without a tenant',
      { ...oidc, OIDC_ISSUER_URL: 'https://login.microsoftonline.com/common/v2.0' },
      ['OIDC_ISSUER_URL'],
    ],
    ['a certificate without its key', { TLS_CERT: 'cert.pem' }, ['TLS_KEY']],
    ['a key without its certificate', { TLS_KEY: 'key.pem' }, ['TLS_CERT']],
    ['an invalid range', { TRUSTED_PROXIES: '10.0.0.0/33' }, ['TRUSTED_PROXIES']],
    ['a secret for signatures without a key', { HMAC_SECRET: 'x'.repeat(32) }, ['HMAC_SECRET']],
    ['a short key of cookies', { SESSION_SECRET_KEY: `${'x'.repeat(32)},short` }, ['SESSION_SECRET_KEY']],
  ])('refuse %s', (_, environment, variables) => {
    expect(variablesOf(environment)).toEqual(variables);
  });
});

describe('a secret in a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    writeFileSync(join(folder, 'key'), 's3cret\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is read without the final line break and never shown', () => {
    const config = testConfig({ API_KEY_FILE: join(folder, 'key') });
    expect(config.apiKey?.reveal()).toBe('s3cret');
    expect(inspect(config, { depth: null }) + JSON.stringify(config)).not.toContain('s3cret');
  });

  test('cannot be combined with the variable, and must be readable', () => {
    expect(problemsOf({ API_KEY: 'a', API_KEY_FILE: join(folder, 'key') })).toEqual([
      'API_KEY_FILE: cannot be combined with API_KEY.',
    ]);
    expect(problemsOf({ API_KEY_FILE: join(folder, 'missing') })[0]).toMatch(
      /^API_KEY_FILE: .* cannot be read/,
    );
  });

  test('is not read for a setting that is no secret', () => {
    expect(testConfig({ OIDC_CLIENT_ID_FILE: join(folder, 'key') }).oidcClientId).toBeNull();
  });
});
