import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';
import { toProblem } from '../problems/to-problem.ts';
import { securityHeadersOf } from './security/security-headers.ts';

/**
 * Answers a request whose address cannot be routed. The server runs no hooks for it, so their checks are repeated here.
 *
 * @param assertKnownHost Throws for an unknown host name.
 */
export function answerUnroutable(
  assertKnownHost: (request: FastifyRequest) => void,
): (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const { problem, headers } = toProblem(
      refusal(error, request, assertKnownHost),
      `urn:uuid:${request.id}`,
    );
    void reply
      .headers({
        ...headers,
        ...securityHeadersOf(request),
        'x-request-id': request.id,
        'cache-control': 'no-store',
      })
      .status(problem.status)
      .send(problem);
  };
}

function refusal(
  { code }: FastifyError,
  request: FastifyRequest,
  assertKnownHost: (request: FastifyRequest) => void,
): unknown {
  try {
    assertKnownHost(request);
  } catch (error) {
    return error;
  }
  return code === 'FST_ERR_MAX_PARAM_LENGTH'
    ? new ProblemError('not-found', 'The id is too long.')
    : new ProblemError('bad-request', 'The address is not a valid URL.');
}
