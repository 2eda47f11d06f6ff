import { wsmanTransport, type PsrpTransport, type WsmanClientOptions } from '@aether-v/psrp/client';
import { processTransport } from '@aether-v/psrp/process';
import type { HostTarget, WsmanTarget } from '../../config/host-target.ts';
import type { Authenticators } from './authenticators.ts';

/** What is the same for all hosts. Times are milliseconds. */
export interface HostTransportOptions {
  readonly authenticators: Authenticators;
  /** Lets Basic credentials travel over plain HTTP beyond this machine. */
  readonly allowPlainHttp: boolean;
  /** Certificates (PEM) to trust instead of the well-known ones, or null. */
  readonly caCertificates: string | null;
  readonly verifyTls: boolean;
  /** How many pipelines run at once on one host. */
  readonly runspaces: number;
  readonly limits: HostTransportLimits;
}

/** Times in milliseconds, sizes in bytes. */
export interface HostTransportLimits {
  /** How long making a connection may take. */
  readonly connectTimeout: number;
  /** How long a host may hold a request open while it has nothing to say. */
  readonly operationTimeout: number;
  /** After which time without a request a host ends a shell. */
  readonly idleTimeout: number;
  /** How long closing may take. */
  readonly closeTimeout: number;
  /** The longest message in both directions. */
  readonly maxEnvelopeSize: number;
}

/** Beside one connection for each pipeline: the pool's own Receive, and two for what is short. */
const spareConnections = 3;

/** Where the names of endpoint configurations begin (`Get-PSSessionConfiguration` shows them without it). */
const configurationUri = 'http://schemas.microsoft.com/powershell/';

/** What carries a session to a host: WS-Management, or the standard streams of a PowerShell process on this machine. */
export function hostTransport(
  target: Exclude<HostTarget, { kind: 'winrs' }>,
  options: HostTransportOptions,
): PsrpTransport {
  const { idleTimeout, closeTimeout } = options.limits;
  if (target.kind === 'local') {
    return processTransport({
      // Windows PowerShell on Windows, where every Hyper-V machine has it.
      command: process.platform === 'win32' ? 'powershell.exe' : 'pwsh',
      env: withoutSettings(process.env),
      graceMs: closeTimeout,
    });
  }
  return wsmanTransport({
    ...wsmanOptions(target, options),
    ...(target.configuration === null ? {} : { resourceUri: configurationUri + target.configuration }),
    maxConnections: options.runspaces + spareConnections,
    idleTimeoutMs: idleTimeout,
    closeTimeoutMs: closeTimeout,
  });
}

/** How requests get to a host. */
export function wsmanOptions(target: WsmanTarget, options: HostTransportOptions): WsmanClientOptions {
  const { caCertificates, verifyTls, limits } = options;
  return {
    url: target.url,
    authenticator: options.authenticators.of(target.scheme, target.spn),
    allowPlainCredentials: options.allowPlainHttp,
    tls: {
      rejectUnauthorized: verifyTls,
      ...(caCertificates === null ? {} : { ca: caCertificates }),
      ...(target.fingerprints.length === 0 ? {} : { fingerprint256: target.fingerprints }),
    },
    connectTimeoutMs: limits.connectTimeout,
    operationTimeoutMs: limits.operationTimeout,
    maxEnvelopeSize: limits.maxEnvelopeSize,
  };
}

/** The environment without who the service is on other hosts. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^WINRM_/i.test(name)));
}
