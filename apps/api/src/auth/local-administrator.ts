import type { FastifyRequest } from 'fastify';
import { clientOfAddress } from '../common/client-address.ts';
import type { PartialConfig } from '../config/host-target.ts';
import { isLoopback } from '../config/loopback.ts';
import { admitsLocalAdministrator } from '../config/sign-in.ts';
import type { Authentication } from './authentication.ts';
import type { Authenticator } from './authenticator.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { isForeignService, peerAccount } from './peer-account.ts';
import { localAdministrator } from './principal.ts';

/** Headers that proxies add. The client of a proxy may be on another machine. */
const proxyHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-real-ip',
  'x-original-host',
  'true-client-ip',
  'cf-connecting-ip',
];

/** Accepts callers on this machine without credentials while people cannot sign in. */
export class LocalAdministratorAuthenticator implements Authenticator {
  readonly #isAdmitted: boolean;

  constructor(config: PartialConfig) {
    this.#isAdmitted = admitsLocalAdministrator(config);
  }

  /** @throws ProblemError `unauthenticated` that names the sign of a proxy, if the request has one. */
  async authenticate(request: FastifyRequest): Promise<Authentication | null> {
    if (!this.#isAdmitted || !isFromThisMachine(request)) return null;
    const sign = signOfProxy(request) ?? (await signOfService(request));
    if (sign === undefined) return authenticationOf(request);
    throw new ProblemError(
      'unauthenticated',
      `The request seems to come through a reverse proxy (${sign}), so it is not accepted without credentials. Behind a proxy, configure sign-in and TRUSTED_PROXIES (docs/network.md). A program on this machine can use an API key.`,
    );
  }
}

/** Local callers have no credential, so their address distinguishes them where each has a limit. */
function authenticationOf({ raw: { socket } }: FastifyRequest): Authentication {
  const credentialId = `local ${clientOfAddress(socket.remoteAddress)}`;
  return { principal: localAdministrator, method: 'local', credentialId, expiresAt: null };
}

/** Returns whether a request comes from a loopback address and names a loopback host. */
function isFromThisMachine({ raw: { socket, headers } }: FastifyRequest): boolean {
  const host = (headers.host ?? '').replace(/:[0-9]*$/, '');
  return isLoopback(socket.remoteAddress ?? '') && isLoopback(host);
}

/**
 * Returns the sign of a proxy in a request. nginx before 1.29.7 sends `Connection: close` and, by default, HTTP/1.0.
 * Browsers and curl send neither.
 */
function signOfProxy({ raw: { headers, httpVersion } }: FastifyRequest): string | undefined {
  if (httpVersion === '1.0') return 'HTTP/1.0';
  if (headers.connection?.toLowerCase() === 'close') return 'Connection: close';
  const header = proxyHeaders.find((name) => headers[name] !== undefined);
  return header && `header ${header}`;
}

/** Returns the service account that sent a request: a proxy that changes nothing in requests still runs under one. */
async function signOfService({ raw: { socket } }: FastifyRequest): Promise<string | undefined> {
  const uid = await peerAccount(socket);
  return uid !== undefined && isForeignService(uid) ? `sent by the system account ${uid}` : undefined;
}
