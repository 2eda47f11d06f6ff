import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import { idempotencyHeader, readIdempotencyKey } from '../jobs/idempotency.ts';
import { ProblemError, validationFailed } from '../problems/problem-error.ts';

/** The caller of a command, with the key that makes a retry safe. */
export interface Caller {
  readonly principal: Principal;
  readonly idempotencyKey: string | undefined;
  /** True if the caller asks for a plan instead of a job. */
  readonly dryRun: boolean;
  /** Aborted when the caller has disconnected, with a `ProblemError`; absent if the service itself sends the command. */
  readonly signal?: AbortSignal;
}

/** The caller of a command, as a handler parameter. @throws ProblemError if its idempotency key or `dryRun` is invalid. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const http = context.switchToHttp();
  // Set by the access guard, since every command requires a permission.
  const request = http.getRequest<FastifyRequest & { readonly principal: Principal }>();
  const idempotencyKey = readIdempotencyKey(request.headers[idempotencyHeader.toLowerCase()]);
  const { principal, query } = request;
  const signal = disconnection(http.getResponse<FastifyReply>());
  return { principal, idempotencyKey, dryRun: readDryRun(query), signal };
});

/** Returns a signal that is aborted when the connection closes; also after the response, when nothing waits any more. */
function disconnection({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const gone = (): void => controller.abort(new ProblemError('cancelled', 'The caller has disconnected.'));
  raw.once('close', gone);
  if (raw.destroyed) gone();
  return controller.signal;
}

/** Reads `dryRun` from a query; false if absent. @throws ProblemError if it is neither `true` nor `false`. */
function readDryRun(query: unknown): boolean {
  const { dryRun } = (query ?? {}) as { readonly dryRun?: unknown };
  if (dryRun === undefined || dryRun === 'false') return false;
  if (dryRun === 'true') return true;
  throw validationFailed([{ field: 'dryRun', message: 'must be true or false' }]);
}
