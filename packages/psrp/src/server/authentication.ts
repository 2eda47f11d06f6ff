import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { checkOptions, rules } from '../core/index.ts';
import type { MessageBody } from '../wsman/index.ts';

/** Opens the requests and seals the responses of one connection, in order. */
export interface MessageSession {
  /**
   * Opens a request.
   *
   * @throws if the body is not sealed although it has to be, or if its seal does not match.
   */
  open(message: MessageBody): Buffer;
  /** Seals a response. */
  seal(message: MessageBody): MessageBody;
}

/** Authenticated sender of a request. */
export interface Acceptance {
  readonly kind: 'accepted';
  readonly principal: string;
  /** Last token of the mechanism, which authenticates the host to the client. */
  readonly wwwAuthenticate?: readonly string[];
  /** Present if the mechanism seals messages. */
  readonly session?: MessageSession;
}

/** Result of authenticating a request. */
export type AuthenticationVerdict =
  | Acceptance
  /** The response is 401 with these `WWW-Authenticate` values. */
  | { readonly kind: 'challenge'; readonly wwwAuthenticate: readonly string[] };

/** Authenticates a request; called for each request. May keep state per socket of the request. */
export type ServerAuthentication = (request: IncomingMessage) => Promise<AuthenticationVerdict>;

/**
 * Creates HTTP Basic authentication (RFC 7617).
 *
 * @param verify returns whether the user has this password.
 * @throws {OptionError} if `verify` is not a function.
 */
export function basicAuthentication(
  verify: (user: string, password: string) => boolean | Promise<boolean>,
): ServerAuthentication {
  checkOptions({ verify }, { verify: rules.call }, ['verify']);
  const challenge: AuthenticationVerdict = { kind: 'challenge', wwwAuthenticate: ['Basic realm="WSMAN"'] };
  return async (request) => {
    const [, encoded] = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(request.headers.authorization ?? '') ?? [];
    if (encoded === undefined) return challenge;
    const credentials = Buffer.from(encoded, 'base64').toString('utf8');
    const colon = credentials.indexOf(':');
    if (colon < 0) return challenge;
    const user = credentials.slice(0, colon);
    const accepted = await verify(user, credentials.slice(colon + 1));
    return accepted ? { kind: 'accepted', principal: user } : challenge;
  };
}

/** Compares secrets in constant time (for equal lengths). */
export function sameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return a.length === b.length && timingSafeEqual(a, b);
}
