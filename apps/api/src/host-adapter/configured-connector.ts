import { basic } from '@aether-v/psrp/client';
import type { AgentConnector } from './agent-session.ts';
import { defaultHostGatewayLimits } from './host-gateway.ts';
import { psrpConnector } from './psrp-session.ts';

/** Who the service is on the hosts, and what may travel readably. */
export interface HostCredentials {
  readonly username: string;
  readonly password: string;
  readonly allowPlainHttp: boolean;
}

/** Reaches the configured hosts. */
export function configuredConnector({ username, password, allowPlainHttp }: HostCredentials): AgentConnector {
  return psrpConnector({
    authenticator: basic(username, password),
    allowPlainHttp,
    // All operations of a host, and its watch.
    runspaces: defaultHostGatewayLimits.operationsPerHost + 1,
  });
}
