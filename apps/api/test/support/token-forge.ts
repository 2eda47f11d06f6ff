import {
  createHmac,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  randomUUID,
  sign,
  type KeyObject,
} from 'node:crypto';
import type { JSONWebKeySet, JWK } from 'jose';

/** A signing key whose public part a provider publishes. */
export interface SigningKey {
  readonly kid: string;
  readonly key: KeyObject;
  readonly jwk: JWK;
}

export function rsaKey(kid: string = randomUUID(), modulusLength = 2048): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  return { kid, key: privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' } };
}

export type Json = Record<string, unknown>;

export function encode(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

/** Signs with RS256 over whatever is given: valid JSON or not. */
export function signed(header: unknown, claims: unknown, { key }: SigningKey): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createSign('RSA-SHA256').update(input).sign(key).toString('base64url')}`;
}

/** The public key as text, as a confused verifier would use it for HMAC. */
export function publicPem({ jwk }: SigningKey): string {
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
}

export function hmacSigned(header: unknown, claims: unknown, secret: string): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** What an issuer says about a caller, and the header that goes with it. */
export interface TokenParts {
  readonly header: Json;
  readonly claims: Json;
}

/** A provider whose tokens tests sign, and an attacker who has a key of his own under the same name. */
export interface Forge {
  readonly own: SigningKey;
  readonly attacker: SigningKey;
  readonly keys: JSONWebKeySet;
  /** A good token, with changes; `undefined` removes a member. */
  readonly good: (claims?: Json, header?: Json) => TokenParts;
}

export function forge(good: () => TokenParts): Forge {
  const own = rsaKey('published');
  return {
    own,
    attacker: rsaKey('published'),
    keys: { keys: [own.jwk] },
    good(claims = {}, header = {}) {
      const parts = good();
      return { header: { ...parts.header, ...header }, claims: { ...parts.claims, ...claims } };
    },
  };
}

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const applicationId = '22222222-2222-4222-8222-222222222222';
export const entraIssuer = `https://login.microsoftonline.com/${tenantId}/v2.0`;

/** A token of Entra ID for a person, as documented for version 2. */
export function entraToken(now = Date.now()): TokenParts {
  const seconds = Math.floor(now / 1000);
  return {
    header: { typ: 'JWT', alg: 'RS256', kid: 'published' },
    claims: {
      aud: applicationId,
      iss: entraIssuer,
      iat: seconds,
      nbf: seconds,
      exp: seconds + 3600,
      azp: '33333333-3333-4333-8333-333333333333',
      name: 'Operator',
      oid: '44444444-4444-4444-8444-444444444444',
      scp: 'Aether.Reader',
      sub: 'pairwise-subject',
      tid: tenantId,
      ver: '2.0',
    },
  };
}

export const genericIssuer = 'https://idp.example.org';
export const genericAudience = 'api://aether';

/** An access token of another provider (RFC 9068). */
export function genericToken(now = Date.now()): TokenParts {
  const seconds = Math.floor(now / 1000);
  return {
    header: { typ: 'at+jwt', alg: 'RS256', kid: 'published' },
    claims: {
      aud: genericAudience,
      iss: genericIssuer,
      iat: seconds,
      exp: seconds + 3600,
      client_id: 'backup',
      scope: 'Aether.Reader',
      sub: 'backup',
      jti: 'one',
    },
  };
}

export function pssSigned(header: Json, claims: Json, { key }: SigningKey): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(input), {
    key,
    padding: 6, // RSA_PKCS1_PSS_PADDING
    saltLength: 32,
  });
  return `${input}.${signature.toString('base64url')}`;
}
