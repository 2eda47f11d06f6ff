import { wsmanTransport, type PsrpTransport, type WsmanClientOptions } from '@aether-v/psrp/client';
import { processTransport } from '@aether-v/psrp/process';
import type { HostTarget, WsmanTarget } from '../../config/host-target.ts';
import type { Setting } from '../../config/setting.ts';
import { settings } from '../../config/settings.ts';
import type { Authenticators } from './authenticators.ts';

/** Options shared by all hosts. Times are in milliseconds. */
export interface HostTransportOptions {
  readonly authenticators: Authenticators;
  /** Allows Basic credentials over plain HTTP to other machines. */
  readonly allowPlainHttp: boolean;
  /** Certificates (PEM) to trust instead of the well-known ones, or null. */
  readonly caCertificates: string | null;
  readonly verifyTls: boolean;
  /** Concurrent pipelines on one host. */
  readonly runspaces: number;
  readonly limits: HostTransportLimits;
}

/** Times in milliseconds, sizes in bytes. */
export interface HostTransportLimits {
  /** Time limit for connecting. */
  readonly connectTimeout: number;
  /** The longest time a host may hold a request open while it has no output. */
  readonly operationTimeout: number;
  /** The time without a request after which a host ends a shell. */
  readonly idleTimeout: number;
  /** Time limit for closing. */
  readonly closeTimeout: number;
  /** The largest message in either direction. */
  readonly maxEnvelopeSize: number;
}

/** In addition to one connection per pipeline: the pool's own Receive, and two for short requests. */
const spareConnections = 3;

/** The URI prefix of endpoint configurations (`Get-PSSessionConfiguration` shows them without it). */
const configurationUri = 'http://schemas.microsoft.com/powershell/';

/**
 * Returns the transport of a session: WS-Management, or the standard streams of a PowerShell process on this machine.
 */
export function hostTransport(
  target: Exclude<HostTarget, { kind: 'winrs' }>,
  options: HostTransportOptions,
): PsrpTransport {
  const { idleTimeout, closeTimeout } = options.limits;
  if (target.kind === 'local') {
    return processTransport({
      // Windows PowerShell on Windows, where every Hyper-V host has it.
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

/** Returns the options for WS-Management requests to a host. */
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

/** The variables of secrets, and of files with secrets, in upper case: Windows ignores the case of variables. */
const secretVariables = new Set(
  Object.values<Setting<unknown>>(settings).flatMap(({ variable, isSecret }) =>
    isSecret === true ? [variable, `${variable}_FILE`] : [],
  ),
);

/** Returns the environment without the service's credentials for other hosts, and without its own keys. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => {
      const upper = name.toUpperCase();
      return !upper.startsWith('WINRM_') && !secretVariables.has(upper);
    }),
  );
}
