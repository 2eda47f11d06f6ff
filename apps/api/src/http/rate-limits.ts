import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientOfAddress } from '../common/client-address.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** The maximum numbers of requests per minute. */
export interface RateLimits {
  /** From one address without valid credentials. */
  readonly perAddress: number;
  /** With one credential, such as a session or a key. */
  readonly perCredential: number;
}

/** Counts a request. @throws ProblemError `too-many-requests` beyond the limit. */
export type CountRequest = (request: FastifyRequest, credentialId: string | null) => Promise<void>;

/**
 * Limits requests per minute and credential; requests without one are limited per address. A stranger at the same address
 * therefore cannot lock out people who have signed in. The library tracks the latest 5,000 of each.
 *
 * @returns A function that counts a request. It must not be called before the server is ready.
 */
export function limitRates(server: FastifyInstance, { perAddress, perCredential }: RateLimits): CountRequest {
  void server.register(rateLimit, { global: false });
  const credentials = new WeakMap<FastifyRequest, string>();
  let counters: Record<'address' | 'credential', ReturnType<FastifyInstance['createRateLimit']>> | undefined;
  return async (request, credentialId) => {
    counters ??= {
      address: server.createRateLimit({ max: perAddress, keyGenerator: ({ ip }) => clientOfAddress(ip) }),
      credential: server.createRateLimit({
        max: perCredential,
        keyGenerator: (counted) => credentials.get(counted) ?? '',
      }),
    };
    if (credentialId !== null) credentials.set(request, credentialId);
    const kind = credentialId === null ? 'address' : 'credential';
    const result = await counters[kind](request);
    if (result.isAllowed || !result.isExceeded) return;
    const setting = kind === 'address' ? 'RATE_LIMIT_PER_ADDRESS' : 'RATE_LIMIT_PER_CREDENTIAL';
    throw new ProblemError(
      'too-many-requests',
      `More than ${result.max} requests per minute (${setting}). Try again in ${result.ttlInSeconds} seconds.`,
      { retryAfterSeconds: result.ttlInSeconds },
    );
  };
}
