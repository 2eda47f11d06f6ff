import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { pathOf } from '../common/path-of.ts';

/** Logs one line per request, without query, headers and body, so that no confidential data is logged. */
export function logRequests(server: FastifyInstance): void {
  const log = new Logger('Http');
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    const milliseconds = reply.elapsedTime.toFixed(1);
    log.log(`${request.method} ${pathOf(request)} ${reply.statusCode} ${milliseconds} ms ${request.id}`);
  });
}
