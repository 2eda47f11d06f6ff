import type { AgentConnector } from './agent-session.ts';
import { Authenticators, type HostCredentials } from './authenticators.ts';
import { defaultHostGatewayLimits } from './host-gateway.ts';
import { hostTransport, type HostTransportOptions } from './host-transport.ts';
import { psrpConnector } from './psrp-session.ts';

/** What of the configuration says how hosts are reached. */
export type ReachSettings = HostCredentials &
  Pick<HostTransportOptions, 'allowPlainHttp' | 'caCertificates' | 'verifyTls'>;

/** Reaches the configured hosts. */
export function configuredConnector(settings: ReachSettings): AgentConnector {
  const authenticators = new Authenticators(settings);
  const { allowPlainHttp, caCertificates, verifyTls } = settings;
  // All operations of a host, and its watch.
  const runspaces = defaultHostGatewayLimits.operationsPerHost + 1;
  const options = { authenticators, allowPlainHttp, caCertificates, verifyTls, runspaces };
  return {
    ...psrpConnector({ transport: (endpoint) => hostTransport(endpoint, options), runspaces }),
    dispose: () => authenticators.dispose(),
  };
}
