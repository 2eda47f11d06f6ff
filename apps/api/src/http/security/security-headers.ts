import type { FastifyInstance, FastifyRequest } from 'fastify';

const policy = {
  'default-src': "'self'",
  'script-src': "'self'",
  // Fluent UI inserts its style rules at run time.
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'font-src': "'self' data:",
  'connect-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** Redoc runs its search in a worker created from a blob. */
const redocPolicy = { ...policy, 'worker-src': "'self' blob:" };

function render(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** Returns the policy of a page that also connects to these origins. */
export function policyWithConnections(origins: readonly string[]): string {
  return render({ ...policy, 'connect-src': ["'self'", ...origins].join(' ') });
}

/** Security headers of every response. */
export const securityHeaders = {
  'content-security-policy': render(policy),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** A year, the minimum of OWASP ASVS 5.0, 3.4.1. Other names below the service's own belong to others. */
const strictTransport = 'max-age=31536000';

/** Returns the security headers of the response to a request. */
export function securityHeadersOf(request: FastifyRequest): Record<string, string> {
  // Browsers ignore the header over plain HTTP and for addresses (RFC 6797, 8.1 and 8.3). For localhost it would break
  // other services of the machine.
  const isStrict = request.protocol === 'https' && request.hostname !== 'localhost';
  return {
    ...securityHeaders,
    ...(isStrict ? { 'strict-transport-security': strictTransport } : {}),
    ...(request.routeOptions.url === '/redoc' ? { 'content-security-policy': render(redocPolicy) } : {}),
  };
}

/** Adds headers to every response that keep browsers from running or framing foreign content. */
export function setSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeadersOf(request));
    done();
  });
}
