import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { pathOf } from '../common/path-of.ts';
import { requestContext } from '../logs/request-context.ts';

/**
 * Logs one line per request, also if its client disconnects before the response. The line contains no query, headers or
 * body, so that no confidential data is logged. Other log entries of the request carry its id.
 */
export function logRequests(server: FastifyInstance): void {
  const log = new Logger('Http');
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    const context = { requestId: request.id };
    let isLogged = false;
    const write = (end: string): void => {
      if (isLogged) return;
      isLogged = true;
      const milliseconds = reply.elapsedTime.toFixed(1);
      const line = `${request.method} ${pathOf(request)} ${end} ${milliseconds} ms ${request.id}`;
      requestContext.run(context, () => log.log(line));
    };
    // Not onResponse, which does not run if the client has disconnected.
    reply.raw.once('finish', () => write(String(reply.statusCode)));
    reply.raw.once('close', () => {
      write(reply.raw.headersSent ? `${reply.statusCode} (closed by the client)` : 'aborted by the client');
    });
    requestContext.run(context, done);
  });
}
