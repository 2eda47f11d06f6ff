import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { checkOptions, rules } from '../core/index.ts';
import type { MessageBody } from '../wsman/index.ts';

/** Opens requests and seals answers of one connection, in the order they come. */
export interface MessageSession {
  /** Throws for a body that should be sealed and is not, or whose seal does not fit. */
  open(message: MessageBody): Buffer;
  /** Seals an answer. */
  seal(message: MessageBody): MessageBody;
}

/** Who sends a request. */
export interface Acceptance {
  readonly kind: 'accepted';
  readonly principal: string;
  /** The last token of a mechanism, by which the client knows the host. */
  readonly wwwAuthenticate?: readonly string[];
  /** Where the mechanism seals messages. */
  readonly session?: MessageSession;
}

/** Whether a request may go on. */
export type AuthenticationVerdict =
  | Acceptance
  /** Answered with 401 and these `WWW-Authenticate` values. */
  | { readonly kind: 'challenge'; readonly wwwAuthenticate: readonly string[] };

/** Says who sends a request; asked for each one. May keep state by the request's socket. */
export type ServerAuthentication = (request: IncomingMessage) => Promise<AuthenticationVerdict>;

/** Basic authentication (RFC 7617): `verify` says whether a user has this password. */
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

/** Compares secrets without telling by time where they differ. */
export function sameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given, 'utf8'), Buffer.from(expected, 'utf8')];
  return a.length === b.length && timingSafeEqual(a, b);
}
