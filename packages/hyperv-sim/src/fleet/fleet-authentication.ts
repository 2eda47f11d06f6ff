import { NegotiateAcceptor, type AcceptorOptions } from '@aether-v/psrp/gssapi';
import { basicAuthentication, sameSecret, type ServerAuthentication } from '@aether-v/psrp/server';

/** The authentication of a fleet's hosts. */
export interface FleetAuthentication {
  readonly authenticate: ServerAuthentication;
  close(): Promise<void>;
}

/** The authentication that the hosts require. */
export interface FleetAccount {
  /** The credentials of Basic authentication. */
  readonly username: string;
  readonly password: string;
  /** Negotiate (Kerberos or NTLM) instead of Basic, which is the default of real hosts. */
  readonly negotiate?: AcceptorOptions;
}

/** Creates one authentication for all hosts of a fleet: they share a port, and Negotiate belongs to the connection. */
export function fleetAuthentication({ username, password, negotiate }: FleetAccount): FleetAuthentication {
  if (negotiate !== undefined) return new NegotiateFleet(negotiate);
  return {
    authenticate: basicAuthentication(
      (user, secret) => sameSecret(user, username) && sameSecret(secret, password),
    ),
    close: () => Promise.resolve(),
  };
}

class NegotiateFleet implements FleetAuthentication {
  readonly #acceptor: NegotiateAcceptor;

  constructor(options: AcceptorOptions) {
    this.#acceptor = new NegotiateAcceptor(options);
  }

  get authenticate(): ServerAuthentication {
    return this.#acceptor.authenticate;
  }

  close(): Promise<void> {
    return this.#acceptor.close();
  }
}
