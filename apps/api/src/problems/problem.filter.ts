import { Catch, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../common/path-of.ts';
import { ProblemError } from './problem-error.ts';
import { toProblem } from './to-problem.ts';

/** Answers every error as an RFC 9457 problem, including those of the server itself and of unknown routes. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { problem, headers, unexpected } = toProblem(namePath(error, request), `urn:uuid:${request.id}`);
    if (unexpected)
      this.#log.error(`${request.id} ${String(error)}`, error instanceof Error ? error.stack : '');
    if (reply.sent) return;
    void reply.status(problem.status).headers(headers).send(problem);
  }
}

/** Replaces Nest's message for an unknown route, which repeats the query. */
function namePath(error: unknown, request: FastifyRequest): unknown {
  if (!(error instanceof NotFoundException)) return error;
  return new ProblemError('not-found', `Nothing exists at ${pathOf(request)}.`);
}
