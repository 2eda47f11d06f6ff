import type { FastifyInstance } from 'fastify';
import { pathOf } from '../common/path-of.ts';
import { ProblemError } from '../problems/problem-error.ts';

interface Declared {
  readonly path: RegExp;
  readonly method: string;
}

/** The route of the console, which answers every address that no other route has. */
const anyPath = '/*';

/** Answers 405 with `Allow` to a method that no route has for the address, if routes have others for it. */
export function refuseUndeclaredMethods(server: FastifyInstance): void {
  const declared: Declared[] = [];
  server.addHook('onRoute', ({ url, method }) => {
    if (url === anyPath) return;
    for (const one of [method].flat()) declared.push({ path: pathPattern(url), method: one });
  });
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.is404 || request.routeOptions.url === anyPath) {
      const path = pathOf(request);
      const allowed = new Set(declared.filter((one) => one.path.test(path)).map(({ method }) => method));
      if (allowed.size > 0 && !allowed.has(request.method))
        throw methodNotAllowed(request.method, [...allowed]);
    }
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
  return new ProblemError('method-not-allowed', `${method} is not possible here; use ${allow}.`, { allow });
}
