import type { FastifyInstance } from 'fastify';

/**
 * Sets `Cache-Control: no-store`, unless the route sets the header. Browsers may store a response with an entity tag,
 * but must revalidate it (`no-cache`).
 */
export function limitCaching(server: FastifyInstance): void {
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control')) {
      reply.header('cache-control', reply.hasHeader('etag') ? 'private, no-cache' : 'no-store');
    }
    done();
  });
}

/** Answers 304 instead of a body that the client already has, by its entity tag (RFC 9110, 13.1.2). */
export function answerNotModified(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const { 'if-none-match': known } = request.headers;
    const etag = reply.getHeader('etag');
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    // Streams belong to files, which are compared where they are opened.
    const isText = typeof payload === 'string' || Buffer.isBuffer(payload);
    const isKnown = known !== undefined && typeof etag === 'string' && matches(known, etag);
    // The entity tag of a no-store response covers only a part of it, so it cannot prove that the whole is unchanged.
    const isStored = reply.getHeader('cache-control') !== 'no-store';
    if (!isRead || !isText || !isKnown || !isStored || reply.statusCode !== 200) {
      done(null, payload);
      return;
    }
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    done(null, null);
  });
}

/** Compares weakly: two tags are equal if their opaque parts are. */
function matches(known: string, etag: string): boolean {
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some((tag) => opaque(tag) === opaque(etag));
}
