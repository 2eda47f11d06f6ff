import type { FastifyRequest } from 'fastify';

/** Returns the path of a request as sent, without its query, which may hold confidential data. */
export function pathOf({ url }: Pick<FastifyRequest, 'url'>): string {
  return url.split('?', 1)[0] ?? '';
}
