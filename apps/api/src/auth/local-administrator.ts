import type { FastifyRequest } from 'fastify';
import type { PartialConfig } from '../config/host-target.ts';
import { isLoopback } from '../config/loopback.ts';
import { admitsLocalAdministrator } from '../config/sign-in.ts';
import type { Authentication } from './authentication.ts';
import type { Authenticator } from './authenticator.ts';
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

  authenticate(request: FastifyRequest): Promise<Authentication | null> {
    return Promise.resolve(this.#isAdmitted && isFromThisMachine(request) ? authentication : null);
  }
}

/** Returns whether a request was sent on this machine, to its loopback name, without a proxy. */
function isFromThisMachine({ raw: { socket, headers } }: FastifyRequest): boolean {
  // Node maps IPv4 peers of a dual-stack socket into IPv6.
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
  const host = (headers.host ?? '').replace(/:[0-9]*$/, '');
  return isLoopback(peer) && isLoopback(host) && proxyHeaders.every((name) => headers[name] === undefined);
}
