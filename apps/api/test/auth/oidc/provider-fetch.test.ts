import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { connect, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ProviderFetch, type ProviderFetchOptions } from '../../../src/auth/oidc/provider-fetch.ts';
import { Authority, opensslMissing } from '../../support/authority.ts';

let authority: Authority;
let tls: { key: string; cert: string };

beforeAll(() => {
  if (opensslMissing) return;
  authority = new Authority();
  tls = authority.issue(['subjectAltName=DNS:localhost,DNS:idp.example.org']);
});

afterAll(() => {
  if (!opensslMissing) authority.dispose();
});

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function serve(answer: RequestListener): Promise<string> {
  return `https://localhost:${await portOf(createServer(tls, answer))}`;
}

function fetcher(options: Partial<ProviderFetchOptions> = {}): ProviderFetch {
  const provider = new ProviderFetch({ caCertificates: authority.certificate, ...options });
  onTestFinished(() => provider.close());
  return provider;
}

const json: RequestListener = (_, response) => response.end('{"issuer":"here"}');

describe.skipIf(opensslMissing)('requests to the identity provider', () => {
  test('trust the authority of OIDC_CA_FILE', async () => {
    expect(await fetcher().readJson(await serve(json))).toEqual({ issuer: 'here' });
  });

  test('name OIDC_CA_FILE when the certificate is not trusted', async () => {
    const url = await serve(json);
    await expect(fetcher({ caCertificates: null }).readJson(url)).rejects.toThrow(/set OIDC_CA_FILE/);
  });

  test('send method, headers and body, and return status and headers', async () => {
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (part) => (body += String(part)));
      request.on('end', () =>
        response
          .writeHead(418, {
            'x-seen': `${request.method ?? ''} ${request.headers['x-sent']?.toString() ?? ''}`,
          })
          .end(body),
      );
    });
    const response = await fetcher().fetch(url, { method: 'POST', headers: { 'x-sent': '1' }, body: 'a=b' });
    expect([response.status, response.headers.get('x-seen'), await response.text()]).toEqual([
      418,
      'POST 1',
      'a=b',
    ]);
  });

  test('end after the time limit, also when the body stalls', async () => {
    const silent = await serve(() => undefined);
    const stalling = await serve((_, response) => response.writeHead(200).write('{'));
    for (const url of [silent, stalling]) {
      await expect(fetcher({ timeoutMs: 200 }).readJson(url)).rejects.toThrow(/did not answer within 0\.2 s/);
    }
  });

  test('end with the reason of the caller who cancels', async () => {
    const caller = new AbortController();
    const url = await serve(() => caller.abort(new Error('no longer needed')));
    await expect(fetcher().fetch(url, { signal: caller.signal })).rejects.toThrow('no longer needed');
  });

  test('refuse a body over the size limit, also a compressed one', async () => {
    const { gzipSync } = await import('node:zlib');
    const large = Buffer.alloc(5000, ' ');
    const plain = await serve((_, response) => response.end(large));
    const compressed = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(large)),
    );
    for (const url of [plain, compressed]) {
      await expect(fetcher({ maximumBytes: 4096 }).fetch(url)).rejects.toThrow(/larger than 4096 bytes/);
    }
  });

  test.each([
    ['text', '<html>proxy login</html>'],
    ['an array', '[]'],
    ['null', 'null'],
    ['nothing', ''],
  ])('refuse a JSON document that is %s', async (_, body) => {
    const url = await serve((_request, response) => response.end(body));
    await expect(fetcher().readJson(url)).rejects.toThrow(/something other than a JSON object/);
  });

  test('refuse a JSON document with another status than 200', async () => {
    const url = await serve((_, response) => response.writeHead(500).end('{}'));
    await expect(fetcher().readJson(url)).rejects.toThrow(/status 500/);
  });

  test('follow a redirect within the origin, and none that leads elsewhere', async () => {
    const other = await serve(json);
    const targets: Record<string, string> = { '/near': '/end', '/far': other, '/loop': '/loop' };
    const url = await serve((request, response) => {
      const target = targets[request.url ?? ''];
      if (target === undefined) json(request, response);
      else response.writeHead(302, { location: target }).end();
    });
    const provider = fetcher();
    expect(await provider.readJson(`${url}/near`)).toEqual({ issuer: 'here' });
    await expect(provider.readJson(`${url}/far`)).rejects.toThrow(/redirects .* to another server/);
    await expect(provider.readJson(`${url}/loop`)).rejects.toThrow(/redirected .* too often/);
    const posted = await provider.fetch(`${url}/near`, { method: 'POST' });
    expect(posted.status).toBe(302);
  });

  test('refuse http, except on this machine', async () => {
    await expect(fetcher().fetch('http://idp.example.org/')).rejects.toThrow(/must be reached over https/);
    const port = await portOf(createHttpServer(json));
    expect(await fetcher().readJson(`http://localhost:${port}/`)).toEqual({ issuer: 'here' });
  });

  test('go through the proxy of HTTPS_PROXY, except for names in NO_PROXY', async () => {
    const target = new URL(await serve(json));
    const tunnels: string[] = [];
    const proxy = createHttpServer().on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const onward = connect(Number(target.port), 'localhost', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      onTestFinished(() => void onward.destroy());
    });
    vi.stubEnv('https_proxy', `http://localhost:${await portOf(proxy)}`);
    vi.stubEnv('no_proxy', 'localhost');
    onTestFinished(() => void vi.unstubAllEnvs());
    const provider = fetcher();
    expect(await provider.readJson(`https://idp.example.org:${target.port}/`)).toEqual({ issuer: 'here' });
    expect(await provider.readJson(target)).toEqual({ issuer: 'here' });
    expect(tunnels).toEqual([`idp.example.org:${target.port}`]);
  });

  test('name a provider that refuses the connection', async () => {
    const server = createHttpServer();
    const port = await portOf(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(fetcher().fetch(`https://localhost:${port}/`)).rejects.toThrow(
      /cannot be reached \(ECONNREFUSED\)/,
    );
  });
});
