import { wsmanTransport, type PsrpTransport } from '@aether-v/psrp/client';
import { processTransport } from '@aether-v/psrp/process';
import type { Authenticators } from './authenticators.ts';
import type { HostEndpoint } from './host-endpoint.ts';

/** What is the same for all hosts. */
export interface HostTransportOptions {
  readonly authenticators: Authenticators;
  /** Lets Basic credentials travel over plain HTTP beyond this machine. */
  readonly allowPlainHttp: boolean;
  /** Certificates (PEM) to trust instead of the well-known ones, or null. */
  readonly caCertificates: string | null;
  readonly verifyTls: boolean;
  /** How many pipelines run at once on one host. */
  readonly runspaces: number;
  /** How long closing may take, in milliseconds. */
  readonly closeTimeout?: number;
}

/** Beside one connection for each pipeline: the pool's own Receive, and two for what is short. */
const spareConnections = 3;

/** Where the names of endpoint configurations begin (`Get-PSSessionConfiguration` shows them without it). */
const configurationUri = 'http://schemas.microsoft.com/powershell/';

/** What carries a session to a host: WS-Management, or the standard streams of a PowerShell process on this machine. */
export function hostTransport({ target }: HostEndpoint, options: HostTransportOptions): PsrpTransport {
  const { closeTimeout = 5000 } = options;
  if (target.kind === 'local') {
    return processTransport({
      // Windows PowerShell on Windows, where every Hyper-V machine has it.
      command: process.platform === 'win32' ? 'powershell.exe' : 'pwsh',
      env: withoutSettings(process.env),
      graceMs: closeTimeout,
    });
  }
  const { caCertificates, verifyTls } = options;
  return wsmanTransport({
    url: target.url,
    authenticator: options.authenticators.of(target.scheme),
    allowPlainCredentials: options.allowPlainHttp,
    tls: { rejectUnauthorized: verifyTls, ...(caCertificates === null ? {} : { ca: caCertificates }) },
    ...(target.configuration === null ? {} : { resourceUri: configurationUri + target.configuration }),
    maxConnections: options.runspaces + spareConnections,
    closeTimeoutMs: closeTimeout,
  });
}

/** The environment without who the service is on other hosts. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^WINRM_/i.test(name)));
}
