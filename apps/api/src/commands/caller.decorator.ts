import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import { idempotencyHeader, readIdempotencyKey } from '../jobs/idempotency.ts';

/** Who asks for a command, and the key that makes asking again safe. */
export interface Caller {
  readonly principal: Principal;
  readonly idempotencyKey: string | undefined;
}

/** The caller of a command, for a parameter of a handler. @throws ProblemError if its idempotency key is invalid. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  // The access guard has resolved the principal: every command requires a permission.
  const request = context.switchToHttp().getRequest<FastifyRequest & { readonly principal: Principal }>();
  const idempotencyKey = readIdempotencyKey(request.headers[idempotencyHeader.toLowerCase()]);
  return { principal: request.principal, idempotencyKey };
});
