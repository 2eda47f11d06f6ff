import { execFileSync } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startService } from '../src/service.ts';

const openssl = '/usr/bin/openssl';
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('openssl');
const missing = !existsSync(openssl) && !required;

const host = 'login.microsoftonline.com';
const tenant = '11111111-1111-4111-8111-111111111111';
const audience = '22222222-2222-4222-8222-222222222222';
const issuer = `https://${host}/${tenant}/v2.0`;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

let folder: string;
let servers: readonly Server[];
let settings: Record<string, string>;
const tunnels: string[] = [];

/** Entra ID on this machine, reached through a proxy: the service believes to speak to the real one. */
beforeAll(async () => {
  if (missing) return;
  folder = mkdtempSync(join(tmpdir(), 'entra-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync(openssl, ['req', '-x509', ...subject, ...curve, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });
  const documents: Record<string, object> = {
    [`/${tenant}/v2.0/.well-known/openid-configuration`]: { issuer, jwks_uri: `https://${host}/keys` },
    '/keys': { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] },
  };
  const provider = createServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    ({ url = '' }, response) =>
      response.writeHead(documents[url] === undefined ? 404 : 200).end(JSON.stringify(documents[url] ?? {})),
  );
  const port = await listen(provider);
  const proxy = createHttpServer().on('connect', ({ url = '' }, near) => {
    tunnels.push(url);
    const far = connect(port, '127.0.0.1', () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(near).pipe(far);
    });
    far.on('error', () => near.destroy());
    near.on('error', () => far.destroy());
  });
  servers = [provider, proxy];
  settings = {
    AUTH_ENABLED: 'true',
    OIDC_ISSUER_URL: issuer,
    OIDC_API_AUDIENCE: audience,
    OIDC_CA_FILE: certificate,
    https_proxy: `http://127.0.0.1:${await listen(proxy)}`,
    no_proxy: '',
  };
});

afterAll(() => {
  if (missing) return;
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function token(claims: object = {}, header: object = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const parts = [
    { alg: 'RS256', typ: 'JWT', kid: 'one', ...header },
    {
      ...{
        iss: issuer,
        aud: audience,
        tid: tenant,
        oid: 'a-program',
        sub: 's',
        iat: now,
        nbf: now,
        exp: now + 600,
      },
      ...{ azp: 'a-program', roles: ['Aether.Reader'], ...claims },
    },
  ];
  const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${createSign('RSA-SHA256').update(input).sign(privateKey).toString('base64url')}`;
}

describe.skipIf(missing)('the built service', () => {
  test('verifies tokens of Entra ID with both libraries, its keys fetched through the proxy', async () => {
    await using service = await startService(settings);
    const ask = async (authorization: string) => {
      const response = await fetch(new URL('/api/v1/vms', service.ready), {
        headers: { authorization: `Bearer ${authorization}` },
      });
      return `${response.status} ${response.headers.get('www-authenticate') ?? ''}`.trim();
    };
    expect(await ask(token())).toBe('200');
    expect(tunnels).toContain(`${host}:443`);
    expect(await ask(token({ nonce: 'n' }))).toMatch(/^401 Bearer error="invalid_token"/);
    // The library looks for the key by the fingerprint first, jose by the id only.
    expect(await ask(token({}, { x5t: 'unknown' }))).toMatch(/refused by passport-azure-ad/);
  });

  test('leaves out passport-azure-ad with ENTRA_VERIFIER=jose', async () => {
    await using service = await startService({ ...settings, ENTRA_VERIFIER: 'jose' });
    const response = await fetch(new URL('/api/v1/vms', service.ready), {
      headers: { authorization: `Bearer ${token({}, { x5t: 'unknown' })}` },
    });
    expect(response.status).toBe(200);
  });
});
