import { hostname } from 'node:os';
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../../config/settings.ts';
import { isLoopback } from '../../config/loopback.ts';
import { ProblemError } from '../../problems/problem-error.ts';

/** Host names of a loopback service. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Returns a check that refuses requests with an unknown host name, which a web page could resolve to this service (DNS
 * rebinding). Addresses cannot be rebound, so a service that listens on more than loopback accepts all of them.
 */
export function knownHosts({
  allowedHosts,
  bindAddress,
  oidcRedirectUri,
}: Pick<Config, 'allowedHosts' | 'bindAddress' | 'oidcRedirectUri'>): (request: FastifyRequest) => void {
  const isPublic = !isLoopback(bindAddress);
  const names = new Set(
    [
      ...loopbackNames,
      ...allowedHosts,
      ...(oidcRedirectUri === null ? [] : [new URL(oidcRedirectUri).hostname]),
      ...(isPublic ? [hostname()] : []),
    ].map((name) => name.toLowerCase()),
  );
  return (request) => {
    const { host } = request.headers;
    if (host === undefined) throw new ProblemError('bad-request', 'The request does not name a host.');
    const name = host.replace(/:[0-9]*$/, '').toLowerCase();
    if (names.has(name) || (isPublic && isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0)) return;
    throw new ProblemError(
      'foreign-host',
      `The service does not accept the host name "${host}". Add it to ALLOWED_HOSTS if it is correct.`,
    );
  };
}
