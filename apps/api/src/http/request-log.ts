import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** Writes one line for each request: no query, no headers, no bodies, so that nothing private gets into the log. */
export function logRequests(server: FastifyInstance): void {
  const log = new Logger('Http');
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const milliseconds = reply.elapsedTime.toFixed(1);
    log.log(`${request.method} ${path} ${reply.statusCode} ${milliseconds} ms ${request.id}`);
  });
}
