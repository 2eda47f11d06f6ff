import type { FastifyInstance } from 'fastify';
import { keyHeader } from '../auth/keys/key-authenticator.ts';
import { allowedAddresses } from '../common/allowed-addresses.ts';
import { isVmControl } from '../common/route-access.ts';
import type { Config } from '../config/settings.ts';
import type { CountRequest } from '../http/rate-limits.ts';
import { ProblemError } from '../problems/problem-error.ts';

/**
 * Refuses requests to the VM control API from addresses that are not allowed (403), and without an API key (401). Must be
 * registered before the access guard, which would accept other credentials.
 *
 * @param count Counts a refused request for its address; the access guard counts all others.
 */
export function guardVmControl(
  server: FastifyInstance,
  { allowIp }: Pick<Config, 'allowIp'>,
  count: CountRequest,
): void {
  const isAllowed = allowedAddresses(allowIp);
  server.addHook('onRequest', async (request) => {
    if (!isVmControl(request)) return;
    if (!isAllowed(request.ip)) {
      await count(request, null);
      throw new ProblemError(
        'forbidden',
        `The address ${request.ip} may not use the VM control API (ALLOW_IP).`,
      );
    }
    if (request.headers[keyHeader] === undefined) {
      await count(request, null);
      throw new ProblemError('unauthenticated', 'The API key is missing: send it as x-api-key.');
    }
  });
}
