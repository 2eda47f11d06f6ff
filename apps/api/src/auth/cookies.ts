import type { FastifyReply, FastifyRequest } from 'fastify';

/** The conditions under which browsers send a cookie. All our cookies are `Secure`, `HttpOnly` and for the whole host. */
export interface CookieRules {
  readonly sameSite: 'Strict' | 'Lax';
  /** The life of the cookie in seconds; if absent, it lasts until the browser ends. */
  readonly maxAge?: number;
}

/** Returns the cookies of a request in the order in which they were sent (RFC 6265, 5.4), the first of each name. */
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

/** Adds a cookie to the response. The value must consist of characters that cookies may have, such as base64url. */
export function setCookie(reply: FastifyReply, name: string, value: string, rules: CookieRules): void {
  const age = rules.maxAge === undefined ? '' : `; Max-Age=${rules.maxAge}`;
  reply.header('set-cookie', `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${rules.sameSite}${age}`);
}

/** Makes the browser delete a cookie. */
export function clearCookie(reply: FastifyReply, name: string, { sameSite }: CookieRules): void {
  setCookie(reply, name, '', { sameSite, maxAge: 0 });
}
