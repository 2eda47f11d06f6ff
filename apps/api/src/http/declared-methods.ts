import type { FastifyInstance } from 'fastify';
import { pathOf } from '../common/path-of.ts';
import { ProblemError } from '../problems/problem-error.ts';

interface Declared {
  readonly path: RegExp;
  readonly method: string;
}

/** The catch-all route of the console. */
const anyPath = '/*';

/**
 * Responds with 405 and `Allow` if the path has routes, but none for the method of the request. A path that a route
 * spells out, such as `/api/v1/vms/bulk`, is not the path of a VM with the id `bulk`.
 */
export function refuseUndeclaredMethods(server: FastifyInstance): void {
  const literal = new Map<string, Set<string>>();
  const withParameters: Declared[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    if (url === anyPath) return;
    for (const one of [method].flat()) {
      if (url.includes(':')) withParameters.push({ path: pathPattern(url), method: one });
      else literal.set(url, (literal.get(url) ?? new Set()).add(one));
    }
  });
  const methodsOf = (path: string): Set<string> =>
    new Set(withParameters.filter((one) => one.path.test(path)).map(({ method }) => method));
  server.addHook('onRequest', (request, _reply, done) => {
    const path = pathOf(request);
    const isUnrouted = request.is404 || request.routeOptions.url === anyPath;
    const allowed =
      literal.get(path) ??
      literal.get(path.replace(/\/$/, '')) ??
      (isUnrouted ? methodsOf(path) : new Set<string>());
    if (allowed.size > 0 && !allowed.has(request.method))
      throw methodNotAllowed(request.method, [...allowed]);
    done();
  });
}

/** Returns the pattern of the paths that a route matches, with and without a slash at the end. */
function pathPattern(url: string): RegExp {
  const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/\W/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}/?$`);
}

function methodNotAllowed(method: string, allowed: readonly string[]): ProblemError {
  const allow = allowed.toSorted().join(', ');
  return new ProblemError('method-not-allowed', `This address does not support ${method}. Use ${allow}.`, {
    allow,
  });
}
