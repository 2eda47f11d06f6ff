import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from '../problems/problem-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as sent; null if it is not kept. */
    rawBody: Buffer | null;
  }
}

/** The rule for keeping a raw body. */
export interface RawBodyRule {
  /** The maximum size in bytes. */
  readonly limit: number;
  /** True if the body is not parsed, so that every content type is accepted. */
  readonly unparsed: boolean;
}

/**
 * Keeps the raw bodies of requests whose signature covers them.
 *
 * @param ruleOf Returns null for requests whose raw body is not kept. Called after the request was authenticated.
 */
export function keepRawBodies(
  server: FastifyInstance,
  ruleOf: (request: FastifyRequest) => RawBodyRule | null,
): void {
  server.decorateRequest('rawBody', null);
  server.addHook('preParsing', async (request, reply, payload) => {
    const rule = request.is404 ? null : ruleOf(request);
    if (rule === null) return payload;
    const body = await readBody(payload, rule.limit).catch((error: unknown) => {
      // Otherwise the rest of the body would be read as the next request.
      reply.header('connection', 'close');
      throw error instanceof ProblemError ? error : new ProblemError('bad-request', 'The body ended early.');
    });
    request.rawBody = body;
    if (!rule.unparsed) return Readable.from([body], { objectMode: false });
    // Without these headers Fastify does not look for a parser of the content type.
    request.headers = {
      'content-type': undefined,
      'content-length': undefined,
      'transfer-encoding': undefined,
    };
    return Readable.from([]);
  });
}

async function readBody(payload: AsyncIterable<unknown>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > limit) {
      throw new ProblemError('payload-too-large', `The body must not be larger than ${limit} bytes.`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
