import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isSafeMethod } from '../../auth/access.ts';
import { ProblemError } from '../../problems/problem-error.ts';

/** Host names of a loopback service. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Protects a loopback service without a login from web pages that its user opens. The Host header must be a known name
 * (a rebound DNS name is not), a browser's API request must come from our own pages, and a mutation must declare JSON,
 * which forms cannot.
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
 * Returns a check that refuses requests with an unknown host name.
 *
 * @param allowedHosts Names in addition to those of loopback, without ports, as written in the Host header.
 */
export function knownHosts(allowedHosts: readonly string[]): (request: FastifyRequest) => void {
  const names = new Set([...loopbackNames, ...allowedHosts.map((name) => name.toLowerCase())]);
  return (request) => {
    const { host } = request.headers;
    if (host === undefined) throw new ProblemError('bad-request', 'The request does not name a host.');
    if (names.has(host.replace(/:[0-9]*$/, '').toLowerCase())) return;
    throw new ProblemError(
      'foreign-host',
      `The service does not accept the host name "${host}". Add it to ALLOWED_HOSTS if it is correct.`,
    );
  };
}

/** Decides by the matched route, because the same address can be written in many ways. */
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
