import { expect, test } from 'vitest';
import type { Authentication } from '../../../src/auth/authentication.ts';
import { VerifiedTokens } from '../../../src/auth/bearer/verified-tokens.ts';
import { localAdministrator } from '../../../src/auth/principal.ts';

const until = (expiresAt: number | null): Authentication => ({
  principal: localAdministrator,
  method: 'bearer',
  credentialId: 'one',
  expiresAt,
});

test('verified tokens are kept for a minute, but not beyond their end', () => {
  const tokens = new VerifiedTokens();
  tokens.add('long', until(1_000_000), 0);
  tokens.add('short', until(10), 0);
  tokens.add('ended', until(0), 0);
  expect(['long', 'short', 'ended'].map((hash) => tokens.get(hash, 9) !== undefined)).toEqual([
    true,
    true,
    false,
  ]);
  expect(tokens.get('short', 10)).toBeUndefined();
  expect(tokens.get('long', 59_999)).toBeDefined();
  expect(tokens.get('long', 60_000)).toBeUndefined();
});

test('verified tokens are kept up to a number, the newest', () => {
  const tokens = new VerifiedTokens();
  for (let at = 0; at < 1500; at += 1) tokens.add(String(at), until(null), 0);
  const kept = Array.from({ length: 1500 }, (_, at) => tokens.get(String(at), 1) !== undefined);
  expect(kept.indexOf(true)).toBe(500);
  expect(kept.filter(Boolean)).toHaveLength(1000);
});
