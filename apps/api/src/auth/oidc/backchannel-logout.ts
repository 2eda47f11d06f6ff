import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../../common/route-access.ts';
import type { SignInRecorder } from '../sessions/sign-in-recorder.ts';
import { LogoutTokenError } from './logout-token.ts';
import type { OidcSignOut } from './oidc-sign-out.ts';

const access: Access = {
  public: 'The identity provider calls it; the signature of the logout token proves the sender.',
  // It records the ended sessions: records of every request would let strangers fill the audit files.
  mutates: false,
};

/** The maximum size of a logout request in bytes. */
const bodyLimit = 32_768;

/**
 * Serves the endpoint at which the provider reports ended sessions (OpenID Connect Back-Channel Logout 1.0, 2.5). It is not
 * for browsers, and it is the only route that accepts a form.
 *
 * @param signOut Returns null if no provider is configured.
 * @param recorder Returns the recorder of sign-outs.
 */
export function serveBackchannelLogout(
  server: FastifyInstance,
  signOut: () => OidcSignOut | null,
  recorder: () => SignInRecorder,
): void {
  const log = new Logger('Sign-in');
  void server.register((scope, _options, done) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit },
      (_request, body, done) => done(null, new URLSearchParams(body.toString())),
    );
    const config = { access, notForBrowsers: true as const };
    scope.post('/auth/backchannel-logout', { config, bodyLimit }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const token = request.body instanceof URLSearchParams ? request.body.get('logout_token') : null;
      const service = signOut();
      if (token === null || service === null) {
        return reply.status(400).send({ error: 'invalid_request' });
      }
      try {
        const ended = await service.acceptLogoutToken(token);
        for (const session of ended) recorder().signedOut(session, request);
        return await reply.status(200).send();
      } catch (error) {
        if (!(error instanceof LogoutTokenError)) throw error;
        log.warn(`A logout token was refused: ${error.message}`);
        return reply.status(400).send({ error: 'invalid_request', error_description: error.message });
      }
    });
    done();
  });
}
