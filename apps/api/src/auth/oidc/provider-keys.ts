import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../common/clock.ts';
import type { ProviderFetch } from './provider-fetch.ts';

/** The minimum time between two searches for unknown key ids, in milliseconds. Anyone can make up key ids. */
const cooldownMs = 30_000;

/** Returns the provider's keys at an address, by the key id of a token. An unknown id is looked up again. */
export function providerKeys(
  uri: string,
  provider: Pick<ProviderFetch, 'fetch'>,
  clock: Clock,
): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(uri), {
    // The searches below replace those of jose, which use the system clock.
    cooldownDuration: Infinity,
    [customFetch]: (url, { headers, signal }) => provider.fetch(url, { headers: [...headers], signal }),
  });
  let nextSearch = 0;
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      const now = clock.now();
      if (!(error instanceof errors.JWKSNoMatchingKey) || now < nextSearch) throw error;
      nextSearch = now + cooldownMs;
      await keys.reload();
      return keys(header, token);
    }
  };
}
