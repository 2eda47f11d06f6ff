import { auditSettings } from './audit-settings.ts';
import { aboutSettings, authSettings, keySettings, oidcSettings } from './auth-settings.ts';
import { hostExamples } from './host-examples.ts';
import type { Parser } from './parser.ts';
import {
  bindAddress,
  certificateFile,
  flag,
  hostHeaderName,
  httpsFolder,
  hyperVHosts,
  integer,
  key,
  listOf,
  oneOf,
  secret,
  serviceClass,
  serviceName,
  text,
  windowsFolder,
} from './parsers.ts';
import { optional, secretSetting, setting, type Setting } from './setting.ts';

const seconds = (maximum: number, minimum = 1): Parser<number> => integer(minimum, maximum);

/** All settings of the service. Configuration, documentation and the example file are generated from this table. */
export const settings = {
  port: setting('PORT', integer(0, 65_535), '8000', 'The TCP port to listen on; 0 selects a free port.'),
  bindAddress: setting(
    'BIND_ADDRESS',
    bindAddress,
    '127.0.0.1',
    'The address to listen on. Any address other than loopback requires OpenID Connect, local accounts or an API key.',
  ),
  allowedHosts: setting(
    'ALLOWED_HOSTS',
    listOf(hostHeaderName),
    '',
    'Names, separated by commas, by which browsers may call the service in addition to localhost, 127.0.0.1 and [::1].\n' +
      'A reverse proxy must forward the Host header. If the service listens on more than loopback, the name and the addresses of this machine are accepted as well.',
  ),
  environmentName: setting(
    'ENVIRONMENT_NAME',
    text(64),
    'Hyper-V',
    'The name that the console shows for this fleet, such as Production.',
  ),
  serviceName: optional(
    'SERVICE_NAME',
    serviceName,
    'The name of this installation. Its sessions on hosts carry the name, so that the next start can delete those that a crash left.\n' +
      'Each running service needs a different name: when it starts, a service ends the sessions of any other service with its name.\n' +
      'The default is derived from this machine’s identity and the listen address. Set the name if these change with every start, as in containers, or if the machine has no /etc/machine-id. Otherwise no sessions are deleted there.',
  ),
  hosts: {
    ...setting(
      'HYPERV_HOSTS',
      hyperVHosts,
      '',
      'The Hyper-V hosts, separated by commas.\n' +
        'An entry is a host name (`hv01.example.org`, or with a port `hv01.example.org:5986`), the URL of a WinRM listener, a cluster, or `local:`, the machine that the service runs on.\n' +
        '`cluster:` before the name or URL of a failover cluster stands for all its nodes. The service connects to each node by its name in the cluster’s domain, with the same port and parameters. Nodes that join or leave are added or removed automatically.\n' +
        '`winrs+https://` instead of `https://` connects to a host that has WinRM but no PowerShell Remoting.\n' +
        '`auth=` selects the authentication: `kerberos`, `ntlm` or `basic`. Default: Kerberos if it is configured, otherwise NTLM; Basic for an http:// URL of this machine if there is a password.\n' +
        '`configuration=` selects the endpoint configuration (JEA) by its name.\n' +
        '`fingerprint=` is the SHA-256 fingerprint of the only certificate to accept, regardless of WINRM_CA_FILE and WINRM_TLS_VERIFY. It may be repeated.\n' +
        '`spn=` is the service principal name of the host (`HTTP/hv01.example.org`).',
    ),
    examples: hostExamples,
  },
  winrmPort: setting(
    'WINRM_PORT',
    integer(1, 65_535),
    '5985',
    'The port of hosts that are given by name only: 5986 means HTTPS, any other port HTTP with encrypted messages.',
  ),
  winrmUsername: optional(
    'WINRM_USERNAME',
    text(256),
    'The user for NTLM or Basic: `DOMAIN\\user`, or `user` for a local account of each host.',
  ),
  winrmPassword: { ...secretSetting('WINRM_PASSWORD', secret, 'The password of that user.'), verbatim: true },
  kerberosPrincipal: optional(
    'WINRM_KERBEROS_PRINCIPAL',
    text(256),
    'The Kerberos principal of the service: `user@REALM`. Without a keytab or cache, the defaults of the system’s Kerberos are used.',
  ),
  kerberosKeytab: optional(
    'WINRM_KERBEROS_KEYTAB',
    secret,
    'The keytab of that principal: the path of the file, or its content in base64.',
  ),
  kerberosCcache: optional(
    'WINRM_KERBEROS_CCACHE',
    text(4096),
    'A credential cache instead of a keytab, such as `FILE:/run/krb5cc`. Another program must renew it.',
  ),
  kerberosService: setting(
    'WINRM_KERBEROS_SERVICE',
    serviceClass,
    'WSMAN',
    'The service class of the hosts’ service principal names, for entries of HYPERV_HOSTS without `spn=`.',
  ),
  caCertificates: optional(
    'WINRM_CA_FILE',
    certificateFile,
    'A PEM file of certificates to trust for https:// instead of the well-known authorities: those of your authority, or self-signed certificates of hosts.',
  ),
  extraCaFile: optional(
    'NODE_EXTRA_CA_CERTS',
    text(4096),
    'A setting of Node: a PEM file of certificates to trust in addition to the well-known authorities. Also applies to `winrs+https://`, which ignores WINRM_CA_FILE.\n' +
      'Set it in the environment: Node reads it before the file `.env` is read.',
  ),
  verifyTls: setting(
    'WINRM_TLS_VERIFY',
    flag,
    'true',
    'Verifies the certificates of hosts. With false anyone on the network can impersonate a host: use that in test environments only.',
  ),
  allowPlainHttp: setting(
    'WINRM_ALLOW_PLAIN_HTTP',
    flag,
    'false',
    'Allows Basic over http:// to other machines, which sends user and password in clear text: use it in test environments only.',
  ),
  refreshInterval: setting(
    'INVENTORY_REFRESH_INTERVAL',
    integer(5, 86_400),
    '60',
    'Seconds between two reads of a host that is polled, and between two full checks of a host that reports its changes.',
  ),
  connectTimeout: setting(
    'CONNECT_TIMEOUT',
    seconds(300),
    '15',
    'Seconds that a host may take to accept a connection and open a session.',
  ),
  operationTimeout: setting(
    'OPERATION_TIMEOUT',
    seconds(86_400),
    '600',
    'Seconds after which an operation on a VM counts as lost. A lost deletion is resumed.',
  ),
  silenceTimeout: setting(
    'AGENT_SILENCE_TIMEOUT',
    seconds(3600, 25),
    '50',
    'Seconds that an agent may be silent during an operation; it sends a heartbeat every 20 seconds.',
  ),
  winrmOperationTimeout: setting(
    'WINRM_OPERATION_TIMEOUT',
    seconds(180, 5),
    '60',
    'Seconds that a host may hold a request open while it has no output.',
  ),
  winrmIdleTimeout: setting(
    'WINRM_IDLE_TIMEOUT',
    seconds(900, 60),
    '600',
    'Seconds after which a host ends an unused session of the service.',
  ),
  winrmCloseTimeout: setting(
    'WINRM_CLOSE_TIMEOUT',
    seconds(60),
    '5',
    'Seconds that closing a session may take. A session that is not closed by then ends after WINRM_IDLE_TIMEOUT.',
  ),
  winrmMaxEnvelope: setting(
    'WINRM_MAX_ENVELOPE_KB',
    integer(32, 8192),
    '150',
    'The longest WS-Management message in either direction, in kB. Hosts refuse more than their MaxEnvelopeSizekb (500).',
  ),
  maxOperations: setting(
    'MAX_CONCURRENT_OPERATIONS',
    integer(1, 1000),
    '64',
    'The maximum number of concurrent operations on all hosts, not counting watches.',
  ),
  operationsPerHost: setting(
    'MAX_OPERATIONS_PER_HOST',
    integer(1, 100),
    '8',
    'The maximum number of concurrent operations on one host, not counting its watch.',
  ),
  maxHandshakes: setting(
    'MAX_CONCURRENT_HANDSHAKES',
    integer(1, 1000),
    '8',
    'The maximum number of hosts that the service connects to at the same time.',
  ),
  breakerThreshold: setting(
    'BREAKER_FAILURES',
    integer(1, 20),
    '2',
    'Consecutive failures after which the service pauses its attempts to reach a host (circuit breaker).',
  ),
  breakerFirstWait: setting(
    'BREAKER_FIRST_WAIT',
    seconds(300),
    '2',
    'Length of the first pause in seconds; each further failure doubles it.',
  ),
  breakerLongestWait: setting(
    'BREAKER_LONGEST_WAIT',
    seconds(3600),
    '15',
    'Length of the longest pause in seconds. A host that becomes reachable may go unnoticed for that long.',
  ),
  hostInstallDirectory: setting(
    'HOST_INSTALL_DIRECTORY',
    windowsFolder,
    'C:\\Program Files\\Aether-V',
    'The agent’s folder on hosts. Each version that the service installs has a subfolder, and `winrs+https://` runs the agent from there.',
  ),
  agentDeployment: setting(
    'AGENT_DEPLOYMENT',
    oneOf(['session', 'preinstalled', 'push', 'download']),
    'session',
    'The source of the agent on hosts reached by PowerShell Remoting: `session`, `preinstalled`, `push` or `download`.\n' +
      '`session`: the service loads the agent into each session and installs nothing. If a host does not allow that, an installed agent is used.\n' +
      '`preinstalled`: an administrator has installed the agent.\n' +
      '`push`: the service installs the agent over the session.\n' +
      '`download`: hosts download the agent from `AGENT_DOWNLOAD_BASE_URL`.\n' +
      'With `push` and `download` every file is verified (SHA-256) whenever a session opens.',
  ),
  agentDownloadBaseUrl: optional(
    'AGENT_DOWNLOAD_BASE_URL',
    httpsFolder,
    'With `AGENT_DEPLOYMENT=download`: the https folder from which hosts download `aether-v-host-agent-VERSION.json.gz`.\n' +
      '`npm run package -w @aether-v/api` writes that file.',
  ),
  serviceKey: {
    ...secretSetting(
      'SERVICE_KEY',
      key,
      'The secret key with which the service signs its notes in the journals of hosts: at least 32 characters of random text, such as the output of `openssl rand -base64 32`.\n' +
        'With the key, a restarted service continues jobs with several steps, and trusts what the notes say about their jobs. Without it, each start generates a new key: such jobs are not continued, and earlier jobs appear as reported by their hosts.\n' +
        'If several services manage the same hosts as one installation, give all of them the same key.',
    ),
    verbatim: true,
  },
  jobHistory: setting(
    'JOB_HISTORY',
    integer(10, 100_000),
    '1000',
    'The maximum number of ended jobs kept; the oldest are removed first.',
  ),
  maxConnections: setting(
    'MAX_CONNECTIONS',
    integer(10, 100_000),
    '1000',
    'The maximum number of open connections of browsers and scripts. Further connections receive 429.',
  ),
  maxConnectionsPerClient: setting(
    'MAX_CONNECTIONS_PER_CLIENT',
    integer(4, 100_000),
    '100',
    'The maximum number of open connections from one address; all of an IPv6 /64 count as one.\n' +
      'It does not apply to TRUSTED_PROXIES, because all clients behind a proxy share its address.',
  ),
  maxStreamsPerClient: setting(
    'MAX_EVENT_STREAMS_PER_CLIENT',
    integer(1, 500),
    '8',
    'The maximum number of open event streams of one session, key or program; each browser needs one.',
  ),
  bodyLimit: setting(
    'REQUEST_BODY_LIMIT',
    integer(1024, 104_857_600),
    '1048576',
    'The maximum size of a request body, in bytes.',
  ),
  ...authSettings,
  ...oidcSettings,
  ...keySettings,
  ...auditSettings,
  ...aboutSettings,
  webRoot: optional(
    'WEB_ROOT',
    text(4096),
    'The folder of the built console. The default is the console built with the service.',
  ),
} as const satisfies Record<string, Setting<unknown>>;

/** The value of a setting. */
type ValueOf<S> = S extends Setting<infer T> ? (S extends { readonly fallback: null } ? T | null : T) : never;

/** The configuration of the service. */
export type Config = { readonly [K in keyof typeof settings]: ValueOf<(typeof settings)[K]> };

/** The injection token of the configuration. */
export const configToken = Symbol('config');
