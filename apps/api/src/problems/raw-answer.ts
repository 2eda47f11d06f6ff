import type { Socket } from 'node:net';
import { errorCodes, type ErrorCode, type Problem } from '@aether-v/types';

/** An answer that is written to a socket, since there is no request to answer. */
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
  detail: 'This is not HTTP.',
};

/** What an error of the server's parser means. */
const unreadable: Readonly<Record<string, RawAnswer>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'Request Header Fields Too Large',
    code: 'bad-request',
    detail: 'The headers of the request are too long.',
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
  detail: 'There are too many connections. MAX_CONNECTIONS and MAX_CONNECTIONS_PER_CLIENT set the limits.',
  headers: ['Retry-After: 5'],
};

/** Answers what is not an HTTP request, and closes its connection. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  write(socket, unreadable[error.code ?? ''] ?? notHttp);
}

/** Answers a connection that is one too many, and closes it. */
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
    ...headers,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}
