import {
  clusterTargets,
  hasKerberos,
  hostTargets,
  type HostTarget,
  type PartialConfig,
} from './host-target.ts';
import { isLoopback } from './loopback.ts';
import { signInProblems } from './sign-in-problems.ts';

/**
 * Returns the problems of settings that are valid one by one but not together. Settings that could not be parsed are
 * undefined and are skipped, as they have been reported already.
 */
export function contradictions(config: PartialConfig): string[] {
  const targets = [...hostTargets(config), ...clusterTargets(config)];
  return [
    ...signInProblems(config),
    ...credentialProblems(config, targets),
    ...kerberosProblems(config),
    ...tlsProblems(config, targets),
    ...hostProblems(config, targets),
    ...limitProblems(config),
    ...deploymentProblems(config),
    ...auditProblems(config),
  ];
}

function deploymentProblems({ agentDeployment, agentDownloadBaseUrl }: PartialConfig): string[] {
  if (agentDeployment !== 'download' || agentDownloadBaseUrl !== null) return [];
  return ['AGENT_DOWNLOAD_BASE_URL: required with AGENT_DEPLOYMENT=download.'];
}

function auditProblems({ auditRequired, logDirectory }: PartialConfig): string[] {
  if (auditRequired?.includes('file') !== true || logDirectory !== null) return [];
  return ['AUDIT_REQUIRED: file requires LOG_DIR.'];
}

function credentialProblems(config: PartialConfig, targets: readonly HostTarget[]): string[] {
  const schemes = new Set(targets.map((target) => (target.kind === 'local' ? undefined : target.scheme)));
  const { winrmUsername, winrmPassword } = config;
  const problems: string[] = [];
  if (schemes.has('kerberos') && !hasKerberos(config)) {
    problems.push(
      'WINRM_KERBEROS_PRINCIPAL: required to connect to hosts with Kerberos, unless WINRM_KERBEROS_CCACHE is set.',
    );
  }
  if (schemes.has('ntlm') || schemes.has('basic')) {
    if (winrmUsername === null && winrmPassword === null) {
      problems.push(
        'WINRM_USERNAME: required, together with WINRM_PASSWORD, to connect to hosts with NTLM or Basic. To use Kerberos, set WINRM_KERBEROS_PRINCIPAL or WINRM_KERBEROS_CCACHE.',
      );
    } else if (winrmUsername === null) problems.push('WINRM_USERNAME: required with WINRM_PASSWORD.');
    else if (winrmPassword === null) problems.push('WINRM_PASSWORD: required with WINRM_USERNAME.');
  }
  if (schemes.has('basic') && winrmUsername?.includes(':') === true) {
    problems.push('WINRM_USERNAME: must not contain a colon; Basic authentication cannot transmit it.');
  }
  return problems;
}

function kerberosProblems({ kerberosPrincipal, kerberosKeytab, kerberosCcache }: PartialConfig): string[] {
  if (kerberosKeytab === undefined || kerberosKeytab === null) return [];
  if (kerberosCcache !== undefined && kerberosCcache !== null) {
    return ['WINRM_KERBEROS_CCACHE: cannot be combined with WINRM_KERBEROS_KEYTAB. Set only one of them.'];
  }
  return kerberosPrincipal === null ? ['WINRM_KERBEROS_PRINCIPAL: required with WINRM_KERBEROS_KEYTAB.'] : [];
}

function tlsProblems(
  { caCertificates, verifyTls, extraCaFile }: PartialConfig,
  targets: readonly HostTarget[],
): string[] {
  if (typeof caCertificates !== 'string') return [];
  if (verifyTls === false) {
    return ['WINRM_TLS_VERIFY: false makes WINRM_CA_FILE ineffective. Set only one of them.'];
  }
  // The WinRS library accepts no certificates from its caller; it uses Node's own list.
  if (extraCaFile !== null) return [];
  return targets
    .filter((target) => target.kind === 'winrs' && target.url.protocol === 'https:')
    .map(
      ({ address }) =>
        `WINRM_CA_FILE: does not apply to ${address}. Also set NODE_EXTRA_CA_CERTS to a PEM file with the authority of that host's certificate.`,
    );
}

function hostProblems({ allowPlainHttp }: PartialConfig, targets: readonly HostTarget[]): string[] {
  const problems = targets.flatMap((target) => {
    if (target.kind !== 'wsman') return [];
    if (target.spn !== null && target.scheme !== 'kerberos') {
      return [`HYPERV_HOSTS: ${target.address} has spn=, which requires auth=kerberos.`];
    }
    if (target.scheme !== 'basic' || allowPlainHttp !== false) return [];
    if (target.url.protocol === 'https:' || isLoopback(target.url.hostname)) return [];
    return [
      `HYPERV_HOSTS: ${target.address} would send the password in clear text. Use https:// or auth=ntlm; in a test environment set WINRM_ALLOW_PLAIN_HTTP=true.`,
    ];
  });
  const addresses = targets.map(({ address }) => address);
  const repeated = new Set(addresses.filter((address, at) => addresses.indexOf(address) !== at));
  for (const address of repeated) problems.push(`HYPERV_HOSTS: ${address} is listed more than once.`);
  return problems;
}

function limitProblems({ breakerFirstWait = 0, breakerLongestWait = Infinity }: PartialConfig): string[] {
  if (breakerFirstWait <= breakerLongestWait) return [];
  return ['BREAKER_FIRST_WAIT: must not be greater than BREAKER_LONGEST_WAIT.'];
}
