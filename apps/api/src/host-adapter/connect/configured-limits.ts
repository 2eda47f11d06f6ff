import type { Config } from '../../config/settings.ts';
import { defaultHostGatewayLimits, type HostGatewayLimits } from './host-gateway.ts';
import type { HostTransportLimits } from './host-transport.ts';

/** Returns the gateway's limits of a configuration. */
export function gatewayLimits(config: Config): HostGatewayLimits {
  return {
    ...defaultHostGatewayLimits,
    trusted: { handshakes: config.maxHandshakes, operations: config.maxOperations },
    operationsPerHost: config.operationsPerHost,
    handshakeTimeout: config.connectTimeout * 1000,
    silence: config.silenceTimeout * 1000,
    breakerThreshold: config.breakerThreshold,
    breakerFirstWait: config.breakerFirstWait * 1000,
    breakerLongestWait: config.breakerLongestWait * 1000,
  };
}

/** The settings with limits of the transport. */
export type TransportSettings = Pick<
  Config,
  'connectTimeout' | 'winrmOperationTimeout' | 'winrmIdleTimeout' | 'winrmCloseTimeout' | 'winrmMaxEnvelope'
>;

/** Returns the transport's limits of a configuration. */
export function transportLimits(settings: TransportSettings): HostTransportLimits {
  return {
    // Shorter than the whole handshake, to distinguish a host that does not respond from one that hangs.
    connectTimeout: settings.connectTimeout * 750,
    operationTimeout: settings.winrmOperationTimeout * 1000,
    idleTimeout: settings.winrmIdleTimeout * 1000,
    closeTimeout: settings.winrmCloseTimeout * 1000,
    maxEnvelopeSize: settings.winrmMaxEnvelope * 1024,
  };
}
