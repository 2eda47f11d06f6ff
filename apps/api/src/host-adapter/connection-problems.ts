import type { ErrorCode } from '@aether-v/types';

/** What keeps a host from being used, in words for whoever runs the fleet, and what to do about it. */
export interface ProblemMeaning {
  /** As rows, jobs and problem documents carry it. */
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
    'The name of the host does not resolve to an address.',
    'Check its spelling, and that the DNS servers of this machine answer and know it.',
  ),
  'no-route': unreachable(
    'No route leads from this machine to the address of the host.',
    'Check the address that the name resolves to, and the routes and the firewall of this machine (ip route get ADDRESS).',
  ),
  'no-answer': unreachable(
    'Nothing answers at the address of the host.',
    'Check that the host is switched on, and that no firewall drops TCP to its WinRM port (5985, for HTTPS 5986).',
  ),
  refused: unreachable(
    'The host refuses connections to WinRM.',
    'Check the port, and run Enable-PSRemoting -Force on the host; HTTPS needs a listener of its own.',
  ),
  'connection-lost': unreachable(
    'The connection to the host was lost.',
    'Check the network between, and whether the host or its WinRM service restarted.',
  ),
  timeout: late(
    'The host accepted a connection and did not answer in time.',
    'Check the load of the host and its WinRM service (Get-Service WinRM), and what lies between.',
  ),
  protocol: unreachable(
    'What answers at this address does not speak WS-Management.',
    'Check the address: name, port and path (usually /wsman), and that no proxy stands between.',
  ),
} as const satisfies Meanings;

const tls = {
  'tls-self-signed': unreachable(
    'The certificate of the host is self-signed, and not one of those that the service trusts.',
    'Put that certificate (PEM) into WINRM_CA_FILE, or give the WinRM listener of the host one from your authority.',
  ),
  'tls-unknown-authority': unreachable(
    'The certificate of the host comes from an authority that the service does not trust.',
    'Put the certificates of that authority (PEM) into WINRM_CA_FILE, those between it and the host too.',
  ),
  'tls-not-pinned': unreachable(
    'The certificate of the host is not the one that is pinned for it.',
    'Find out who changed it: pin the new one if the host has a new certificate; if not, something answers in its place.',
  ),
  'tls-wrong-name': unreachable(
    'The certificate of the host is for another name.',
    'Use a name that is in the certificate, or give its WinRM listener a certificate for this name.',
  ),
  'tls-expired': unreachable(
    'The certificate of the host has expired.',
    'Renew the certificate of its WinRM listener, and check the clock of this machine.',
  ),
  'tls-not-yet-valid': unreachable(
    'The certificate of the host is not valid yet.',
    'Check the clocks of this machine and of what issued the certificate.',
  ),
  'tls-untrusted': unreachable(
    'The certificate of the host cannot be trusted.',
    'Give its WinRM listener a certificate for server authentication and this name, from an authority that the service trusts (WINRM_CA_FILE).',
  ),
  'tls-missing': unreachable(
    'What answers at this address does not speak TLS, or no version of it that the service accepts.',
    'Check the port: WinRM listens for HTTPS on 5986, for HTTP on 5985. Windows needs TLS 1.2 enabled.',
  ),
  insecure: unreachable(
    'The password would travel readably.',
    'Use https:// or auth=ntlm, or in a laboratory WINRM_ALLOW_PLAIN_HTTP=true.',
  ),
} as const satisfies Meanings;

const authentication = {
  'access-denied': denied(
    'The host does not accept the credentials, or not in this way.',
    'Check the account and its password (WINRM_USERNAME, WINRM_PASSWORD) or principal, and what the host accepts (winrm get winrm/config/service/auth).',
  ),
  'not-allowed': denied(
    'The host knows the account, which may not open a PowerShell session there.',
    'Make it a member of the host’s Administrators or Remote Management Users, or let its endpoint configuration admit it (Set-PSSessionConfiguration). A local administrator needs LocalAccountTokenFilterPolicy=1.',
  ),
  'clock-skew': denied(
    'The clocks of this machine, the KDC and the host are too far apart.',
    'Synchronize them by NTP with the domain; five minutes are allowed.',
  ),
  'unknown-service': denied(
    'The KDC does not know the service principal name of the host.',
    'Use the full name under which the host is registered, no alias and no address; check it with setspn -L HOST.',
  ),
  'key-version': denied(
    'The host cannot decrypt the ticket: it was made with another key.',
    'The name belongs to another account, or the ticket is older than the key: look for duplicates with setspn -X.',
  ),
  'no-credentials': denied(
    'There are no usable Kerberos credentials.',
    'Check that the keytab or credential cache (WINRM_KERBEROS_KEYTAB, WINRM_KERBEROS_CCACHE) exists, is readable and holds this principal.',
  ),
  'client-unknown': denied(
    'The KDC does not know the principal of the service.',
    'Check the spelling of WINRM_KERBEROS_PRINCIPAL and its realm, which is upper case.',
  ),
  'bad-password': denied(
    'The key or password is not the one that the account has.',
    'Export the keytab again after the password changed, or correct the password.',
  ),
  'account-closed': denied(
    'The account is disabled, locked or expired, or its password is.',
    'Unlock or enable the account in the directory, or set a new password.',
  ),
  'credentials-expired': denied(
    'The Kerberos credentials have expired.',
    'Renew the credential cache, or give a keytab, from which credentials are renewed by themselves.',
  ),
  'kdc-unreachable': unreachable(
    'No KDC of the realm can be reached.',
    'Check krb5.conf, DNS (SRV records _kerberos._tcp and _kerberos._udp) and port 88.',
  ),
  'encryption-type': denied(
    'There is no encryption type that both sides accept.',
    'Allow AES for the account (msDS-SupportedEncryptionTypes) and put AES keys into the keytab.',
  ),
  'mechanism-missing': unreachable(
    'The GSSAPI of this machine does not have the mechanism.',
    'For NTLM install gss-ntlmssp (Debian, Ubuntu) or gssntlmssp (Fedora, RHEL).',
  ),
  'gssapi-unavailable': unreachable(
    'A part of this machine that Kerberos and NTLM need cannot be loaded.',
    'Install libgssapi-krb5-2 (Debian, Ubuntu) or krb5-libs (Fedora, RHEL), for NTLM also gss-ntlmssp or gssntlmssp, and the optional npm package koffi.',
  ),
  'legacy-algorithms': unreachable(
    'NTLM needs the legacy algorithms of OpenSSL, which this machine does not have.',
    'Install OpenSSL’s legacy provider, ossl-modules/legacy.so (Debian 13: openssl-provider-legacy), or use Kerberos.',
  ),
  'not-authentic': unreachable(
    'What answers did not prove that it is the host.',
    'Check that the address leads to the host itself and not to a proxy.',
  ),
  'not-sealed': unreachable(
    'An answer was not sealed although it has to be, or its seal does not fit.',
    'Check that the address leads to the host itself, and that nothing between rewrites, repeats or drops its answers.',
  ),
  'mechanism-failed': unreachable(
    'Kerberos or NTLM failed for a reason that is not known here.',
    'Read what the mechanism itself said; KRB5_TRACE=/dev/stderr makes Kerberos say more.',
  ),
} as const satisfies Meanings;

const session = {
  'no-endpoint': unreachable(
    'The host has no such PowerShell endpoint.',
    'Check the path (usually /wsman) and the name of the endpoint configuration (Get-PSSessionConfiguration), and run Enable-PSRemoting -Force on the host.',
  ),
  'quota-shells': unreachable(
    'The account has as many sessions on the host as are allowed.',
    'Close sessions of the account, or raise MaxShellsPerUser: WSMan:\\localhost\\Shell, and the Quotas of the endpoint’s plugin.',
  ),
  'quota-users': unreachable(
    'As many accounts use the host’s endpoint as are allowed.',
    'Wait for others to sign off, or raise MaxConcurrentUsers: WSMan:\\localhost\\Shell, and the Quotas of the endpoint’s plugin.',
  ),
  'quota-operations': unreachable(
    'As many operations run on the host as are allowed.',
    'Look for other programs that use this account, or raise MaxConcurrentOperationsPerUser: WSMan:\\localhost\\Service, and the Quotas of the endpoint’s plugin.',
  ),
  'quota-commands': unreachable(
    'The session runs as many commands as are allowed.',
    'Raise MaxConcurrentCommandsPerShell, in the Quotas of the endpoint’s plugin, above MAX_OPERATIONS_PER_HOST and one more for the watch.',
  ),
  'envelope-size': failing(
    'The host takes no request of this size.',
    'Raise MaxEnvelopeSizekb of WinRM on the host (winrm set winrm/config @{MaxEnvelopeSizekb="500"}).',
  ),
  'winrm-fault': failing(
    'WinRM on the host refused a request.',
    'Look at the host’s event log Microsoft-Windows-WinRM/Operational; winrm helpmsg explains numbers.',
  ),
  'session-ended': unreachable(
    'The host ended the PowerShell session.',
    'Check whether its WinRM service restarted, someone removed the session, or MaxMemoryPerShellMB was exceeded.',
  ),
  'session-broken': unreachable(
    'The PowerShell session with the host broke.',
    'Check the host’s event log Microsoft-Windows-PowerShell/Operational, and its memory.',
  ),
} as const satisfies Meanings;

const powershell = {
  'language-mode': failing(
    'PowerShell on the host restricts its language (WDAC, AppLocker or the endpoint) and refused the agent.',
    'Let the policy of the host allow the agent’s files (sign them and trust their publisher), or let the endpoint configuration make the agent’s command visible.',
  ),
  'execution-policy': failing(
    'The execution policy of the host does not let the agent be loaded.',
    'Sign the agent and trust its publisher, unblock its files (Unblock-File), or set RemoteSigned (Get-ExecutionPolicy -List shows who decides).',
  ),
  'agent-missing': {
    code: 'agent-missing',
    says: 'The agent of Aether-V is not installed on the host.',
    remedy:
      'Install the PowerShell module AetherV.HostAgent on the host; under JEA make its command visible in the role capabilities.',
  },
  'agent-not-loadable': {
    code: 'agent-missing',
    says: 'The host does not let the agent be loaded into a session, and has none installed.',
    remedy:
      'Install the module AetherV.HostAgent on the host by hand, as AGENT_DEPLOYMENT=preinstalled needs it (under JEA make its command visible), or where the policy of the host allows scripts let the service install it (push).',
  },
  'agent-deployment': failing(
    'The agent could not be put onto the host.',
    'Read what the host said. An endpoint that allows no scripts (JEA) needs AGENT_DEPLOYMENT=preinstalled and the module installed by hand.',
  ),
  'agent-unloadable': failing(
    'The agent is on the host, and PowerShell cannot load it.',
    'Run Import-Module AetherV.HostAgent on the host: it says whether the execution policy, a blocked file or a damaged one is in the way. Then install the agent again.',
  ),
  'agent-error': failing(
    'The agent on the host failed.',
    'Read what PowerShell said; install the agent that belongs to this version of the service.',
  ),
  'agent-contract': {
    code: 'contract-violation',
    says: 'The agent on the host gave an answer that the service cannot understand.',
    remedy: 'Check that the agent on the host has the version of this service, and update it.',
  },
  'agent-silent': late(
    'The agent on the host says nothing.',
    'Check the load of the host and whether its Hyper-V services (vmms, WMI) answer.',
  ),
  'powershell-missing': unreachable(
    'PowerShell cannot be started on this machine.',
    'Install PowerShell (pwsh) and have it on the PATH of the service, or remove local: from HYPERV_HOSTS.',
  ),
  'powershell-ended': unreachable(
    'PowerShell on this machine ended, or did not open a session.',
    'Run pwsh -NoProfile (on Windows powershell.exe -NoProfile) as the user of the service: it shows why.',
  ),
} as const satisfies Meanings;

/** Every way in which a host cannot be used: one entry each, for rows, jobs, the doctor and the documentation. */
export const connectionProblems = Object.freeze({
  ...network,
  ...tls,
  ...authentication,
  ...session,
  ...powershell,
});

/** The name of such a way. */
export type ConnectionProblem = keyof typeof connectionProblems;

/** All of them by where they are met, in the order in which a connection comes about. */
export const problemGroups: readonly { readonly title: string; readonly problems: Meanings }[] = [
  { title: 'The network', problems: network },
  { title: 'TLS and the certificate', problems: tls },
  { title: 'Authentication', problems: authentication },
  { title: 'The session', problems: session },
  { title: 'PowerShell and the agent', problems: powershell },
];
