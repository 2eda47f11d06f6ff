import { checkOptions, rules } from '../core/index.ts';
import type { MessageBody } from '../wsman/index.ts';

/** Where a connection leads. */
export interface ConnectionTarget {
  /** The endpoint's URL, without credentials. */
  readonly url: URL;
  /**
   * The certificate (DER) that the host showed, over TLS: the socket stands before the first step, so that a mechanism can
   * bind its tokens to it (RFC 5929 tls-server-end-point).
   */
  readonly serverCertificate?: () => Buffer | undefined;
}

/** What an answer of the host says about authentication. */
export interface Challenge {
  /** 401 asks for (more of) a token; any other status accepts what was sent. */
  readonly status: number;
  /** The `WWW-Authenticate` values, one per scheme. */
  readonly wwwAuthenticate: readonly string[];
}

/** What to do next to authenticate a connection. */
export type AuthenticationStep =
  /** Send a POST without a body with this `Authorization`, and come back with what it answers. */
  | { readonly kind: 'leg'; readonly authorization: string }
  /** Authenticated. With an `authorization`, each request carries it; without, the connection remembers. */
  | { readonly kind: 'ready'; readonly authorization?: string }
  /** The host does not accept the credentials or the mechanism. `cause` becomes that of the WsmanError `access-denied`. */
  | { readonly kind: 'refused'; readonly reason: string; readonly cause?: Error };

/**
 * The authentication of one TCP connection, whose keys are good for nothing else. One request is in flight at a time, so
 * that `wrap` and `unwrap` happen in order.
 */
export interface ConnectionAuthentication {
  /**
   * Called without a challenge first, then with what the last leg answered, until `ready` or `refused`. What it rejects with
   * becomes the cause of `access-denied`. `dispose` may come while it is pending, when the call is given up.
   */
  step(challenge: Challenge | undefined): Promise<AuthenticationStep>;
  /** Seals a request, where the mechanism does. */
  wrap(message: MessageBody): MessageBody;
  /** Opens an answer. Throws for one that should be sealed and is not, or whose seal does not fit. */
  unwrap(message: MessageBody): Buffer;
  /** The connection is gone: forgets keys and tokens. */
  dispose(): void;
}

/** A way to authenticate, with its credentials: makes a security context for each connection. */
export interface Authenticator {
  /** Whether someone who reads the wire reads the secret; then plain HTTP is refused beyond loopback. */
  readonly exposesSecret: boolean;
  /** A fresh context for a connection not yet used. */
  forConnection(target: ConnectionTarget): ConnectionAuthentication;
  /**
   * Forgets the credentials. For whoever made the authenticator to call, once the clients that use it are closed: clients
   * never do, since several may share one.
   */
  dispose?(): void;
}

/**
 * HTTP Basic (RFC 7617): local accounts of a host that allows it, over HTTPS. The credentials are kept in this closure
 * only, out of the reach of loggers and serializers.
 */
export function basic(user: string, password: string): Authenticator {
  checkOptions({ user, password }, { user: rules.text, password: rules.text }, ['user', 'password']);
  if (user.includes(':'))
    throw new TypeError('A user name for Basic authentication must not contain a colon');
  const authorization = `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
  return {
    exposesSecret: true,
    forConnection: () => ({
      step: (challenge) =>
        Promise.resolve(
          challenge === undefined
            ? { kind: 'ready', authorization }
            : { kind: 'refused', reason: refusal(challenge) },
        ),
      wrap: (message) => message,
      unwrap: ({ body }) => body,
      dispose: () => undefined,
    }),
  };
}

function refusal({ wwwAuthenticate }: Challenge): string {
  const schemes = wwwAuthenticate.map((value) => value.split(' ', 1)[0] ?? '');
  return schemes.length === 0 || schemes.some((scheme) => /^basic$/i.test(scheme))
    ? 'the host does not accept these credentials'
    : `the host does not offer Basic, only ${schemes.join(', ')}`;
}
