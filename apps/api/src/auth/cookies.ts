import type { FastifyReply, FastifyRequest } from 'fastify';

/** Attributes of a cookie. All cookies of the service are also `Secure`, `HttpOnly` and valid for the whole host. */
export interface CookieRules {
  readonly sameSite: 'Strict' | 'Lax';
  /** The lifetime of the cookie in seconds; if absent, it lasts until the browser is closed. */
  readonly maxAge?: number;
}

/** Returns the cookies of a request in the order sent (RFC 6265, 5.4). Of several with one name, the first counts. */
export function cookiesOf(request: FastifyRequest): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals === -1) continue;
    const name = pair.slice(0, equals).trim();
    if (!cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
}

/** Adds a cookie to the response. The value must contain only characters that cookies allow, such as base64url. */
export function setCookie(reply: FastifyReply, name: string, value: string, rules: CookieRules): void {
  const age = rules.maxAge === undefined ? '' : `; Max-Age=${rules.maxAge}`;
  reply.header('set-cookie', `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${rules.sameSite}${age}`);
}

/** Makes the browser delete a cookie. */
export function clearCookie(reply: FastifyReply, name: string, { sameSite }: CookieRules): void {
  setCookie(reply, name, '', { sameSite, maxAge: 0 });
}
