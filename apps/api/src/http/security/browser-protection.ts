import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isSafeMethod } from '../../common/route-access.ts';
import { ProblemError } from '../../problems/problem-error.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The route is not for browsers, so the rules against foreign web pages do not apply: it accepts every Host header,
     * Origin and content type. Its callers send credentials that browsers do not add by themselves.
     */
    notForBrowsers?: true;
    /** The route accepts every Host header, because probes call it by address. */
    anyHost?: true;
  }
}

/**
 * Protects the service from foreign web pages that its users open. The Host header must be a known name (a rebound DNS
 * name is not), and API requests of browsers must come from the service's own pages.
 */
export function protectBrowsers(
  server: FastifyInstance,
  assertKnownHost: (request: FastifyRequest) => void,
): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { notForBrowsers, anyHost } = request.routeOptions.config;
    if (notForBrowsers !== true) {
      if (anyHost !== true) assertKnownHost(request);
      if (!isSafeMethod(request.method) || isApiRoute(request)) assertOwnOrigin(request);
    }
    done();
  });
}

/**
 * Requires every mutation to be JSON, which forms of foreign pages cannot send. A DELETE without a body needs no type:
 * forms cannot send that method either.
 */
export function requireJson(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { notForBrowsers } = request.routeOptions.config;
    const isExempt = notForBrowsers === true || isSafeMethod(request.method) || isBareDeletion(request);
    if (!isExempt && !request.is404) assertJson(request);
    done();
  });
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

function isBareDeletion({ method, headers }: FastifyRequest): boolean {
  const { 'content-type': type, 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return method === 'DELETE' && type === undefined && length === '0' && encoding === undefined;
}

function assertJson(request: FastifyRequest): void {
  // Forms cannot send DELETE, and scripts of foreign pages only after a preflight, which is never granted.
  if (request.method === 'DELETE' && request.headers['content-type'] === undefined) return;
  const mediaType = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new ProblemError('unsupported-media-type', 'Send application/json, even if the body is empty.');
  }
}
