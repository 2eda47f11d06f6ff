import type { ErrorCode } from '@aether-v/types';

/** Why a host cannot be used, as a message for operators, and the remedy. */
interface ProblemMeaning {
  /** The error code in rows, jobs and problem documents. */
  readonly code: ErrorCode;
  readonly says: string;
  readonly remedy: string;
}

type Meanings = Readonly<Record<string, ProblemMeaning>>;

function as(code: ErrorCode): (says: string, remedy: string) => ProblemMeaning {
  return (says, remedy) => ({ code, says, remedy });
}

const unreachable = as('host-unreachable');
const denied = as('access-denied');
const late = as('host-timeout');
const failing = as('agent-error');

const network = {
  'name-unknown': unreachable(
    'The host’s name does not resolve to an address.',
    'Check the spelling of the name, and that the DNS servers of this machine respond and know it.',
  ),
  'no-route': unreachable(
    'No network route from this machine to the host.',
    'Check the address that the name resolves to, and the routes and firewall of this machine (ip route get ADDRESS).',
  ),
  'no-answer': unreachable(
    'The host’s address does not respond.',
    'Check that the host is switched on, and that no firewall drops TCP connections to its WinRM port (5985, or 5986 for HTTPS).',
  ),
  refused: unreachable(
    'The host refuses connections to WinRM.',
    'Check the port, and run Enable-PSRemoting -Force on the host. HTTPS needs a separate listener.',
  ),
  'connection-lost': unreachable(
    'The connection to the host was lost.',
    'Check the network, and whether the host or its WinRM service restarted.',
  ),
  timeout: late(
    'The host accepted a connection but did not respond in time.',
    'Check the load of the host, its WinRM service (Get-Service WinRM) and the network.',
  ),
  protocol: unreachable(
    'The server at this address does not speak WS-Management.',
    'Check the name, port and path (usually /wsman), and that the connection does not go through a proxy.',
  ),
} as const satisfies Meanings;

const tls = {
  'tls-self-signed': unreachable(
    'The host’s certificate is self-signed and not trusted by the service.',
    'Add the certificate (PEM) to WINRM_CA_FILE, or give the host’s WinRM listener a certificate from your authority.',
  ),
  'tls-unknown-authority': unreachable(
    'The host’s certificate was issued by an authority that the service does not trust.',
    'Add the authority’s certificates (PEM) to WINRM_CA_FILE, including intermediate certificates.',
  ),
  'tls-not-pinned': unreachable(
    'The host’s certificate does not match the pinned fingerprint.',
    'If the host has a new certificate, pin its fingerprint. Otherwise another machine is answering in its place: investigate before you connect.',
  ),
  'tls-wrong-name': unreachable(
    'The host’s certificate is for a different name.',
    'Use a name that is in the certificate, or give the host’s WinRM listener a certificate for this name.',
  ),
  'tls-expired': unreachable(
    'The host’s certificate has expired.',
    'Renew the certificate of the host’s WinRM listener, and check the clock of this machine.',
  ),
  'tls-not-yet-valid': unreachable(
    'The host’s certificate is not valid yet.',
    'Check the clocks of this machine and of the certificate authority.',
  ),
  'tls-untrusted': unreachable(
    'The host’s certificate cannot be trusted.',
    'Give the host’s WinRM listener a certificate for server authentication and this name, from an authority that the service trusts (WINRM_CA_FILE).',
  ),
  'tls-missing': unreachable(
    'The server at this address does not support TLS, or no TLS version that the service accepts.',
    'Check the port: WinRM uses 5986 for HTTPS and 5985 for HTTP. TLS 1.2 must be enabled in Windows.',
  ),
  insecure: unreachable(
    'The password would be sent in clear text.',
    'Use https:// or auth=ntlm. In test environments only, set WINRM_ALLOW_PLAIN_HTTP=true.',
  ),
} as const satisfies Meanings;

const authentication = {
  'access-denied': denied(
    'The host refuses the credentials or the authentication method.',
    'Check the account and password (WINRM_USERNAME, WINRM_PASSWORD) or principal, and the methods that the host accepts (winrm get winrm/config/service/auth).',
  ),
  'not-allowed': denied(
    'The host accepts the credentials, but the account may not open a PowerShell session.',
    'Add the account to the host’s Administrators or Remote Management Users, or allow it in the endpoint configuration (Set-PSSessionConfiguration). A local administrator needs LocalAccountTokenFilterPolicy=1.',
  ),
  'clock-skew': denied(
    'The clocks of this machine, the KDC and the host differ too much.',
    'Synchronize them with the domain by NTP. Kerberos allows five minutes.',
  ),
  'unknown-service': denied(
    'The KDC does not know the service principal name of the host.',
    'Use the full name under which the host is registered, not an alias or address. Check it with setspn -L HOST.',
  ),
  'key-version': denied(
    'The host cannot decrypt the Kerberos ticket: it was issued for a different key.',
    'The service principal name belongs to another account, or the ticket is older than the key. Find duplicates with setspn -X.',
  ),
  'no-credentials': denied(
    'There are no usable Kerberos credentials.',
    'Check that the keytab or credential cache (WINRM_KERBEROS_KEYTAB, WINRM_KERBEROS_CCACHE) exists, is readable and contains this principal.',
  ),
  'client-unknown': denied(
    'The KDC does not know the principal of the service.',
    'Check the spelling of WINRM_KERBEROS_PRINCIPAL. Its realm is in upper case.',
  ),
  'bad-password': denied(
    'The key or password of the account is wrong.',
    'Correct the password. If it was changed, export the keytab again.',
  ),
  'account-closed': denied(
    'The account or its password is disabled, locked or expired.',
    'Unlock or enable the account in the directory, or set a new password.',
  ),
  'credentials-expired': denied(
    'The Kerberos credentials have expired.',
    'Renew the credential cache, or configure a keytab so that the service renews its credentials automatically.',
  ),
  'kdc-unreachable': unreachable(
    'No KDC of the realm can be reached.',
    'Check krb5.conf, DNS (SRV records _kerberos._tcp and _kerberos._udp) and port 88.',
  ),
  'encryption-type': denied(
    'The two sides have no Kerberos encryption type in common.',
    'Allow AES for the account (msDS-SupportedEncryptionTypes) and export a keytab with AES keys.',
  ),
  'mechanism-missing': unreachable(
    'The GSSAPI of this machine does not support the authentication mechanism.',
    'For NTLM install gss-ntlmssp (Debian, Ubuntu) or gssntlmssp (Fedora, RHEL).',
  ),
  'gssapi-unavailable': unreachable(
    'A library that Kerberos and NTLM need cannot be loaded on this machine.',
    'Install libgssapi-krb5-2 (Debian, Ubuntu) or krb5-libs (Fedora, RHEL), for NTLM also gss-ntlmssp or gssntlmssp, and the optional npm package koffi.',
  ),
  'legacy-algorithms': unreachable(
    'NTLM needs the legacy algorithms of OpenSSL, which this machine does not have.',
    'Install OpenSSL’s legacy provider, ossl-modules/legacy.so (Debian 13: openssl-provider-legacy), or use Kerberos.',
  ),
  'not-authentic': unreachable(
    'The server did not prove that it is the host.',
    'Check that the address belongs to the host itself and not to a proxy.',
  ),
  'not-sealed': unreachable(
    'A response was not encrypted although it must be, or its signature does not match.',
    'Check that the address belongs to the host itself, and that nothing in between changes, repeats or drops responses.',
  ),
  'mechanism-failed': unreachable(
    'Kerberos or NTLM failed for an unknown reason.',
    'Read the message of the mechanism. KRB5_TRACE=/dev/stderr makes Kerberos print details.',
  ),
} as const satisfies Meanings;

const session = {
  'no-endpoint': unreachable(
    'The PowerShell endpoint does not exist on the host.',
    'Check the path (usually /wsman) and the name of the endpoint configuration (Get-PSSessionConfiguration), and run Enable-PSRemoting -Force on the host.',
  ),
  'quota-shells': unreachable(
    'The account has reached its limit of sessions on the host.',
    'Close sessions of the account, or raise MaxShellsPerUser in WSMan:\\localhost\\Shell and in the Quotas of the endpoint’s plugin.',
  ),
  'quota-users': unreachable(
    'The host’s endpoint has reached its limit of accounts.',
    'Wait until others sign off, or raise MaxConcurrentUsers in WSMan:\\localhost\\Shell and in the Quotas of the endpoint’s plugin.',
  ),
  'quota-operations': unreachable(
    'The account has reached its limit of concurrent WinRM operations on the host.',
    'Look for other programs that use this account, or raise MaxConcurrentOperationsPerUser in WSMan:\\localhost\\Service and in the Quotas of the endpoint’s plugin.',
  ),
  'quota-commands': unreachable(
    'The session has reached its limit of concurrent commands.',
    'Raise MaxConcurrentCommandsPerShell in the Quotas of the endpoint’s plugin to at least MAX_OPERATIONS_PER_HOST plus one for the watch.',
  ),
  'envelope-size': failing(
    'The request is larger than the host allows.',
    'Raise MaxEnvelopeSizekb of WinRM on the host (winrm set winrm/config @{MaxEnvelopeSizekb="500"}).',
  ),
  'winrm-fault': failing(
    'WinRM on the host refused a request.',
    'Read the host’s event log Microsoft-Windows-WinRM/Operational. The command winrm helpmsg explains error numbers.',
  ),
  'session-ended': unreachable(
    'The host ended the PowerShell session.',
    'Check whether its WinRM service restarted, the session was removed, or MaxMemoryPerShellMB was exceeded.',
  ),
  'session-broken': unreachable(
    'The PowerShell session with the host broke.',
    'Check the host’s event log Microsoft-Windows-PowerShell/Operational, and its memory.',
  ),
} as const satisfies Meanings;

const powershell = {
  'language-mode': failing(
    'PowerShell on the host is in a restricted language mode (WDAC, AppLocker or the endpoint) and refused the agent.',
    'Allow the agent’s files in the host’s policy (sign them and trust their publisher), or make the agent’s command visible in the endpoint configuration.',
  ),
  'execution-policy': failing(
    'The host’s execution policy does not allow the agent to be loaded.',
    'Sign the agent and trust its publisher, unblock its files (Unblock-File), or set RemoteSigned. Get-ExecutionPolicy -List shows which scope applies.',
  ),
  'agent-missing': {
    code: 'agent-missing',
    says: 'The agent of Aether-V is not installed on the host.',
    remedy:
      'Install the PowerShell module AetherV.HostAgent on the host. With JEA also make its command visible in the role capabilities.',
  },
  'agent-not-loadable': {
    code: 'agent-missing',
    says: 'The host does not allow the agent to be loaded into a session, and no agent is installed.',
    remedy:
      'Install the module AetherV.HostAgent on the host (with JEA also make its command visible) and set AGENT_DEPLOYMENT=preinstalled. If the host’s policy allows scripts, AGENT_DEPLOYMENT=push lets the service install it.',
  },
  'agent-deployment': failing(
    'The agent could not be installed on the host.',
    'Read the host’s message. For an endpoint that allows no scripts (JEA), install the module on the host and set AGENT_DEPLOYMENT=preinstalled.',
  ),
  'agent-unloadable': failing(
    'The agent is on the host, but PowerShell cannot load it.',
    'Run Import-Module AetherV.HostAgent on the host: it shows whether the execution policy, a blocked file or a damaged file is the cause. Then install the agent again.',
  ),
  'agent-error': failing(
    'The agent on the host failed.',
    'Read PowerShell’s message, and install the agent that matches this version of the service.',
  ),
  'agent-contract': {
    code: 'contract-violation',
    says: 'The agent on the host sent a response that the service cannot read.',
    remedy: 'Check that the agent’s version matches the version of this service, and update the agent.',
  },
  'agent-silent': late(
    'The agent on the host stopped responding.',
    'Check the load of the host, and whether its Hyper-V services (vmms, WMI) respond.',
  ),
  'powershell-missing': unreachable(
    'PowerShell cannot be started on this machine.',
    'Install PowerShell (pwsh) and add it to the PATH of the service, or remove local: from HYPERV_HOSTS.',
  ),
  'powershell-ended': unreachable(
    'PowerShell on this machine ended, or did not open a session.',
    'Run pwsh -NoProfile (on Windows powershell.exe -NoProfile) as the user of the service: it shows the cause.',
  ),
} as const satisfies Meanings;

/** All problems with connections to hosts, for rows, jobs, the doctor and the documentation. */
export const connectionProblems = Object.freeze({
  ...network,
  ...tls,
  ...authentication,
  ...session,
  ...powershell,
});

/** The name of a connection problem. */
export type ConnectionProblem = keyof typeof connectionProblems;

/** All problems by layer, in the order in which a connection is established. */
export const problemGroups: readonly { readonly title: string; readonly problems: Meanings }[] = [
  { title: 'Network', problems: network },
  { title: 'TLS and certificates', problems: tls },
  { title: 'Authentication', problems: authentication },
  { title: 'Session', problems: session },
  { title: 'PowerShell and the agent', problems: powershell },
];
