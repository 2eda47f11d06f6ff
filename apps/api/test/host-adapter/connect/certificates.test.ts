import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/common/clock.ts';
import { hostEndpoint } from '../../../src/config/host-endpoint.ts';
import { wsmanTarget } from '../../../src/config/host-target.ts';
import { Secret } from '../../../src/config/secret.ts';
import {
  configuredConnector,
  type ReachSettings,
} from '../../../src/host-adapter/connect/configured-connector.ts';
import { reachSettings } from '../../support/endpoints.ts';
import { FakeHost } from '../../support/fake-agents.ts';
import { ServedHost } from '../../support/served-host.ts';

const openssl = '/usr/bin/openssl';
const skip = !existsSync(openssl);

/** A key and a self-signed certificate for it, in one text (PEM). */
function selfSigned(subjectAltName: string): string {
  const certificate = [
    'req',
    '-x509',
    '-nodes',
    '-subj',
    '/CN=hv1',
    '-addext',
    `subjectAltName=${subjectAltName}`,
  ];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', '-', '-out', '-'];
  return execFileSync(openssl, [...certificate, ...key], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** Serves a host over HTTPS with this certificate. */
async function serve(pem: string): Promise<string> {
  const { listener } = new ServedHost(new FakeHost('hv1', systemClock));
  const server = createServer({ key: pem, cert: pem }, listener.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await listener.close();
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${String((server.address() as AddressInfo).port)}/wsman`;
}

/** Opens a session and closes it. */
async function reach(
  url: string,
  changes: Partial<ReachSettings>,
  fingerprints: readonly string[] = [],
): Promise<void> {
  const connector = configuredConnector({
    ...reachSettings,
    winrmUsername: 'operator',
    winrmPassword: new Secret('secret'),
    ...changes,
  });
  const session = await connector.open(
    hostEndpoint({ ...wsmanTarget(new URL(url), 'basic'), fingerprints }),
    AbortSignal.timeout(30_000),
  );
  await session.close();
}

describe.skipIf(skip)(`the certificate of a host${skip ? ' (skipped: no openssl)' : ''}`, () => {
  const pem = skip ? '' : selfSigned('IP:127.0.0.1');
  const elsewhere = skip ? '' : selfSigned('DNS:hv2.example.org');

  test('an untrusted certificate is refused and shown in the error', async () => {
    const { fingerprint256 } = new X509Certificate(pem);
    await expect(reach(await serve(pem), {})).rejects.toMatchObject({
      code: 'host-unreachable',
      began: false,
      message: expect.stringMatching(
        `self-signed.*It is issued for IP Address:127.0.0.1; .* ${fingerprint256}`,
      ) as string,
      remedy: expect.stringContaining('WINRM_CA_FILE') as string,
    });
  });

  test('a certificate in WINRM_CA_FILE is trusted', async () => {
    const { raw } = new X509Certificate(pem);
    const body = raw.toString('base64').replaceAll(/.{64}/g, '$&\n');
    const caCertificates = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
    await expect(reach(await serve(pem), { caCertificates })).resolves.toBeUndefined();
  });

  test('a certificate with a pinned fingerprint is trusted, whatever its name is', async () => {
    const pins = [pem, elsewhere].map((text) => new X509Certificate(text).fingerprint256);
    await expect(reach(await serve(elsewhere), {}, pins)).resolves.toBeUndefined();
  });

  test.each([true, false])(
    'a certificate is refused if another one is pinned, with WINRM_TLS_VERIFY=%s',
    async (verifyTls) => {
      const { fingerprint256 } = new X509Certificate(elsewhere);
      await expect(reach(await serve(pem), { verifyTls }, [fingerprint256])).rejects.toMatchObject({
        problem: 'tls-not-pinned',
        began: false,
        message: expect.stringContaining(new X509Certificate(pem).fingerprint256) as string,
      });
    },
  );

  test('a certificate for a different name is refused', async () => {
    const { fingerprint256 } = new X509Certificate(elsewhere);
    await expect(reach(await serve(elsewhere), { caCertificates: elsewhere })).rejects.toMatchObject({
      code: 'host-unreachable',
      message: expect.stringContaining(
        `It is issued for DNS:hv2.example.org; its SHA-256 fingerprint is ${fingerprint256}.`,
      ) as string,
    });
  });

  test('certificates are not verified with WINRM_TLS_VERIFY=false', async () => {
    await expect(reach(await serve(elsewhere), { verifyTls: false })).resolves.toBeUndefined();
  });
});
