import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  CertificateError,
  WsmanClient,
  wsmanTransport,
  type Authenticator,
  type TlsOptions,
} from '../../src/client/index.ts';
import { basicAuthentication, WsmanListener } from '../../src/server/index.ts';
import { FakeBackend } from '../server/fake-backend.ts';
import { until } from '../server/harness.ts';
import { authenticator, failure } from './connect.ts';

const pem = (name: string) => readFile(new URL(`../../testdata/tls/${name}.pem`, import.meta.url), 'utf8');
const key = await pem('key');
const [valid, expired, nameless, names] = await Promise.all(
  ['cert', 'expired', 'nameless', 'names'].map((name) => pem(name)),
);
const print = (cert: string): string => new X509Certificate(cert).fingerprint256;
const otherPin = 'ab'.repeat(32);

/** A host over TLS that counts its connections, and what came through them once the handshake was over. */
async function tlsHost(cert: string) {
  const listener = new WsmanListener({
    backend: new FakeBackend(),
    authentication: basicAuthentication(() => true),
  });
  const http = createHttpServer(listener.handle);
  const seen = { bytes: 0, opened: 0, closed: 0 };
  const open = new Set<TLSSocket>();
  const server = createServer({ key, cert }, (socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    http.emit('connection', socket);
    // After the HTTP server has taken the socket, which reads past its listeners otherwise.
    socket.on('data', ({ length }: Buffer) => (seen.bytes += length));
  });
  server.on('connection', (socket: Socket) => {
    seen.opened += 1;
    socket.on('close', () => (seen.closed += 1));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cutAll = (): void => open.forEach((socket) => socket.destroy());
  return {
    seen,
    cutAll,
    client: (tls: TlsOptions | undefined, options: { name?: string; authenticator?: Authenticator } = {}) =>
      new WsmanClient({
        url: `https://${options.name ?? '127.0.0.1'}:${port}/wsman`,
        authenticator: options.authenticator ?? authenticator,
        ...(tls === undefined ? {} : { tls }),
      }),
    [Symbol.asyncDispose]: async () => {
      await listener.close();
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a pinned certificate', () => {
  test.each<[string, string, TlsOptions]>([
    ['by colons and capitals', valid ?? '', { fingerprint256: print(valid ?? '') }],
    [
      'by lower case without colons',
      valid ?? '',
      {
        fingerprint256: print(valid ?? '')
          .replaceAll(':', '')
          .toLowerCase(),
      },
    ],
    ['as one of several', valid ?? '', { fingerprint256: [otherPin, print(valid ?? '')] }],
    ['with its chain', `${valid ?? ''}${names ?? ''}`, { fingerprint256: print(valid ?? '') }],
    ['though it has expired', expired ?? '', { fingerprint256: print(expired ?? '') }],
    ['though it has no name', nameless ?? '', { fingerprint256: print(nameless ?? '') }],
    [
      'though it is for another name',
      names ?? '',
      { fingerprint256: print(names ?? ''), servername: 'elsewhere.example.net' },
    ],
    [
      'though its authority is not the one that is trusted',
      valid ?? '',
      { fingerprint256: print(valid ?? ''), ca: expired ?? '' },
    ],
  ])('is accepted %s', async (_, cert, tls) => {
    await using host = await tlsHost(cert);
    const client = host.client(tls);
    expect(await client.identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
    expect(host.seen.bytes).toBeGreaterThan(0);
    host.cutAll();
    await until(() => host.seen.closed === 1);
    // The client notices in a turn of its own.
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    await client.identify();
    expect(host.seen.opened).toBe(2);
    await client.close();
  });

  test.each<[string, string, TlsOptions]>([
    ['another pin', valid ?? '', { fingerprint256: otherPin }],
    [
      'another pin where any certificate would do',
      valid ?? '',
      { fingerprint256: otherPin, rejectUnauthorized: false },
    ],
    [
      'another pin though name, authority and dates are right',
      valid ?? '',
      { fingerprint256: otherPin, ca: valid ?? '', servername: 'localhost' },
    ],
    [
      'the pin of another certificate of its chain',
      `${valid ?? ''}${names ?? ''}`,
      { fingerprint256: print(names ?? '') },
    ],
    [
      'the pin of another certificate of the same key',
      expired ?? '',
      { fingerprint256: [print(valid ?? ''), otherPin] },
    ],
  ])('is refused with %s, before anything is sent', async (_, cert, tls) => {
    await using host = await tlsHost(cert);
    let asked = 0;
    const client = host.client(tls, {
      authenticator: {
        exposesSecret: true,
        forConnection: (target) => {
          asked += 1;
          return authenticator.forConnection(target);
        },
      },
    });
    const error = await failure(client.identify());
    expect(error).toMatchObject({ code: 'tls', started: false });
    expect(error.cause).toBeInstanceOf(CertificateError);
    expect(error.cause).toMatchObject({
      code: 'ERR_TLS_CERT_FINGERPRINT',
      certificate: {
        fingerprint256: print(cert),
        names: ['DNS:localhost', ...(cert.startsWith(valid ?? '') ? ['DNS:host01.example.net'] : [])],
      },
    });
    await client.close();
    await until(() => host.seen.closed === 1);
    expect([host.seen.bytes, asked]).toEqual([0, 0]);
  });

  test.each([
    'ab',
    'ab'.repeat(31),
    'ab'.repeat(33),
    'xy'.repeat(32),
    `${'ab:'.repeat(31)}ab:`,
    `a:${'b'.repeat(63)}`,
    ` ${otherPin}`,
    `${otherPin}\n`,
    `sha256:${otherPin}`,
    createHash('sha256').digest('base64'),
    '',
  ])('%j is not a valid fingerprint', (fingerprint256) => {
    const options = { url: 'https://host/wsman', authenticator, tls: { fingerprint256 } };
    expect(() => new WsmanClient(options)).toThrow(TypeError);
    expect(() => wsmanTransport(options)).toThrow(TypeError);
    expect(() => wsmanTransport({ ...options, tls: { fingerprint256: [otherPin, fingerprint256] } })).toThrow(
      TypeError,
    );
  });

  test('requires at least one fingerprint', () => {
    const options = { url: 'https://host/wsman', authenticator, tls: { fingerprint256: [] } };
    expect(() => new WsmanClient(options)).toThrow(TypeError);
  });
});

describe('the error of a refused certificate describes it', () => {
  test.each<[string, string, string, TlsOptions | undefined]>([
    ['nobody vouches for it', 'DEPTH_ZERO_SELF_SIGNED_CERT', valid ?? '', undefined],
    ['it has expired', 'CERT_HAS_EXPIRED', expired ?? '', { ca: expired ?? '' }],
    ['it is for another name', 'ERR_TLS_CERT_ALTNAME_INVALID', names ?? '', { ca: names ?? '' }],
    ['it is for no name', 'ERR_TLS_CERT_ALTNAME_INVALID', nameless ?? '', { ca: nameless ?? '' }],
  ])('if %s', async (_, code, cert, tls) => {
    await using host = await tlsHost(cert);
    const client = host.client(tls, { name: 'localhost' });
    const error = await failure(client.identify());
    expect(error).toMatchObject({ code: 'tls', started: false });
    // One without a subject has undefined there; joined it is empty.
    const { subject, issuer } = new X509Certificate(cert);
    expect(error.cause).toMatchObject({
      code,
      certificate: { subject: [subject].join(''), issuer: [issuer].join(''), fingerprint256: print(cert) },
    });
    expect(inspect(error, { depth: null })).not.toContain('PRIVATE');
    await client.close();
    await until(() => host.seen.closed === 1);
    expect(host.seen.bytes).toBe(0);
  });

  test('with its names, including those with a comma, and its dates', async () => {
    await using host = await tlsHost(names ?? '');
    const client = host.client({ fingerprint256: otherPin });
    const { cause } = await failure(client.identify());
    expect(cause).toMatchObject({
      certificate: {
        subject: 'O=Example\\, Inc.\nCN=host02',
        issuer: 'O=Example\\, Inc.\nCN=host02',
        names: ['DNS:host02.example.net', 'IP Address:192.0.2.7', 'URI:"https://example.net/a\\u002cb"'],
        validFrom: new X509Certificate(names ?? '').validFromDate,
        validTo: new X509Certificate(names ?? '').validToDate,
      },
    });
    await client.close();
  });

  test('even if the environment disables verification', async () => {
    await using host = await tlsHost(valid ?? '');
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const client = host.client(undefined, { name: 'localhost' });
      expect(await failure(client.identify())).toMatchObject({ code: 'tls' });
      await client.close();
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });
});
