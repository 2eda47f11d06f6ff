import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isSafeMethod } from '../../auth/access.ts';
import { ProblemError } from '../../problems/problem-error.ts';

/** Names under which a loopback service is called. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * A service on loopback without a login is within reach of every web page that its user opens. So: the Host header must
 * be a name we go by (a rebound DNS name is not), a browser's request to the API must come from our own pages, and a
 * mutation must say that it carries JSON, which no form can.
 */
export function protectLoopback(
  server: FastifyInstance,
  assertKnownHost: (request: FastifyRequest) => void,
): void {
  server.addHook('onRequest', (request, _reply, done) => {
    assertKnownHost(request);
    const mutates = !isSafeMethod(request.method);
    if (mutates || isApiRoute(request)) assertOwnOrigin(request);
    if (mutates && !request.is404) assertJson(request);
    done();
  });
}

/**
 * What refuses a request that calls the service by a foreign name.
 *
 * @param allowedHosts Names beside those of loopback, without ports, as written in the Host header.
 */
export function knownHosts(allowedHosts: readonly string[]): (request: FastifyRequest) => void {
  const names = new Set([...loopbackNames, ...allowedHosts.map((name) => name.toLowerCase())]);
  return (request) => {
    const { host } = request.headers;
    if (host === undefined) throw new ProblemError('bad-request', 'The request names no host.');
    if (names.has(host.replace(/:[0-9]*$/, '').toLowerCase())) return;
    throw new ProblemError(
      'foreign-host',
      `The service does not go by the name "${host}". Names other than localhost are set with ALLOWED_HOSTS.`,
    );
  };
}

/** By the route that was found: the text of the address can be written in many ways. */
function isApiRoute(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith('/api/') ?? false;
}

function assertOwnOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  const foreignOrigin = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
  if (foreignSite || foreignOrigin) {
    throw new ProblemError('foreign-origin', 'The service accepts browser requests only from its own pages.');
  }
}

function assertJson(request: FastifyRequest): void {
  const mediaType = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new ProblemError('unsupported-media-type', 'Send application/json, even if the body is empty.');
  }
}
