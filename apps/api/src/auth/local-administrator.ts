import type { FastifyRequest } from 'fastify';
import type { PartialConfig } from '../config/host-target.ts';
import { isLoopback } from '../config/loopback.ts';
import { admitsLocalAdministrator } from '../config/sign-in.ts';
import type { Authentication } from './authentication.ts';
import type { Authenticator } from './authenticator.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { isForeignService, peerAccount } from './peer-account.ts';
import { localAdministrator } from './principal.ts';

/** Headers that only a proxy adds: its client may be on another machine. */
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

const authentication: Authentication = {
  principal: localAdministrator,
  method: 'local',
  credentialId: 'local',
  expiresAt: null,
};

/** Accepts callers on this machine without credentials, while no sign-in of people is configured. */
export class LocalAdministratorAuthenticator implements Authenticator {
  readonly #isAdmitted: boolean;

  constructor(config: PartialConfig) {
    this.#isAdmitted = admitsLocalAdministrator(config);
  }

  /** @throws ProblemError that explains why a request of this machine seems to be passed on by a proxy. */
  async authenticate(request: FastifyRequest): Promise<Authentication | null> {
    if (!this.#isAdmitted || !isFromThisMachine(request)) return null;
    const sign = signOfProxy(request) ?? (await signOfService(request));
    if (sign === undefined) return authentication;
    throw new ProblemError(
      'unauthenticated',
      `The request seems to come through a reverse proxy (${sign}), so it is not that of the local administrator. Configure a way to sign in, and TRUSTED_PROXIES (docs/network.md).`,
    );
  }
}

/** Returns whether a request was sent on this machine, to its loopback name. */
function isFromThisMachine({ raw: { socket, headers } }: FastifyRequest): boolean {
  // Node maps IPv4 peers of a dual-stack socket into IPv6.
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
  const host = (headers.host ?? '').replace(/:[0-9]*$/, '');
  return isLoopback(peer) && isLoopback(host);
}

/**
 * Returns what shows that a proxy has passed a request on. Before 1.29.7 nginx sends `Connection: close` and, unless
 * configured otherwise, HTTP/1.0; browsers and usual clients send neither.
 */
function signOfProxy({ raw: { headers, httpVersion } }: FastifyRequest): string | undefined {
  if (httpVersion === '1.0') return 'HTTP/1.0';
  if (headers.connection?.toLowerCase() === 'close') return 'Connection: close';
  const header = proxyHeaders.find((name) => headers[name] !== undefined);
  return header && `header ${header}`;
}

/** A proxy that adds nothing to requests still has an account of its own, unlike people. */
async function signOfService({ raw: { socket } }: FastifyRequest): Promise<string | undefined> {
  const uid = await peerAccount(socket);
  return uid !== undefined && isForeignService(uid) ? `sent by the system account ${uid}` : undefined;
}
