import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';
import type { Access } from './access.ts';
import { localAdministrator, type Principal } from './principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the guard has seen the request. */
    principal: Principal | null;
  }
}

/**
 * Refuses every call that its route does not allow, and every route that states nothing. It is a hook of the server
 * rather than a guard of Nest: files, documents and event streams pass it as well.
 */
export function guardAccess(server: FastifyInstance): void {
  server.decorateRequest('principal', null);
  server.addHook('onRequest', (request, _reply, done) => {
    request.principal = localAdministrator;
    if (!request.is404) assertAllowed(localAdministrator, request.routeOptions.config.access);
    done();
  });
}

function assertAllowed(principal: Principal, access: Access | undefined): void {
  if (access === undefined) {
    throw new ProblemError('forbidden', 'This route defines no permission, so every request is refused.');
  }
  if ('permission' in access && !principal.permissions.has(access.permission)) {
    throw new ProblemError('forbidden', `${principal.name} lacks the permission ${access.permission}.`);
  }
}
