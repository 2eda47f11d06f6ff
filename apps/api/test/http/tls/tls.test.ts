import { X509Certificate } from 'node:crypto';
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { get, type RequestListener, type Server } from 'node:http';
import { get as getSecurely, Server as SecureServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { TlsPaths } from '../../../src/config/tls-paths.ts';
import { createBoundedServer } from '../../../src/http/bounded-server.ts';
import { connectionLimits, type ConnectionLimits } from '../../../src/http/connection-limits.ts';
import { ensureSelfSigned, ownNames } from '../../../src/http/tls/self-signed.ts';
import { readTlsFiles, tlsFilesVersion } from '../../../src/http/tls/tls-files.ts';
import { reloadTlsFiles, tlsCheckInterval } from '../../../src/http/tls/tls-reload.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testConfig } from '../../support/test-app.ts';

async function newFiles(names = ['localhost', '127.0.0.1']): Promise<TlsPaths> {
  const folder = temporaryFolder();
  const paths = { cert: join(folder, 'tls', 'cert.pem'), key: join(folder, 'tls', 'key.pem') };
  expect(await ensureSelfSigned(paths, names, Date.now())).toBe(true);
  return paths;
}

interface Service {
  readonly port: number;
  readonly server: Server;
  readonly cert: string;
  readonly paths: TlsPaths;
}

async function serve(
  limits: Partial<ConnectionLimits> = {},
  handler: RequestListener = (request, response) => response.end(`hello ${request.url}`),
): Promise<Service> {
  const paths = await newFiles();
  const files = readTlsFiles(paths);
  const all = { ...connectionLimits(testConfig()), ...limits };
  const server = createBoundedServer(handler, all, files);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, paths, cert: files.cert, port: (server.address() as AddressInfo).port };
}

/** Returns the response of an HTTPS client that verifies the certificate. */
function ask({ port, cert }: Service, path = '/'): Promise<string> {
  return new Promise((resolve, reject) => {
    getSecurely({ port, path, host: '127.0.0.1', ca: cert, agent: false }, (response) => {
      response.setEncoding('utf8');
      let body = '';
      response.on('data', (piece: string) => (body += piece)).on('end', () => resolve(body));
    }).on('error', reject);
  });
}

/** Returns the protocol that a handshake agrees on, or the code of its error. */
function handshake(port: number, options: ConnectionOptions): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('an HTTPS server', () => {
  test('answers a client that verifies its certificate', async () => {
    expect(await ask(await serve(), '/there')).toBe('hello /there');
  });

  test('the HTTPS server accepts TLS 1.2 and 1.3 only', async () => {
    const { port } = await serve();
    expect(await handshake(port, {})).toBe('TLSv1.3');
    expect(await handshake(port, { maxVersion: 'TLSv1.2' })).toBe('TLSv1.2');
    // Clients refuse these versions themselves unless they lower the security level.
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await handshake(port, old)).toMatch(/PROTOCOL_VERSION|ECONNRESET/);
  });

  test('closes a connection that speaks plain HTTP, and serves others', async () => {
    const service = await serve();
    const error = await new Promise<Error>((resolve) => {
      get({ port: service.port, host: '127.0.0.1' }).on('error', resolve);
    });
    expect(error.message).toMatch(/hang up|ECONNRESET|Parse Error/);
    expect(await ask(service)).toBe('hello /');
  });

  test('closes a connection without a handshake, and serves others', async () => {
    const service = await serve({ headersTimeoutMs: 200 });
    const silent = connect(service.port, '127.0.0.1');
    const closed = new Promise<void>((resolve) =>
      silent.on('error', () => undefined).once('close', () => resolve()),
    );
    silent.resume();
    await closed;
    expect(await ask(service)).toBe('hello /');
  });

  test('closes connections beyond the limit per client, and counts each once', async () => {
    const service = await serve({ connectionsPerClient: 2 });
    const open = (): Promise<string> =>
      new Promise((resolve) => {
        const socket = connectTls({ port: service.port, host: '127.0.0.1', ca: service.cert }, () =>
          resolve('open'),
        );
        onTestFinished(() => void socket.destroy());
        socket.on('error', () => resolve('closed'));
      });
    expect(await open()).toBe('open');
    expect(await open()).toBe('open');
    expect(await open()).toBe('closed');
  });

  test('handles pipelined requests one at a time and in order', async () => {
    const begun: (() => void)[] = [];
    const service = await serve({}, (request, response) => {
      begun.push(() => response.end(`[${request.url}]`));
    });
    const socket = connectTls({ port: service.port, host: '127.0.0.1', ca: service.cert });
    onTestFinished(() => void socket.destroy());
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    socket.write([1, 2, 3].map((n) => `GET /${n} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''));
    for (let done = 1; done <= 3; done += 1) {
      await expect.poll(() => begun.length, { timeout: 60_000 }).toBe(done);
      begun[done - 1]?.();
    }
    await expect.poll(() => text.match(/\[\/[0-9]\]/g)?.join(''), { timeout: 60_000 }).toBe('[/1][/2][/3]');
  });

  test('answers input that is not HTTP after the handshake', async () => {
    const service = await serve();
    const socket = connectTls({ port: service.port, host: '127.0.0.1', ca: service.cert });
    onTestFinished(() => void socket.destroy());
    socket.end('this is not HTTP\r\n\r\n');
    const text = (await socket.toArray()).map(String).join('');
    expect(text).toMatch(/^HTTP\/1.1 400 .*"code":"bad-request"/s);
  });
});

describe('changed TLS files', () => {
  test('changed TLS files are used for new connections, and invalid ones are ignored', async () => {
    const service = await serve();
    const clock = new FakeClock();
    const lines: string[] = [];
    const cancel = reloadTlsFiles({
      paths: service.paths,
      clock,
      use: (files) => {
        if (service.server instanceof SecureServer) service.server.setSecureContext(files);
      },
      log: (line) => lines.push(`log ${line}`),
      warn: (line) => lines.push(`warn ${line}`),
    });
    await clock.advance(3 * tlsCheckInterval);
    expect(lines).toEqual([]);

    const other = await newFiles();
    copyFileSync(other.cert, service.paths.cert);
    await clock.advance(tlsCheckInterval);
    expect(lines).toEqual([
      expect.stringMatching(/^warn TLS_KEY: .* cannot be used with .* stays in use\.$/),
    ]);
    expect(await ask(service)).toBe('hello /');

    copyFileSync(other.key, service.paths.key);
    await clock.advance(tlsCheckInterval);
    const { fingerprint256 } = new X509Certificate(readFileSync(other.cert));
    expect(lines.slice(1)).toEqual([`log The TLS certificate was read again (SHA-256 ${fingerprint256}).`]);
    await expect(ask(service)).rejects.toThrow(/self-signed|certificate/);
    expect(await ask({ ...service, cert: readFileSync(other.cert, 'utf8') })).toBe('hello /');

    writeFileSync(service.paths.key, 'nothing');
    await clock.advance(3 * tlsCheckInterval);
    expect(lines).toHaveLength(3);
    expect(await ask({ ...service, cert: readFileSync(other.cert, 'utf8') })).toBe('hello /');
    cancel();
    await clock.advance(tlsCheckInterval);
    expect(clock.waiting).toBe(0);
  });

  test('have another version, also if one is missing', async () => {
    const paths = await newFiles();
    const version = tlsFilesVersion(paths);
    expect(tlsFilesVersion(paths)).toBe(version);
    writeFileSync(paths.key, 'another');
    expect(tlsFilesVersion(paths)).not.toBe(version);
    expect(tlsFilesVersion({ ...paths, key: `${paths.key}.none` })).toContain('missing');
  });
});

describe('TLS files', () => {
  test.each([
    ['certificate', { cert: '/nowhere/cert.pem' }, 'TLS_CERT: /nowhere/cert.pem cannot be read'],
    ['key', { key: '/nowhere/key.pem' }, 'TLS_KEY: /nowhere/key.pem cannot be read'],
  ])('are refused without a %s', async (_, missing, reason) => {
    const paths = await newFiles();
    expect(() => readTlsFiles({ ...paths, ...missing })).toThrow(reason);
  });

  test('are refused if the certificate is not one, without showing the key', async () => {
    const { key } = await newFiles();
    expect(() => readTlsFiles({ cert: key, key })).toThrow(/TLS_CERT: .*contains no PEM certificate/);
    expect(() => readTlsFiles({ cert: key, key })).not.toThrow('PRIVATE');
  });
});

describe('a self-signed certificate', () => {
  test('is valid for its names, and its key is readable by its owner only', async () => {
    const paths = await newFiles(['nas.example.org', '192.0.2.7', '2001:db8::7']);
    const { fingerprint, expiresAt } = readTlsFiles(paths);
    const certificate = new X509Certificate(readFileSync(paths.cert));
    expect(certificate.checkHost('nas.example.org')).toBe('nas.example.org');
    expect(certificate.checkIP('192.0.2.7')).toBe('192.0.2.7');
    expect(certificate.checkIP('2001:db8::7')).toBe('2001:db8::7');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect([certificate.ca, certificate.fingerprint256]).toEqual([false, fingerprint]);
    expect(Math.round((expiresAt - Date.now()) / 86_400_000)).toBe(397);
    expect(statSync(paths.key).mode & 0o777).toBe(0o600);
  });

  test('is not replaced', async () => {
    const paths = await newFiles();
    const before = readFileSync(paths.cert, 'utf8');
    expect(await ensureSelfSigned(paths, ['localhost'], Date.now())).toBe(false);
    expect(readFileSync(paths.cert, 'utf8')).toBe(before);
  });

  test('contains the addresses and the name of this machine', () => {
    expect(ownNames(['aether.example.org'])).toEqual(
      expect.arrayContaining(['localhost', '127.0.0.1', '::1', 'aether.example.org']),
    );
    expect(ownNames().filter((name) => name.includes('%'))).toEqual([]);
  });
});
