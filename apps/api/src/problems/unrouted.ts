import type { Socket } from 'node:net';
import { errorCodes, type Problem } from '@aether-v/types';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { securityHeaders } from '../auth/security-headers.ts';
import { ProblemError } from './problem-error.ts';
import { toProblem } from './to-problem.ts';

/**
 * Answers a request whose address no route can be looked up for. The server runs no hooks for it, so what they see to
 * has to be seen to here.
 *
 * @param assertKnownHost Throws for a host name that the service does not go by.
 */
export function answerUnroutable(
  assertKnownHost: (request: FastifyRequest) => void,
): (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const { problem } = toProblem(refusal(error, request, assertKnownHost), `urn:uuid:${request.id}`);
    void reply
      .headers({ ...securityHeaders, 'x-request-id': request.id, 'content-type': 'application/problem+json' })
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
    ? new ProblemError('not-found', 'Nothing has so long an id.')
    : new ProblemError('bad-request', 'The address is not a valid URL.');
}

/** What a status of the server's parser means. */
const unreadable: Readonly<Record<string, readonly [status: number, reason: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The headers of the request are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request did not arrive in time.'],
};

/** Answers what is no HTTP request, and closes its connection. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason, detail] = unreadable[error.code ?? ''] ?? [400, 'Bad Request', 'This is not HTTP.'];
  const problem: Problem = {
    type: 'urn:aether-v:problem:bad-request',
    title: errorCodes['bad-request'].title,
    status,
    detail,
    code: 'bad-request',
  };
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
