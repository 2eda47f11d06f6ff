import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WsmanClient, type Authenticator } from '@aether-v/psrp/client';
import { GssapiError, kerberos, NegotiateAcceptor, type NegotiateAuthenticator } from '@aether-v/psrp/gssapi';
import { WsmanListener } from '@aether-v/psrp/server';
import { failure } from '../client/connect.ts';
import { FakeBackend } from '../server/fake-backend.ts';
import { until } from '../server/harness.ts';
import { Kdc, kdcRealm } from './kdc.ts';
import { allFreed, hostName, skip, skipReason, hostPrincipal } from './support.ts';

const pem = (name: string) => readFile(new URL(`../../testdata/tls/${name}.pem`, import.meta.url), 'utf8');

describe.skipIf(skip)(`the client over TLS with Kerberos${skipReason}`, () => {
  let kdc: Kdc;
  let keytab: string;
  let acceptor: NegotiateAcceptor;
  let listener: WsmanListener;
  let server: Server;
  let cert: string;
  let authenticator: NegotiateAuthenticator;
  const principals = new Set<string>();
  /** What each context could bind itself to at its first step. */
  const bound: (Buffer | undefined)[] = [];
  let disposed = 0;

  beforeAll(async () => {
    kdc = await Kdc.start();
    process.env['KRB5_CONFIG'] = kdc.config;
    keytab = await kdc.principal('svc');
    acceptor = new NegotiateAcceptor({ keytab: await kdc.principal(hostPrincipal) });
    listener = new WsmanListener({
      backend: new FakeBackend(),
      authentication: async (http) => {
        const verdict = await acceptor.authenticate(http);
        if (verdict.kind === 'accepted') principals.add(verdict.principal);
        return verdict;
      },
    });
    cert = await pem('cert');
    server = createServer({ key: await pem('key'), cert }, listener.handle).listen(0, '127.0.0.1');
    await once(server, 'listening');
    authenticator = kerberos({ principal: `svc@${kdcRealm}`, keytab, host: hostName });
  });
  beforeEach(() => {
    bound.length = disposed = 0;
  });
  afterAll(async () => {
    authenticator.dispose();
    await listener.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await acceptor.close();
    await allFreed();
    await kdc.stop();
  });

  const observed = (inner: NegotiateAuthenticator): Authenticator => ({
    exposesSecret: inner.exposesSecret,
    forConnection: (target) => {
      bound.push(target.serverCertificate?.());
      const made = inner.forConnection(target);
      return {
        step: (challenge) => made.step(challenge),
        wrap: (message) => made.wrap(message),
        unwrap: (message) => made.unwrap(message),
        dispose: () => {
          disposed += 1;
          made.dispose();
        },
      };
    },
  });
  const portOf = (of: { address(): unknown }): number => (of.address() as AddressInfo).port;

  test('knows the certificate before the first leg, on each of its connections', async () => {
    const client = new WsmanClient({
      url: `https://localhost:${portOf(server)}/wsman`,
      authenticator: observed(authenticator),
      tls: { ca: cert },
    });
    expect(await client.identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
    server.closeAllConnections();
    await until(() => disposed === 1);
    await client.identify();
    await client.close();
    const { raw } = new X509Certificate(cert);
    expect(bound).toEqual([raw, raw]);
    expect(principals).toEqual(new Set([`svc@${kdcRealm}`]));
  });

  test('is refused through a proxy that terminates TLS with its own certificate', async () => {
    const { stdout } = await promisify(execFile)('/usr/bin/openssl', [
      ...['req', '-x509', '-nodes', '-subj', '/CN=localhost', '-keyout', '-', '-out', '-'],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ]);
    const middle = createTlsServer({ key: stdout, cert: stdout }, (socket) => {
      const upstream = connect({ port: portOf(server), host: '127.0.0.1', rejectUnauthorized: false });
      socket.pipe(upstream).pipe(socket);
      for (const side of [socket, upstream]) side.on('error', () => side.destroy());
    }).listen(0, '127.0.0.1');
    await once(middle, 'listening');
    const requests = listener.traffic.requests;
    const client = new WsmanClient({
      url: `https://localhost:${portOf(middle)}/wsman`,
      authenticator: observed(authenticator),
      tls: { rejectUnauthorized: false },
    });
    const error = await failure(client.identify());
    expect(error).toMatchObject({ code: 'access-denied', started: false });
    expect(error.cause).toBeInstanceOf(GssapiError);
    expect(bound).toHaveLength(1);
    expect(bound[0]?.equals(new X509Certificate(cert).raw)).toBe(false);
    expect(listener.traffic.requests).toBe(requests);
    await client.close();
    middle.close();
    await once(middle, 'close');
  });

  test('keeps the code of a Kerberos failure in the cause', async () => {
    const stranger = kerberos({ principal: `svc@${kdcRealm}`, keytab, host: 'nobody.test' });
    const client = new WsmanClient({
      url: `https://localhost:${portOf(server)}/wsman`,
      authenticator: stranger,
      tls: { ca: cert },
    });
    const error = await failure(client.identify());
    expect(error).toMatchObject({ code: 'access-denied', started: false });
    expect(error.cause).toBeInstanceOf(GssapiError);
    expect(error.cause).toMatchObject({ code: 'unknown-service' });
    await client.close();
    stranger.dispose();
  });
});
