import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kerberos, NegotiateAcceptor, tlsServerEndPoint, type NegotiateStep } from '@aether-v/psrp/gssapi';
import { Kdc } from './kdc.ts';
import { allFreed, hostName, refusal, skip, skipReason, hostPrincipal } from './support.ts';

const run = promisify(execFile);
const noOpenssl = !existsSync('/usr/bin/openssl');
const rsaKey = ['-newkey', 'rsa:2048'];
const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
const pssSignature = ['-sigopt', 'rsa_padding_mode:pss'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificates-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function certificate(name: string, options: readonly string[]) {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const args = ['req', '-x509', '-nodes', '-subj', '/CN=host.test', '-keyout', key, '-out', cert, ...options];
  await run('/usr/bin/openssl', args);
  const pem = await readFile(cert, 'utf8');
  return { key: await readFile(key, 'utf8'), cert: pem, der: new X509Certificate(pem).raw };
}

describe.skipIf(noOpenssl)(`tls-server-end-point${noOpenssl ? ' (skipped: no openssl)' : ''}`, () => {
  test.each([
    ['RSA with SHA-256', [...rsaKey, '-sha256'], 'sha256'],
    ['RSA with SHA-384', [...rsaKey, '-sha384'], 'sha384'],
    ['RSA with SHA-512', [...rsaKey, '-sha512'], 'sha512'],
    ['RSA with SHA-1, which becomes SHA-256', [...rsaKey, '-sha1'], 'sha256'],
    ['RSA-PSS with SHA-384', [...rsaKey, '-sha384', ...pssSignature], 'sha384'],
    ['RSA-PSS with SHA-1 by default', [...rsaKey, '-sha1', ...pssSignature], 'sha256'],
    ['ECDSA with SHA-256', [...ecKey, '-sha256'], 'sha256'],
    ['ECDSA with SHA-512', [...ecKey, '-sha512'], 'sha512'],
  ])('is the hash of a certificate signed by %s', async (name, options, hash) => {
    const { der } = await certificate(name.replaceAll(/\W/g, ''), options);
    const expected = Buffer.concat([
      Buffer.from('tls-server-end-point:'),
      createHash(hash).update(der).digest(),
    ]);
    expect(tlsServerEndPoint(der)).toEqual(expected);
  });

  test('is not defined for Ed25519', async () => {
    const { der } = await certificate('ed25519', ['-newkey', 'ed25519']);
    expect(tlsServerEndPoint(der)).toBeUndefined();
  });

  test('of other input is a RangeError', async () => {
    const { der } = await certificate('mutated', [...ecKey, '-sha256']);
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), fc.nat(der.length), (at, byte, length) => {
        const damaged = Buffer.from(der);
        damaged[at] = byte;
        for (const bytes of [damaged, damaged.subarray(0, length)]) {
          try {
            tlsServerEndPoint(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe.skipIf(skip || noOpenssl)(`a context over TLS${skipReason}`, () => {
  test('is accepted with the binding of the connection’s certificate, and refused with another', async () => {
    const kdc = await Kdc.start();
    process.env['KRB5_CONFIG'] = kdc.config;
    const keytab = await kdc.principal('svc');
    const acceptor = new NegotiateAcceptor({ keytab: await kdc.principal(hostPrincipal) });
    const own = await certificate('own', [...ecKey, '-sha256']);
    const other = await certificate('other', [...ecKey, '-sha256']);
    const server = createServer({ key: own.key, cert: own.cert }, (http, response) => {
      void acceptor.authenticate(http).then(({ kind, wwwAuthenticate = [] }) => {
        response
          .writeHead(kind === 'accepted' ? 200 : 401, { 'www-authenticate': [...wwwAuthenticate] })
          .end();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/wsman`);
    const authenticator = kerberos({ principal: 'svc', keytab, host: hostName });
    const signIn = async (bound: Buffer | undefined): Promise<NegotiateStep> => {
      const connection = authenticator.forConnection({ url, serverCertificate: () => bound });
      const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: own.cert, servername: hostName });
      try {
        const leg = await connection.step(undefined);
        if (leg.kind !== 'leg') return leg;
        return await connection.step(await post(url, agent, leg.authorization));
      } finally {
        connection.dispose();
        agent.destroy();
      }
    };
    expect(await signIn(own.der)).toEqual({ kind: 'ready' });
    expect(await signIn(undefined)).toEqual({ kind: 'ready' });
    expect(['bad-token', 'denied', 'channel-bindings']).toContain(refusal(await signIn(other.der)));
    authenticator.dispose();
    server.close();
    await once(server, 'close');
    await acceptor.close();
    await allFreed();
    await kdc.stop();
  });
});

function post(url: URL, agent: Agent, authorization: string) {
  return new Promise<{ status: number; wwwAuthenticate: readonly string[] }>((resolve, reject) => {
    const headers = { authorization, 'content-length': 0 };
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      const { statusCode = 0, headers: answered } = response;
      const value = answered['www-authenticate'];
      response.on('end', () =>
        resolve({ status: statusCode, wwwAuthenticate: value === undefined ? [] : [value] }),
      );
    });
    call.on('error', reject).end();
  });
}
