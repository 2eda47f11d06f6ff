import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authentication } from '../authentication.ts';
import type { Authenticator } from '../authenticator.ts';
import { permissionsOfRoles } from '../principal.ts';
import { sessionEnded } from './session-end.ts';
import type { SessionService } from './session.service.ts';
import { validUntil } from './session.ts';

/** Authenticates requests by their session cookie. */
export class SessionAuthenticator implements Authenticator {
  readonly #sessions: SessionService;

  constructor(sessions: SessionService) {
    this.#sessions = sessions;
  }

  async authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Authentication | null> {
    const isUse = request.routeOptions.config.access?.background !== true;
    const resolved = await this.#sessions.resolve(request, reply, isUse);
    if (resolved === null) return null;
    if ('ended' in resolved) throw sessionEnded(resolved.ended);
    const { session } = resolved;
    const { principalId: id, name } = session;
    const permissions = permissionsOfRoles(this.#sessions.rolesOf(session));
    return {
      principal: { id, name, permissions },
      method: 'session',
      credentialId: session.id,
      // The console resumes a stream that ends then, and that request triggers the recheck.
      expiresAt: validUntil(session, this.#sessions.limits),
      hasEnded: () => this.#sessions.get(session.id) === undefined,
    };
  }
}
