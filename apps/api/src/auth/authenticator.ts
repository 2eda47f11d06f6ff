import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authentication } from './authentication.ts';

/** Reads one kind of credentials. */
export interface Authenticator {
  /**
   * @returns Null if the request has no credentials of this kind.
   * @throws ProblemError `unauthenticated` if they are invalid.
   */
  authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Authentication | null>;
}

/** The injection token of the list of authenticators, which are asked in order. */
export const authenticatorsToken = Symbol('authenticators');
