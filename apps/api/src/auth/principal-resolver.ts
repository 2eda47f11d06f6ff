import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';
import type { Authentication } from './authentication.ts';
import { authenticatorsToken, type Authenticator } from './authenticator.ts';

/** Identifies the sender of a request. An abstract class, so that it serves as its own injection token. */
export abstract class PrincipalResolver {
  /**
   * @returns Null if the request contains no credentials.
   * @throws ProblemError if its credentials are invalid or contradict each other.
   */
  abstract resolve(request: FastifyRequest, reply: FastifyReply): Promise<Authentication | null>;
}

/** Asks the authenticators in order; the first that finds its credentials decides. */
@Injectable()
export class AuthenticatorChain extends PrincipalResolver {
  constructor(@Inject(authenticatorsToken) private readonly authenticators: readonly Authenticator[]) {
    super();
  }

  override async resolve(request: FastifyRequest, reply: FastifyReply): Promise<Authentication | null> {
    // RFC 6750, 2 allows one way to send credentials per request. Two of them could name different principals.
    if (request.headers['x-api-key'] !== undefined && request.headers.authorization !== undefined) {
      throw new ProblemError('bad-request', 'Send either x-api-key or Authorization, not both.');
    }
    for (const authenticator of this.authenticators) {
      const found = await authenticator.authenticate(request, reply);
      if (found !== null) return found;
    }
    return null;
  }
}
