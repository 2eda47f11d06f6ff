import type { FastifyRequest } from 'fastify';

/** The path of a request as it was written, without its query, which may hold what is nobody's business. */
export function pathOf({ url }: Pick<FastifyRequest, 'url'>): string {
  return url.split('?', 1)[0] ?? '';
}
