import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import { idempotencyHeader, readIdempotencyKey } from '../jobs/idempotency.ts';
import { validationFailed } from '../problems/problem-error.ts';

/** The caller of a command, with the key that makes a retry safe. */
export interface Caller {
  readonly principal: Principal;
  readonly idempotencyKey: string | undefined;
  /** True if the caller asks for a plan instead of a job. */
  readonly dryRun: boolean;
}

/**
 * The caller of a command, as a handler parameter.
 *
 * @throws ProblemError if its idempotency key or `dryRun` is invalid, or the query has an unknown parameter: a misspelt
 * `dryRun` must not run the command.
 */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  // Set by the access guard, since every command requires a permission.
  const request = context.switchToHttp().getRequest<FastifyRequest & { readonly principal: Principal }>();
  assertKnownParameters(request);
  const idempotencyKey = readIdempotencyKey(request.headers[idempotencyHeader.toLowerCase()]);
  return { principal: request.principal, idempotencyKey, dryRun: readDryRun(request.query) };
});

function assertKnownParameters({ query, routeOptions }: FastifyRequest): void {
  const { access } = routeOptions.config;
  const schema = access !== undefined && 'permission' in access ? access.query : undefined;
  const unknown = Object.keys(query ?? {}).filter((name) => !Object.hasOwn(schema?.properties ?? {}, name));
  if (unknown.length === 0) return;
  throw validationFailed(unknown.map((field) => ({ field, message: 'is not a known parameter' })));
}

/** Reads `dryRun` from a query; false if absent. @throws ProblemError if it is neither `true` nor `false`. */
function readDryRun(query: unknown): boolean {
  const { dryRun } = (query ?? {}) as { readonly dryRun?: unknown };
  if (dryRun === undefined || dryRun === 'false') return false;
  if (dryRun === 'true') return true;
  throw validationFailed([{ field: 'dryRun', message: 'must be true or false' }]);
}
