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
 * forms cannot send that method either, and scripts of foreign pages only after a preflight, which is never granted.
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

function assertOwnOrigin({ headers, protocol }: FastifyRequest): void {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  const isForeignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  const own = originOf(`${protocol}://${host}`);
  const from = origin === undefined ? undefined : originOf(origin);
  if (!isForeignSite && (origin === undefined || (from !== undefined && from === own))) return;
  const isOtherScheme = from !== undefined && from === originOf(`${otherScheme(protocol)}://${host}`);
  throw new ProblemError(
    'foreign-origin',
    isOtherScheme
      ? `The page has the origin ${from}, but its request arrived over ${protocol}. If a reverse proxy is in between, set TRUSTED_PROXIES and let it send X-Forwarded-Proto.`
      : 'The service accepts browser requests only from its own pages.',
  );
}

/** Returns the origin of an address, without the default port; undefined for a text that is not an address. */
function originOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).origin : undefined;
}

function otherScheme(protocol: string): string {
  return protocol === 'https' ? 'http' : 'https';
}

function isBareDeletion({ method, headers }: FastifyRequest): boolean {
  const { 'content-type': type, 'content-length': length = '0', 'transfer-encoding': encoding } = headers;
  return method === 'DELETE' && type === undefined && length === '0' && encoding === undefined;
}

function assertJson(request: FastifyRequest): void {
  const mediaType = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') {
    throw new ProblemError('unsupported-media-type', 'Send application/json, even if the body is empty.');
  }
}
