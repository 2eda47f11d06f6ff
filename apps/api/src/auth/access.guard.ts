import type { ErrorCode, Permission } from '@aether-v/types';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { noSuchObject } from '../problems/not-found.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { lacksPermission } from './assert-permitted.ts';
import type { Authentication } from './authentication.ts';
import { decide, type DecisionObject } from './decide.ts';
import type { PrincipalResolver } from './principal-resolver.ts';
import type { Principal } from './principal.ts';
import { mustSign } from './signing/sign-requests.ts';
import { routeObject, type RouteObject } from './route-object.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the guard has processed the request. */
    authentication: Authentication | null;
    /** The principal of `authentication`. */
    principal: Principal | null;
  }
}

/** Dependencies of the guard. They are called after the application has started. */
export interface Guards {
  readonly resolver: () => PrincipalResolver;
  /** Returns the object that a route names. */
  readonly objectOf: (named: RouteObject) => DecisionObject;
  /** Returns whether a request has an idempotency key. */
  readonly isKeyed: (request: FastifyRequest) => boolean;
  /** Counts a request for its credential, or for its address if `credentialId` is null. @throws ProblemError beyond the limit. */
  readonly count: (request: FastifyRequest, credentialId: string | null) => Promise<void>;
  /** Verifies the signature of a request that must be signed. @throws ProblemError if it is invalid. */
  readonly verifySignature: (request: FastifyRequest) => Promise<void>;
}

/**
 * Refuses every request that its route does not permit, and every request to a route without declared access. A server
 * hook instead of a Nest guard, so that files, documents and event streams are covered as well. Order of refusals: no
 * valid credentials (401), an object that does not exist or is not visible (404), a missing permission (403). If a request
 * must be signed, its signature and permission are checked after its body has arrived.
 */
export function guardAccess(server: FastifyInstance, guards: Guards): void {
  server.decorateRequest('authentication', null);
  server.decorateRequest('principal', null);
  server.decorateRequest('signature', null);
  server.addHook('onRequest', async (request, reply) => {
    const { access, anyHost } = request.routeOptions.config;
    const isPublic = access !== undefined && 'public' in access;
    if (request.is404 || (isPublic && access.identifies !== true)) {
      // Probes are frequent and come from few addresses, so they are not limited.
      if (anyHost !== true) await guards.count(request, null);
      return;
    }
    const identifying = identify(request, reply, guards);
    request.authentication = await (isPublic ? orNull(identifying) : identifying);
    request.principal = request.authentication?.principal ?? null;
    if (isPublic) return;
    if (access === undefined) {
      throw new ProblemError('forbidden', 'This route declares no permission, so every request is refused.');
    }
    if (request.principal === null) {
      throw new ProblemError('unauthenticated', 'The request contains no credentials.');
    }
    if (!mustSign(request.authentication)) {
      assertAllowed(request, request.principal, access.permission, guards);
    }
  });
  server.addHook('preValidation', async (request) => {
    const { principal, authentication } = request;
    const { access } = request.routeOptions.config;
    if (!mustSign(authentication) || principal === null) return;
    if (access === undefined || !('permission' in access)) return;
    await guards.verifySignature(request);
    assertAllowed(request, principal, access.permission, guards);
  });
}

/** Identifies the sender of a request and counts the request. Requests with invalid credentials count for the address. */
async function identify(
  request: FastifyRequest,
  reply: FastifyReply,
  { resolver, count }: Guards,
): Promise<Authentication | null> {
  const resolved = await resolver()
    .resolve(request, reply)
    .catch(async (error: unknown) => {
      await count(request, null);
      throw error;
    });
  // The local administrator is not limited.
  if (resolved?.method !== 'local') await count(request, resolved?.credentialId ?? null);
  return resolved;
}

/** Refusals of credentials that public routes ignore. Signing out must always work. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'unauthenticated',
  'session-expired',
  'provider-unavailable',
]);

/** Returns null if the credentials are refused. @throws Error for other failures, such as too many requests. */
async function orNull(identifying: Promise<Authentication | null>): Promise<Authentication | null> {
  try {
    return await identifying;
  } catch (error) {
    if (error instanceof ProblemError && refusals.has(error.code)) return null;
    throw error;
  }
}

function assertAllowed(
  request: FastifyRequest,
  principal: Principal,
  permission: Permission,
  { objectOf, isKeyed }: Guards,
): void {
  const named = routeObject(request.params);
  const object = named && objectOf(named);
  const decision = decide(principal, permission, object);
  if (decision === 'forbidden') throw lacksPermission(principal, permission);
  // The handler answers a repeated request with the job of the first one, even if that job has deleted the VM.
  const isRepeatable = isKeyed(request) && principal.permissions.has(permission);
  if (decision === 'hidden' && named !== undefined && !isRepeatable) throw noSuchObject(named.kind, named.id);
}
