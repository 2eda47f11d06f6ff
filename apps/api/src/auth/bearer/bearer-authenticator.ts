import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../../problems/problem-error.ts';
import type { Authentication } from '../authentication.ts';
import type { Authenticator } from '../authenticator.ts';
import type { AccessTokens } from './access-tokens.ts';
import { bearerToken } from './bearer-token.ts';
import { TokenError } from './token-error.ts';

/** Accepts access tokens of the identity provider as bearer tokens (RFC 6750). */
export class BearerAuthenticator implements Authenticator {
  readonly #tokens: AccessTokens | null;

  /** @param tokens Null if no access tokens are accepted: every token is then refused. */
  constructor(tokens: AccessTokens | null) {
    this.#tokens = tokens;
  }

  async authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Authentication | null> {
    const token = bearerToken(request.headers.authorization);
    if (token === null) return null;
    try {
      if (this.#tokens === null) {
        throw new TokenError(
          'Access tokens are not accepted, because OIDC_ISSUER_URL and OIDC_API_AUDIENCE are not set.',
        );
      }
      return await this.#tokens.authenticate(token);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      // RFC 6750, 3: the challenge names the reason.
      reply.header('www-authenticate', `Bearer error="invalid_token", error_description="${error.message}"`);
      throw new ProblemError('unauthenticated', error.message);
    }
  }
}
