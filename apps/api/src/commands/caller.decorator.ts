import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import { idempotencyHeader, readIdempotencyKey } from '../jobs/idempotency.ts';

/** The caller of a command, with the key that makes a retry safe. */
export interface Caller {
  readonly principal: Principal;
  readonly idempotencyKey: string | undefined;
}

/** The caller of a command, as a handler parameter. @throws ProblemError if its idempotency key is invalid. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  // Set by the access guard, since every command requires a permission.
  const request = context.switchToHttp().getRequest<FastifyRequest & { readonly principal: Principal }>();
  const idempotencyKey = readIdempotencyKey(request.headers[idempotencyHeader.toLowerCase()]);
  return { principal: request.principal, idempotencyKey };
});
