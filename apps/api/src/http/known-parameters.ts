import type { FastifyInstance } from 'fastify';
import { isSafeMethod, isVmControl } from '../common/route-access.ts';
import { validationFailed } from '../problems/problem-error.ts';

/**
 * Refuses unknown query parameters of requests that change something: a misspelt `dryRun` must not run the command. The
 * VM control API ignores them, as the VM controller does. Add it after the access guard.
 */
export function refuseUnknownParameters(server: FastifyInstance): void {
  server.addHook('preValidation', (request, _reply, done) => {
    const { access } = request.routeOptions.config;
    if (
      !isSafeMethod(request.method) &&
      access !== undefined &&
      'permission' in access &&
      !isVmControl(request)
    ) {
      const known = access.query?.properties ?? {};
      const unknown = Object.keys(request.query ?? {}).filter((name) => !Object.hasOwn(known, name));
      const errors = unknown.map((field) => ({ field, message: 'is not a known parameter' }));
      if (errors.length > 0) throw validationFailed(errors);
    }
    done();
  });
}
