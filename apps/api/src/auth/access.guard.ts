import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';
import type { PermittedAccess } from './access.ts';
import { assertPermitted } from './assert-permitted.ts';
import type { PrincipalResolver } from './principal-resolver.ts';
import type { Principal } from './principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the guard has processed the request. */
    principal: Principal | null;
  }
}

/**
 * Refuses every request that its route does not allow, and every route without a declared access. A server hook instead
 * of a Nest guard, so that files, documents and event streams are covered as well.
 */
export function guardAccess(server: FastifyInstance, resolver: () => PrincipalResolver): void {
  server.decorateRequest('principal', null);
  server.addHook('onRequest', async (request) => {
    if (request.is404) return;
    const { access } = request.routeOptions.config;
    if (access !== undefined && 'public' in access) return;
    request.principal = await resolver().resolve(request);
    assertAllowed(request.principal, access);
  });
}

function assertAllowed(principal: Principal | null, access: PermittedAccess | undefined): void {
  if (access === undefined) {
    throw new ProblemError('forbidden', 'This route declares no permission, so every request is refused.');
  }
  if (principal === null) throw new ProblemError('unauthenticated', 'The request contains no credentials.');
  assertPermitted(principal, access.permission);
}
