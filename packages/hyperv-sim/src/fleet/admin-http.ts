import { errorCodes, type ErrorInfo } from '@aether-v/types';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { errorInfoOf, OperationFailure } from './operation-failure.ts';

const bodyLimit = 64 * 1024;

/** The reply of a route: a status and a JSON body. */
export interface AdminReply {
  readonly status: number;
  readonly body: unknown;
}

/** Checks a body against its schema. Throws `OperationFailure` that names the first bad field. */
export function checked<T extends TSchema>(schema: T, body: unknown): Static<T> {
  const check = Compile(schema);
  if (check.Check(body)) return body;
  const [first] = check.Errors(body);
  throw new OperationFailure(
    'bad-request',
    `${first?.instancePath ?? ''} ${first?.message ?? 'is not valid'}`,
  );
}

/** Reads a JSON body; an empty one is `{}`. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    length += part.length;
    if (length > bodyLimit)
      throw new OperationFailure('payload-too-large', `The body exceeds ${bodyLimit} bytes.`);
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString('utf8');
  if (text === '') return {};
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    throw new OperationFailure('unsupported-media-type', 'The body must be application/json.');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new OperationFailure('bad-request', 'The body is not JSON.');
  }
}

/** Refuses requests that a web page could have sent: another Host (DNS rebinding), or any Origin. */
export function refuseWebPages({ headers }: IncomingMessage): void {
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?$/.test(headers.host ?? '')) {
    throw new OperationFailure('foreign-host', 'The admin API serves only loopback host names.');
  }
  if (headers.origin !== undefined)
    throw new OperationFailure('foreign-origin', 'Requests from web pages are refused.');
}

/** Writes the reply that `answer` returns, or the error that it throws. */
export async function writeReply(response: ServerResponse, answer: () => Promise<AdminReply>): Promise<void> {
  const { status, body } = await answer().catch((error: unknown): AdminReply => {
    const info: ErrorInfo = errorInfoOf(error);
    return { status: errorCodes[info.code].http, body: { error: info } };
  });
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}
