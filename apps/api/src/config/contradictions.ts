import {
  clusterTargets,
  hasKerberos,
  hostTargets,
  type HostTarget,
  type PartialConfig,
} from './host-target.ts';
import { isLoopback } from './loopback.ts';

/** What each setting allows, but not together. Settings that could not be read are undefined and not spoken of again. */
export function contradictions(config: PartialConfig): string[] {
  const targets = [...hostTargets(config), ...clusterTargets(config)];
  return [
    ...bindingProblems(config),
    ...credentialProblems(config, targets),
    ...kerberosProblems(config),
    ...tlsProblems(config, targets),
    ...hostProblems(config, targets),
    ...limitProblems(config),
    ...deploymentProblems(config),
  ];
}

function deploymentProblems({ agentDeployment, agentDownloadBaseUrl }: PartialConfig): string[] {
  if (agentDeployment !== 'download' || agentDownloadBaseUrl !== null) return [];
  return ['AGENT_DOWNLOAD_BASE_URL: is required with AGENT_DEPLOYMENT=download.'];
}

function bindingProblems({ bindAddress }: PartialConfig): string[] {
  if (bindAddress === undefined || isLoopback(bindAddress)) return [];
  return [
    `BIND_ADDRESS: ${bindAddress} is reachable from other machines, and the service has no login yet; use 127.0.0.1 and a proxy that asks who is there.`,
  ];
}

function credentialProblems(config: PartialConfig, targets: readonly HostTarget[]): string[] {
  const schemes = new Set(targets.map((target) => (target.kind === 'local' ? undefined : target.scheme)));
  const { winrmUsername, winrmPassword } = config;
  const problems: string[] = [];
  if (schemes.has('kerberos') && !hasKerberos(config)) {
    problems.push('WINRM_KERBEROS_PRINCIPAL: or WINRM_KERBEROS_CCACHE is needed to reach hosts by Kerberos.');
  }
  if (schemes.has('ntlm') || schemes.has('basic')) {
    if (winrmUsername === null && winrmPassword === null) {
      problems.push(
        'WINRM_USERNAME: and WINRM_PASSWORD are needed to reach hosts by NTLM or Basic; for Kerberos set WINRM_KERBEROS_PRINCIPAL or WINRM_KERBEROS_CCACHE.',
      );
    } else if (winrmUsername === null) problems.push('WINRM_USERNAME: is required with WINRM_PASSWORD.');
    else if (winrmPassword === null) problems.push('WINRM_PASSWORD: is required with WINRM_USERNAME.');
  }
  if (schemes.has('basic') && winrmUsername?.includes(':') === true) {
    problems.push('WINRM_USERNAME: must not contain a colon, which Basic authentication cannot carry.');
  }
  return problems;
}

function kerberosProblems({ kerberosPrincipal, kerberosKeytab, kerberosCcache }: PartialConfig): string[] {
  if (kerberosKeytab === undefined || kerberosKeytab === null) return [];
  if (kerberosCcache !== undefined && kerberosCcache !== null) {
    return ['WINRM_KERBEROS_CCACHE: and WINRM_KERBEROS_KEYTAB exclude each other; set one of them.'];
  }
  return kerberosPrincipal === null
    ? ['WINRM_KERBEROS_PRINCIPAL: is required with WINRM_KERBEROS_KEYTAB.']
    : [];
}

function tlsProblems(
  { caCertificates, verifyTls, extraCaFile }: PartialConfig,
  targets: readonly HostTarget[],
): string[] {
  if (typeof caCertificates !== 'string') return [];
  if (verifyTls === false) {
    return ['WINRM_TLS_VERIFY: false would make WINRM_CA_FILE useless; set one of them.'];
  }
  // The library behind WinRS takes no certificates from its caller, but Node's own list of them.
  if (extraCaFile !== null) return [];
  return targets
    .filter((target) => target.kind === 'winrs' && target.url.protocol === 'https:')
    .map(
      ({ address }) =>
        `WINRM_CA_FILE: has no say over ${address}; also set NODE_EXTRA_CA_CERTS to a file with what that host's certificate comes from.`,
    );
}

function hostProblems({ allowPlainHttp }: PartialConfig, targets: readonly HostTarget[]): string[] {
  const problems = targets.flatMap((target) => {
    if (target.kind !== 'wsman') return [];
    if (target.spn !== null && target.scheme !== 'kerberos') {
      return [`HYPERV_HOSTS: ${target.address} has an spn, which only auth=kerberos uses.`];
    }
    if (target.scheme !== 'basic' || allowPlainHttp !== false) return [];
    if (target.url.protocol === 'https:' || isLoopback(target.url.hostname)) return [];
    return [
      `HYPERV_HOSTS: ${target.address} would carry the password readably; use https:// or auth=ntlm, or in a laboratory WINRM_ALLOW_PLAIN_HTTP=true.`,
    ];
  });
  const addresses = targets.map(({ address }) => address);
  const repeated = new Set(addresses.filter((address, at) => addresses.indexOf(address) !== at));
  for (const address of repeated) problems.push(`HYPERV_HOSTS: ${address} is listed more than once.`);
  return problems;
}

function limitProblems({ breakerFirstWait = 0, breakerLongestWait = Infinity }: PartialConfig): string[] {
  if (breakerFirstWait <= breakerLongestWait) return [];
  return ['BREAKER_FIRST_WAIT: must not be longer than BREAKER_LONGEST_WAIT.'];
}
