import type { Socket } from 'node:net';
import { errorCodes, type ErrorCode, type Problem } from '@aether-v/types';
import { securityHeaders } from './security/security-headers.ts';

/** A response written directly to a socket, because no request was parsed. */
interface RawAnswer {
  readonly status: number;
  readonly reason: string;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly headers?: readonly string[];
}

const notHttp: RawAnswer = {
  status: 400,
  reason: 'Bad Request',
  code: 'bad-request',
  detail: 'The request is not valid HTTP.',
};

/** Responses to errors of the server's parser. */
const unreadable: Readonly<Record<string, RawAnswer>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'Request Header Fields Too Large',
    code: 'bad-request',
    detail: 'The request headers are too long.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: 'Request Timeout',
    code: 'bad-request',
    detail: 'The request did not arrive in time.',
  },
};

const tooManyConnections: RawAnswer = {
  status: errorCodes['too-many-requests'].http,
  reason: 'Too Many Requests',
  code: 'too-many-requests',
  detail: 'The connection limit is reached (MAX_CONNECTIONS or MAX_CONNECTIONS_PER_CLIENT). Try again later.',
  headers: ['Retry-After: 5'],
};

/** Answers input that is not an HTTP request, and closes its connection. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  write(socket, unreadable[error.code ?? ''] ?? notHttp);
}

/** Answers a connection beyond the limit, and closes it. */
export function answerTooManyConnections(socket: Socket): void {
  write(socket, tooManyConnections);
}

function write(socket: Socket, { status, reason, code, detail, headers = [] }: RawAnswer): void {
  const problem: Problem = {
    type: `urn:aether-v:problem:${code}`,
    title: errorCodes[code].title,
    status,
    detail,
    code,
  };
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
    ...headers,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}
