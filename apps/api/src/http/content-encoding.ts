import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Negotiator } from '@fastify/accept-negotiator';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { pathOf } from '../common/path-of.ts';

/** Bodies up to this size are sent as they are, in bytes: compression would hardly make them smaller. */
const smallBody = 1024;

const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const brotli = promisify(brotliCompress);

const encoders: Readonly<Record<string, (body: string) => Promise<Buffer>>> = {
  br: (body) => brotli(body, brotliOptions),
  gzip: promisify<string, Buffer>(gzip),
};

const negotiator = new Negotiator({ supportedValues: Object.keys(encoders) });

/** Declares that a response depends on the encodings that its client accepts, also if it is 304 (RFC 9110, 15.4.5). */
export function declareEncodings(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload === 'string' && isCompressible(pathOf(request), reply)) {
      reply.header('vary', 'Accept-Encoding');
    }
    done(null, payload);
  });
}

/**
 * Compresses the API's JSON and the documentation for clients that accept it.
 *
 * A compressed length reveals a secret to an attacker who makes the victim's browser send guesses that the response
 * repeats next to the secret (BREACH). Therefore neither errors, which repeat parts of the request, nor `/auth/` are
 * compressed. What remains contains no credentials, and foreign pages cannot request it with the user's session
 * (`protectBrowsers`).
 *
 * A strong entity tag identifies the bytes of one encoding (RFC 9110, 8.8.3), so responses with one are not compressed.
 * The exception is a no-store response, whose tag covers only a part of it and is meant for `If-Match` (`caching.ts`).
 */
export function compressResponses(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || !isCompressible(pathOf(request), reply)) return payload;
    const encoding = negotiator.negotiate(request.headers['accept-encoding'] ?? '');
    const encode = encoding === null ? undefined : encoders[encoding];
    if (encode === undefined || Buffer.byteLength(payload) <= smallBody) return payload;
    const body = await encode(payload);
    reply.header('content-encoding', encoding).header('content-length', body.length);
    return body;
  });
}

function isCompressible(path: string, reply: FastifyReply): boolean {
  const type = reply.getHeader('content-type');
  const etag = reply.getHeader('etag');
  return (
    reply.statusCode === 200 &&
    !path.startsWith('/auth/') &&
    typeof type === 'string' &&
    /^(?:application\/json|text\/(?:html|css|javascript))\b/.test(type) &&
    !reply.hasHeader('content-encoding') &&
    (typeof etag !== 'string' || etag.startsWith('W/') || reply.getHeader('cache-control') === 'no-store')
  );
}
