import { randomBytes, webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { TlsPaths } from '../../config/tls-paths.ts';

const day = 24 * 60 * 60_000;
/** Browsers refuse certificates that are valid for longer. */
const validDays = 397;

/** Returns the names and addresses of this machine by which browsers may call the service. */
export function ownNames(more: readonly string[] = []): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((found) =>
    (found ?? []).map(({ address }) => address),
  );
  const names = ['localhost', '127.0.0.1', '::1', hostname().toLowerCase(), ...addresses, ...more];
  // Link-local addresses contain a zone, which certificates cannot.
  return [...new Set(names)].filter(
    (name) => name !== '' && !name.includes('%') && !name.startsWith('fe80:'),
  );
}

/** Creates a self-signed certificate for these names and its key, unless both files exist. @returns Whether it did. */
export async function ensureSelfSigned(
  paths: TlsPaths,
  names: readonly string[],
  now: number,
): Promise<boolean> {
  if (existsSync(paths.cert) && existsSync(paths.key)) return false;
  const { cert, key } = await selfSigned(names, now);
  for (const path of [paths.cert, paths.key]) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(paths.key, key, { mode: 0o600 });
  writeFileSync(paths.cert, cert, { mode: 0o644 });
  return true;
}

async function selfSigned(names: readonly string[], now: number): Promise<{ cert: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    // A positive number of at most 20 bytes (RFC 5280, 4.1.2.2).
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: [{ CN: [names.find((name) => isIP(name) === 0) ?? 'Aether-V'] }, { O: ['Aether-V, self-signed'] }],
    // Clocks of browsers may be behind.
    notBefore: new Date(now - day),
    notAfter: new Date(now + validDays * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name })),
      ),
    ],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = key.match(/.{1,64}/g)?.join('\n') ?? '';
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
  };
}
