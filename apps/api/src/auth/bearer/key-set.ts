import type { JSONWebKeySet, JWK } from 'jose';
import { ProviderError } from '../oidc/provider-error.ts';

const maximumKeys = 100;

/** Members of private and symmetric keys (RFC 7518, 6). A key that has one is not a public key. */
const secretMembers = ['d', 'k', 'p', 'q'] as const;

/**
 * Returns the keys of a JWK set (RFC 7517) that can verify signatures. Others are left out, as RFC 7517, 5 asks.
 *
 * @throws ProviderError if none is left.
 */
export function signatureKeys(document: Readonly<Record<string, unknown>>): JSONWebKeySet {
  const { keys } = document;
  if (!Array.isArray(keys) || keys.length > maximumKeys) {
    throw new ProviderError(`The key set of the identity provider must list up to ${maximumKeys} keys.`);
  }
  const usable = keys.filter(isSignatureKey);
  if (usable.length === 0) throw new ProviderError('The identity provider publishes no key for signatures.');
  return { keys: usable };
}

function isSignatureKey(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, kid, use } = key as Record<string, unknown>;
  if (typeof kty !== 'string' || (use !== undefined && use !== 'sig')) return false;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 256)) return false;
  return !secretMembers.some((member) => member in key);
}
