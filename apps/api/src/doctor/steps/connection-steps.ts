import type { HostTarget } from '../../config/host-target.ts';
import { isLoopback } from '../../config/loopback.ts';
import type { Config } from '../../config/settings.ts';
import type { HostProbe, ProbeShell } from '../../host-adapter/connect/host-probe.ts';
import type { ConnectionProblem } from '../../host-adapter/errors/connection-problems.ts';
import type { TlsSettings } from './certificate.ts';
import type { ShellContext } from './host-steps.ts';
import { connectOnce, hostnameOf, resolveName, shakeHands } from './network-steps.ts';
import { failedBy, passed, unknown, type Step } from './step.ts';

/** The host under examination, and the connections that its steps have opened. */
export class DoctorContext implements ShellContext {
  readonly target: HostTarget;
  readonly config: Config;
  readonly probe: HostProbe;
  languageMode: string | null = null;
  #shell: ProbeShell | undefined;

  constructor(target: HostTarget, config: Config, probe: HostProbe) {
    this.target = target;
    this.config = config;
    this.probe = probe;
  }

  /** Opens the session that later steps share. */
  async open(signal: AbortSignal): Promise<void> {
    this.#shell = await this.probe.open(signal);
  }

  readonly shell = (): ProbeShell => {
    if (this.#shell === undefined) throw new Error('no session was opened');
    return this.#shell;
  };

  /** True if a session is open. */
  get isOpen(): boolean {
    return this.#shell?.lost === false;
  }

  /** Closes all connections and discards the credentials, within a time limit. */
  async close(): Promise<void> {
    await this.#shell?.close();
    this.probe.dispose();
  }
}

/** Returns the steps up to an open session. `local:` has no network steps, and WinRS has no session to examine. */
export function connectionSteps(target: HostTarget, config: Config): readonly Step<DoctorContext>[] {
  const step = vitalSteps(config.connectTimeout * 1000);
  const configuration = step('configuration', 'Configuration', 'timeout', () =>
    Promise.resolve(isReadable(target, config) ? failedBy('insecure') : passed(identity(target, config))),
  );
  const open = step('shell', 'Session', 'timeout', async (context, signal) => {
    await context.open(signal);
    return passed('opened');
  });
  if (target.kind === 'local') return [configuration, open];
  const { url } = target;
  const network = [
    configuration,
    step('dns', 'Name', 'name-unknown', () => resolveName(url)),
    step('tcp', 'TCP', 'no-answer', (_, signal) => connectOnce(url, signal)),
    ...(url.protocol === 'https:'
      ? [step('tls', 'TLS', 'timeout', (_, signal) => shakeHands(url, tlsSettings(target, config), signal))]
      : []),
  ];
  if (target.kind === 'winrs') return [...network, beyondWinrs];
  const signIn = step('authentication', 'Authentication', 'timeout', async ({ probe }, signal) => {
    const { vendor, version } = await probe.identify(signal);
    return passed(`accepted; WinRM of ${vendor}, ${version}`);
  });
  return [...network, signIn, open];
}

function tlsSettings(target: HostTarget, { caCertificates, verifyTls }: Config): TlsSettings {
  return { caCertificates, verifyTls, fingerprints: target.kind === 'wsman' ? target.fingerprints : [] };
}

/** Returns whether the password would be sent to another machine in clear text. */
function isReadable(target: HostTarget, { allowPlainHttp }: Config): boolean {
  if (target.kind === 'local' || target.scheme !== 'basic' || allowPlainHttp) return false;
  return target.url.protocol === 'http:' && !isLoopback(target.url.hostname);
}

/** Creates steps after whose failure the rest would be meaningless. */
function vitalSteps(limit: number) {
  return (
    id: string,
    title: string,
    onLimit: ConnectionProblem,
    run: Step<DoctorContext>['run'],
  ): Step<DoctorContext> => ({ id, title, limit, onLimit: failedBy(onLimit), isOver: () => true, run });
}

const beyondWinrs: Step<DoctorContext> = {
  id: 'session',
  title: 'Session',
  limit: 1000,
  onLimit: failedBy('timeout'),
  isOver: () => true,
  run: () =>
    Promise.resolve(unknown('this host uses WinRS; sessions can be checked only with PowerShell Remoting')),
};

/** Describes the account and authentication scheme of the service. */
function identity(target: HostTarget, config: Config): string {
  if (target.kind === 'local') return 'a PowerShell process on this machine';
  const { scheme, url } = target;
  if (scheme === 'basic') return `Basic as ${config.winrmUsername ?? 'an unknown user'}`;
  if (scheme === 'ntlm') return `NTLM as ${config.winrmUsername ?? 'an unknown user'}`;
  const who = config.kerberosPrincipal ?? `the principal of ${config.kerberosCcache ?? 'the system’s cache'}`;
  const { service, host } = (target.kind === 'wsman' ? target.spn : null) ?? {
    service: config.kerberosService,
    host: hostnameOf(url),
  };
  return `Kerberos as ${who}, to ${service}/${host}`;
}
