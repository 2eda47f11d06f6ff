import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WsmanClient, type TlsOptions } from '../../src/client/index.ts';
import { basicAuthentication, WsmanListener } from '../../src/server/index.ts';
import { FakeBackend } from '../server/fake-backend.ts';
import { authenticator, failure } from './connect.ts';

const pem = (name: string) => readFile(new URL(`../../testdata/tls/${name}.pem`, import.meta.url), 'utf8');
const [key, cert] = await Promise.all([pem('key'), pem('cert')]);

async function tlsHost() {
  const listener = new WsmanListener({
    backend: new FakeBackend(),
    authentication: basicAuthentication(() => true),
  });
  const server = createServer({ key, cert }, listener.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    listener,
    client: (host: string, tls?: TlsOptions) =>
      new WsmanClient({
        url: `https://${host}:${port}/wsman`,
        authenticator,
        ...(tls === undefined ? {} : { tls }),
      }),
    [Symbol.asyncDispose]: async () => {
      await listener.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test.each<[string, string, TlsOptions]>([
  ['a certificate that is trusted by name', 'localhost', { ca: cert }],
  ['one of several trusted ones', 'localhost', { ca: [cert] }],
  [
    'a name that is verified instead of the address',
    '127.0.0.1',
    { ca: cert, servername: 'host01.example.net' },
  ],
  ['any certificate, where that is asked for', '127.0.0.1', { rejectUnauthorized: false }],
])('accepts %s', async (_, name, tls) => {
  await using host = await tlsHost();
  const client = host.client(name, tls);
  expect(await client.identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
  await client.close();
});

test.each<[string, string, TlsOptions | undefined]>([
  ['a certificate that nobody vouches for', 'localhost', undefined],
  ['a certificate of another name', 'localhost', { ca: cert, servername: 'other.example.net' }],
])('refuses %s before credentials are sent', async (_, name, tls) => {
  await using host = await tlsHost();
  const client = host.client(name, tls);
  expect(await failure(client.identify())).toMatchObject({ code: 'tls', started: false });
  expect(host.listener.traffic.requests).toBe(0);
  await client.close();
});
