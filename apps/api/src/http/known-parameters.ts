import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isSafeMethod, isVmControl } from '../common/route-access.ts';
import { validationFailed } from '../problems/problem-error.ts';

/**
 * Refuses unknown query parameters of requests that change something: a misspelt `dryRun` must not run the command. The
 * VM control API ignores them, as the VM controller does. Add it after the access guard.
 */
export function refuseUnknownParameters(server: FastifyInstance): void {
  server.addHook('preValidation', (request, _reply, done) => {
    if (!isSafeMethod(request.method) && !isVmControl(request)) assertKnownParameters(request);
    done();
  });
}

/** Public routes declare no parameters. */
function assertKnownParameters({ query, routeOptions }: FastifyRequest): void {
  const { access } = routeOptions.config;
  if (access === undefined || !('permission' in access)) return;
  const known = access.query?.properties ?? {};
  const unknown = Object.keys(query ?? {}).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  throw validationFailed(unknown.map((field) => ({ field, message: 'is not a known parameter' })));
}
