import { checkOptions, rules } from '../core/index.ts';
import type { MessageBody } from '../wsman/index.ts';

/** Destination of a connection. */
export interface ConnectionTarget {
  /** The endpoint's URL, without credentials. */
  readonly url: URL;
  /**
   * Returns the host's TLS certificate (DER), or undefined without TLS. The socket is connected before the first step,
   * so a mechanism can bind its tokens to the certificate (RFC 5929 tls-server-end-point).
   */
  readonly serverCertificate?: () => Buffer | undefined;
}

/** Authentication part of a host's response. */
export interface Challenge {
  /** HTTP status. 401 asks for a token or for the next one; any other status accepts the last token. */
  readonly status: number;
  /** `WWW-Authenticate` values, one per scheme. */
  readonly wwwAuthenticate: readonly string[];
}

/** Next step of authenticating a connection. */
export type AuthenticationStep =
  /** Send a POST without a body with this `Authorization` header, then pass its response to the next `step`. */
  | { readonly kind: 'leg'; readonly authorization: string }
  /** Authenticated. Each request carries `authorization`; if it is absent, the connection itself is authenticated. */
  | { readonly kind: 'ready'; readonly authorization?: string }
  /** The host rejects the credentials or the mechanism. `cause` becomes the cause of the WsmanError `access-denied`. */
  | { readonly kind: 'refused'; readonly reason: string; readonly cause?: Error };

/**
 * Security context of one TCP connection; its keys are valid for that connection only. One request is in flight at a
 * time, so `wrap` and `unwrap` are called in order.
 */
export interface ConnectionAuthentication {
  /**
   * Computes the next step. Called first without a challenge, then with the response to the last leg, until it resolves
   * to `ready` or `refused`. A rejection becomes the cause of `access-denied`. `dispose` may be called while a step is
   * pending, when the request is aborted.
   */
  step(challenge: Challenge | undefined): Promise<AuthenticationStep>;
  /** Seals a request. Returns it unchanged if the mechanism does not seal. */
  wrap(message: MessageBody): MessageBody;
  /**
   * Opens a response.
   *
   * @throws if the response is not sealed although it has to be, or if its seal does not match.
   */
  unwrap(message: MessageBody): Buffer;
  /** Discards keys and tokens. Called when the connection has closed. */
  dispose(): void;
}

/** Authentication method with its credentials; creates a security context for each connection. */
export interface Authenticator {
  /** True if the secret travels in clear text. Plain HTTP is then refused, except to loopback addresses. */
  readonly exposesSecret: boolean;
  /** Creates the security context of a new connection. */
  forConnection(target: ConnectionTarget): ConnectionAuthentication;
  /**
   * Discards the credentials. Its creator calls it once all clients that use the authenticator are closed; clients
   * never do, because several may share one authenticator.
   */
  dispose?(): void;
}

/**
 * Creates an authenticator for HTTP Basic (RFC 7617): local accounts of a host that allows Basic, over HTTPS. The
 * credentials are kept in a closure, out of the reach of loggers and serializers.
 *
 * @throws {OptionError} if an argument is not a string.
 * @throws {TypeError} if `user` contains a colon.
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
