import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nginxHasOwnAccount, startNginx, withoutNginx } from '../support/nginx.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Service extends TestApp {
  readonly port: number;
}

async function startService(environment: Record<string, string> = {}): Promise<Service> {
  const service = await startTestApp({ environment });
  await service.app.listen(0, '127.0.0.1');
  onTestFinished(() => service.app.close());
  const { port } = service.app.getHttpServer().address() as AddressInfo;
  return { ...service, port };
}

interface Sent {
  readonly method?: 'GET' | 'POST';
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

/** Sends a request from 127.0.0.2, as a stranger would from another machine. */
function ask(
  port: number,
  { method = 'GET', path = '/api/v1/vms', headers = {} }: Sent = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const take = (response: IncomingMessage): void => {
      let body = '';
      response.setEncoding('utf8').on('data', (piece: string) => (body += piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    };
    const sent = request({ host: '127.0.0.1', localAddress: '127.0.0.2', port, method, path, headers }, take);
    sent.on('error', reject).end(method === 'POST' ? '{}' : undefined);
  });
}

const json = { 'content-type': 'application/json' };
const forwarding =
  'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;';

describe.skipIf(withoutNginx)('a stranger who comes through nginx on this machine (needs nginx)', () => {
  const keepAlive = 'proxy_http_version 1.1; proxy_set_header Connection "";';

  test.each([
    ['as its documentation begins, without any header', '', 'HTTP/1.0'],
    ['with HTTP/1.1', 'proxy_http_version 1.1;', 'Connection: close'],
    ['with forwarding headers', `${keepAlive} ${forwarding}`, 'header x-forwarded-for'],
    ['with the Host rewritten to localhost', 'proxy_set_header Host localhost;', 'HTTP/1.0'],
    [
      'with the Host rewritten and forwarding headers',
      `${keepAlive} proxy_set_header Host localhost; proxy_set_header X-Real-IP $remote_addr;`,
      'header x-real-ip',
    ],
  ])(
    'a request through nginx is not admitted as local administrator: nginx %s',
    async (_, directives, sign) => {
      const service = await startService();
      const port = await startNginx(`proxy_pass http://127.0.0.1:${service.port}; ${directives}`);
      expect((await ask(service.port)).status).toBe(200);
      const refused = await ask(port);
      expect(refused.status).toBe(401);
      expect(refused.body).toContain(`reverse proxy (${sign})`);
      expect(
        (await ask(port, { method: 'POST', path: '/api/v1/hosts/hv01/test', headers: json })).status,
      ).toBe(401);
      expect((await ask(port, { path: '/healthz' })).status).toBe(200);
    },
  );

  test.skipIf(!nginxHasOwnAccount)(
    'a request from the service account of nginx is not admitted as local administrator (needs root)',
    async () => {
      const service = await startService();
      const directives = `${keepAlive} proxy_set_header Host localhost;`;
      const refused = await ask(
        await startNginx(`proxy_pass http://127.0.0.1:${service.port}; ${directives}`),
      );
      expect(refused.status).toBe(401);
      expect(refused.body).toContain('sent by the system account');
    },
  );

  test('is refused under a public Host that nginx forwards', async () => {
    const service = await startService();
    const directives = `${keepAlive} proxy_set_header Host $host;`;
    const port = await startNginx(`proxy_pass http://127.0.0.1:${service.port}; ${directives}`);
    expect((await ask(port, { headers: { host: 'fleet.example.org' } })).status).toBe(421);
  });

  test('uses the client address that a trusted nginx reports, not one that the client claims', async () => {
    const service = await startService({ API_KEY: 's3cret', TRUSTED_PROXIES: '127.0.0.1' });
    const port = await startNginx(`proxy_pass http://127.0.0.1:${service.port}; ${forwarding}`);
    await ask(port, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    await service.clock.advance(60_000);
    expect(service.audit.entries).toMatchObject([{ action: 'request.refused', clientIp: '127.0.0.2' }]);
  });
});

describe('forwarding headers of a sender that TRUSTED_PROXIES does not name', () => {
  test.each([
    ['without the setting', {}],
    ['with another proxy in the setting', { TRUSTED_PROXIES: '192.0.2.1', API_KEY: 's3cret' }],
  ])('ignores forwarding headers from addresses outside TRUSTED_PROXIES: %s', async (_, environment) => {
    const service = await startService(environment);
    const headers = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
    expect((await ask(service.port, { headers })).status).toBe(401);
    await service.clock.advance(60_000);
    expect(service.audit.entries).toMatchObject([{ action: 'request.refused', clientIp: '127.0.0.2' }]);
  });

  test('do not make its connection secure', async () => {
    const service = await startService({ TRUSTED_PROXIES: '192.0.2.1', API_KEY: 's3cret' });
    const sent = {
      method: 'GET',
      url: '/healthz',
      headers: { 'x-forwarded-proto': 'https', host: 'fleet' },
    } as const;
    const untrusted = await service.send(sent);
    expect(untrusted.headers['strict-transport-security']).toBeUndefined();
    const trusted = await service.send({ ...sent, remoteAddress: '192.0.2.1' });
    expect(trusted.headers['strict-transport-security']).toBe('max-age=31536000');
  });
});
