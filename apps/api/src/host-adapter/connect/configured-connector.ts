import type { HostEndpoint } from '../../config/host-endpoint.ts';
import type { HostTarget } from '../../config/host-target.ts';
import { serviceNameOf } from '../../config/service-name.ts';
import type { Config } from '../../config/settings.ts';
import type { AgentConnector } from '../agent/agent-session.ts';
import { configuredDeployment } from '../agent/configured-deployment.ts';
import { winrsConnector } from '../winrs/winrs-session.ts';
import { Authenticators, type HostCredentials } from './authenticators.ts';
import { transportLimits, type TransportSettings } from './configured-limits.ts';
import { HostShells } from './host-shells.ts';
import { hostTransport, wsmanOptions, type HostTransportOptions } from './host-transport.ts';
import { psrpConnector } from './psrp-session.ts';
import type { SweptPoolOptions } from './swept-pool.ts';

/** The settings used to connect to hosts. */
export type ReachSettings = HostCredentials &
  TransportSettings &
  Pick<HostTransportOptions, 'allowPlainHttp' | 'caCertificates' | 'verifyTls'> &
  Pick<
    Config,
    | 'serviceName'
    | 'bindAddress'
    | 'port'
    | 'operationsPerHost'
    | 'hostInstallDirectory'
    | 'agentDeployment'
    | 'agentDownloadBaseUrl'
  >;

/**
 * Creates the connector for the configured hosts.
 *
 * @param report Receives messages for the log.
 */
export function configuredConnector(
  settings: ReachSettings,
  report: (message: string) => void = () => undefined,
): AgentConnector {
  const authenticators = new Authenticators(settings);
  const { allowPlainHttp, caCertificates, verifyTls } = settings;
  // All operations of a host, and its watch.
  const runspaces = settings.operationsPerHost + 1;
  const limits = transportLimits(settings);
  const options = { authenticators, allowPlainHttp, caCertificates, verifyTls, runspaces, limits };
  const pools: SweptPoolOptions = {
    transport: ({ target }) => hostTransport(remoting(target), options),
    requests: ({ target }) => (target.kind === 'wsman' ? wsmanOptions(target, options) : undefined),
    runspaces,
    shells: new HostShells(serviceNameOf(settings)),
    onSwept: ({ address }: HostEndpoint, shells) =>
      report(`${address}: deleted orphaned shells of an earlier session of this service: ${String(shells)}.`),
  };
  const psrp = psrpConnector(pools, configuredDeployment(settings, report));
  const winrs = winrsFrom(settings, limits.closeTimeout);
  return {
    open: (endpoint, signal) => (endpoint.target.kind === 'winrs' ? winrs : psrp).open(endpoint, signal),
    dispose: () => authenticators.dispose(),
  };
}

function winrsFrom(settings: ReachSettings, closeTimeout: number): AgentConnector {
  const { winrmUsername: user, winrmPassword: password, verifyTls, hostInstallDirectory } = settings;
  return {
    open: (endpoint, signal) => {
      // Unreachable: the configuration is rejected without them.
      if (user === null || password === null) throw new Error('There are no credentials for WinRS.');
      const options = { user, password, verifyTls, installDirectory: hostInstallDirectory, closeTimeout };
      return winrsConnector(options).open(endpoint, signal);
    },
  };
}

function remoting(target: HostTarget): Exclude<HostTarget, { kind: 'winrs' }> {
  if (target.kind === 'winrs') throw new Error(`${target.address} does not use PowerShell Remoting.`);
  return target;
}
