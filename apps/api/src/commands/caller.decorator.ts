import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import { idempotencyHeader, readIdempotencyKey } from '../jobs/idempotency.ts';
import { readDryRun } from '../common/dry-run.ts';

/** The caller of a command, with the key that makes a retry safe. */
export interface Caller {
  readonly principal: Principal;
  readonly idempotencyKey: string | undefined;
  /** True if the caller asks for a plan instead of a job. */
  readonly dryRun: boolean;
}

/** The caller of a command, as a handler parameter. @throws ProblemError if its idempotency key or `dryRun` is invalid. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  // Set by the access guard, since every command requires a permission.
  const request = context.switchToHttp().getRequest<FastifyRequest & { readonly principal: Principal }>();
  const idempotencyKey = readIdempotencyKey(request.headers[idempotencyHeader.toLowerCase()]);
  return { principal: request.principal, idempotencyKey, dryRun: readDryRun(request.query) };
});
