import { roles, timestamp } from '@aether-v/types';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../common/clock.ts';
import { ProblemError } from '../../problems/problem-error.ts';
import type { Authentication } from '../authentication.ts';
import type { Authenticator } from '../authenticator.ts';
import type { ApiKeys } from './api-keys.ts';
import { credentialIdOf, type StoredKey } from '../../keys/stored-key.ts';

/** The header of API keys. */
export const keyHeader = 'x-api-key';

/** Authenticates requests by API key. */
export class KeyAuthenticator implements Authenticator {
  readonly #keys: ApiKeys;
  readonly #clock: Clock;

  constructor(keys: ApiKeys, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  authenticate(request: FastifyRequest): Promise<Authentication | null> {
    return new Promise((resolve) => resolve(this.#authenticate(request.headers[keyHeader])));
  }

  #authenticate(text: string | string[] | undefined): Authentication | null {
    if (text === undefined) return null;
    const key = this.#keys.find(String(text));
    if (key === undefined) throw new ProblemError('unauthenticated', 'The API key (x-api-key) is invalid.');
    const { expiresAt } = key;
    if (expiresAt !== null && expiresAt <= this.#clock.now()) {
      throw new ProblemError(
        'unauthenticated',
        `The API key ${key.name} expired at ${timestamp(expiresAt)}. Create a new one with npm run key:add.`,
      );
    }
    return { ...authenticationOf(key), hasEnded: () => !this.#keys.has(key) };
  }
}

function authenticationOf(key: StoredKey): Authentication {
  return {
    principal: { id: `key:${key.name}`, name: `Key ${key.name}`, permissions: new Set(roles[key.role]) },
    method: 'key',
    credentialId: credentialIdOf(key),
    expiresAt: key.expiresAt,
    signature: key.signature,
  };
}
