import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readSigningKey, type SigningKey } from '../../src/rsa-keys.ts';

/** The names of the key pairs. */
export const keyNames = ['guest', 'guest-after-reboot', 'signing', 'signing-next', 'stranger'] as const;

/** The name of a key pair. */
export type KeyName = (typeof keyNames)[number];

/** A key pair as `keys.json` stores it. */
export interface StoredKey {
  readonly name: KeyName;
  readonly privateKey: string;
  readonly spki: string;
  readonly digest: string;
}

const file = new URL('../../vectors/keys.json', import.meta.url);

/** Returns the stored key pairs, or new ones if there are none: they stay the same from then on. */
export function storedKeys(): StoredKey[] {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as StoredKey[];
  return keyNames.map((name) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const { spki, digest } = readSigningKey(pem);
    return { name, privateKey: pem, spki: spki.toString('base64url'), digest };
  });
}

/** Returns a key pair by name. */
export function keyPair(keys: readonly StoredKey[], name: KeyName): SigningKey & { privateKey: KeyObject } {
  const stored = keys.find((key) => key.name === name);
  if (stored === undefined) throw new Error(`keys.json has no key ${name}`);
  return { ...readSigningKey(stored.privateKey), privateKey: createPrivateKey(stored.privateKey) };
}
