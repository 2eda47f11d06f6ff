import { NegotiateAcceptor, type AcceptorOptions } from '@aether-v/psrp/gssapi';
import { basicAuthentication, sameSecret, type ServerAuthentication } from '@aether-v/psrp/server';

/** How the hosts of a fleet know who asks. */
export interface FleetAuthentication {
  readonly authenticate: ServerAuthentication;
  close(): Promise<void>;
}

/** What the hosts ask for. */
export interface FleetAccount {
  /** What Basic authentication asks for. */
  readonly username: string;
  readonly password: string;
  /** Negotiate instead, by Kerberos or NTLM: Basic is refused then, as on hosts that were not told otherwise. */
  readonly negotiate?: AcceptorOptions;
}

/** One for all hosts of a fleet: they share a port, and Negotiate belongs to the connection. */
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
