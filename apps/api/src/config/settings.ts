import {
  bindAddress,
  certificateFile,
  flag,
  hostHeaderName,
  httpsFolder,
  hyperVHosts,
  integer,
  listOf,
  oneOf,
  secret,
  serviceClass,
  serviceName,
  text,
  windowsFolder,
  type Parser,
} from './parsers.ts';

/** One setting: the variable it is read from, what it means, and what it is where nobody says. */
export interface Setting<T> {
  readonly variable: string;
  readonly parse: Parser<T>;
  /** As it would be written in the environment; null leaves the setting out. */
  readonly fallback: string | null;
  readonly description: string;
  /** Whether blanks around the text belong to it. */
  readonly verbatim?: true;
  /** A value for the example file where the fallback says too little. */
  readonly example?: string;
}

function setting<T>(
  variable: string,
  parse: Parser<T>,
  fallback: string,
  description: string,
  example?: string,
): Setting<T> & { readonly fallback: string } {
  return { variable, parse, fallback, description, ...(example === undefined ? {} : { example }) };
}

function optional<T>(
  variable: string,
  parse: Parser<T>,
  description: string,
): Setting<T> & { readonly fallback: null } {
  return { variable, parse, fallback: null, description };
}

const seconds = (maximum: number, minimum = 1): Parser<number> => integer(minimum, maximum);

/** Every setting of the service: configuration, its documentation and the example file are made from this table. */
export const settings = {
  port: setting('PORT', integer(0, 65_535), '8000', 'The TCP port to listen on; 0 takes a free one.'),
  bindAddress: setting(
    'BIND_ADDRESS',
    bindAddress,
    '127.0.0.1',
    'The address to listen on. Only loopback addresses are accepted while the service has no login.',
  ),
  allowedHosts: setting(
    'ALLOWED_HOSTS',
    listOf(hostHeaderName),
    '',
    'Names, separated by commas, by which browsers may call the service beside localhost, 127.0.0.1 and [::1]. A proxy in front must pass the Host header on.',
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
    'What this installation calls its shells on hosts, so that its next start finds and deletes those that a crash left behind. Each running service needs a name of its own: one that starts ends the sessions of another with the same name. Without it the name is made of this machine’s identity and the address listened on; set it where that changes with every start, as in containers, and on machines without /etc/machine-id: there nothing is deleted without it.',
  ),
  hosts: setting(
    'HYPERV_HOSTS',
    hyperVHosts,
    '',
    'The Hyper-V hosts, separated by commas: names (`hv01.example.com`, `hv01:5986`), URLs of WinRM listeners, or `local:` for the machine that the service runs on. `cluster:` before the name or URL of a failover cluster (`cluster:cl01.example.com`) stands for all its nodes: each is reached as written there, at its own name in the cluster’s domain; nodes come and go as the cluster says. A URL may end with `?auth=kerberos`, `?auth=ntlm` or `?auth=basic`; with `configuration=` and the name of an endpoint configuration (JEA); with `fingerprint=` and the SHA-256 fingerprint of the only certificate that the host may show, whatever WINRM_CA_FILE and WINRM_TLS_VERIFY say (may be repeated); with `spn=` and what Kerberos knows the host by (`HTTP/hv01.example.com`). `winrs+https://` instead of `https://` reaches a host that has WinRM but no PowerShell Remoting. Without `auth` a host is asked by Kerberos where that is configured, else by NTLM; an http:// URL of this machine by Basic where there is a password.',
    'hv01.example.com,https://hv02.example.com:5986/wsman?auth=basic',
  ),
  winrmPort: setting(
    'WINRM_PORT',
    integer(1, 65_535),
    '5985',
    'The port of hosts given by name only; 5986 means HTTPS, any other HTTP with sealed messages.',
  ),
  winrmUsername: optional(
    'WINRM_USERNAME',
    text(256),
    'The user that the service is on the hosts with NTLM or Basic: `DOMAIN\\user`, or `user` for an account of each host.',
  ),
  winrmPassword: { ...optional('WINRM_PASSWORD', secret, 'The password of that user.'), verbatim: true },
  kerberosPrincipal: optional(
    'WINRM_KERBEROS_PRINCIPAL',
    text(256),
    'Who the service is in Kerberos: `user@REALM`. Without a keytab or cache, the system’s own are used.',
  ),
  kerberosKeytab: optional(
    'WINRM_KERBEROS_KEYTAB',
    secret,
    'The keytab of that principal: the path of the file, or its content in base64.',
  ),
  kerberosCcache: optional(
    'WINRM_KERBEROS_CCACHE',
    text(4096),
    'A credential cache instead of a keytab, such as `FILE:/run/krb5cc`, that something else renews.',
  ),
  kerberosService: setting(
    'WINRM_KERBEROS_SERVICE',
    serviceClass,
    'WSMAN',
    'The first part of the hosts’ service principal names, where an entry of HYPERV_HOSTS does not say `spn=`.',
  ),
  caCertificates: optional(
    'WINRM_CA_FILE',
    certificateFile,
    'A file with the certificates (PEM) to trust for https:// instead of the well-known ones: of your authority, or self-signed ones of hosts.',
  ),
  extraCaFile: optional(
    'NODE_EXTRA_CA_CERTS',
    text(4096),
    'Node’s own setting: a file with certificates (PEM) to trust beside the well-known ones, also for `winrs+https://`, of which WINRM_CA_FILE has no say. Node reads it before it reads a file `.env`.',
  ),
  verifyTls: setting(
    'WINRM_TLS_VERIFY',
    flag,
    'true',
    'Checks the certificates of hosts. With false anyone on the network can pass for a host. For laboratories only.',
  ),
  allowPlainHttp: setting(
    'WINRM_ALLOW_PLAIN_HTTP',
    flag,
    'false',
    'Lets Basic send user and password readably over http:// also beyond this machine. For laboratories only.',
  ),
  refreshInterval: setting(
    'INVENTORY_REFRESH_INTERVAL',
    integer(5, 86_400),
    '60',
    'Seconds between two reads of a host that cannot report changes by itself, and between two full checks of one that can.',
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
    'Seconds after which an operation on a VM counts as lost; a deletion is then gone on with.',
  ),
  silenceTimeout: setting(
    'AGENT_SILENCE_TIMEOUT',
    seconds(3600, 25),
    '50',
    'Seconds that an agent may say nothing during an operation; it writes a heartbeat every 20.',
  ),
  winrmOperationTimeout: setting(
    'WINRM_OPERATION_TIMEOUT',
    seconds(180, 5),
    '60',
    'Seconds that a host may hold a request open while it has nothing to say.',
  ),
  winrmIdleTimeout: setting(
    'WINRM_IDLE_TIMEOUT',
    seconds(900, 60),
    '600',
    'Seconds after which a host ends a session of the service that nobody uses any more.',
  ),
  winrmCloseTimeout: setting(
    'WINRM_CLOSE_TIMEOUT',
    seconds(60),
    '5',
    'Seconds that ending a session may take before it is left to that time-out.',
  ),
  winrmMaxEnvelope: setting(
    'WINRM_MAX_ENVELOPE_KB',
    integer(32, 8192),
    '150',
    'The longest WS-Management message in both directions, in kB. Hosts refuse more than their MaxEnvelopeSizekb (500).',
  ),
  maxOperations: setting(
    'MAX_CONCURRENT_OPERATIONS',
    integer(1, 1000),
    '64',
    'How many operations run at once over all hosts, watches not counted.',
  ),
  operationsPerHost: setting(
    'MAX_OPERATIONS_PER_HOST',
    integer(1, 100),
    '8',
    'How many operations run at once on one host, its watch not counted.',
  ),
  maxHandshakes: setting(
    'MAX_CONCURRENT_HANDSHAKES',
    integer(1, 1000),
    '8',
    'How many hosts are connected to at once.',
  ),
  breakerThreshold: setting(
    'BREAKER_FAILURES',
    integer(1, 20),
    '2',
    'After how many failures in a row a host is left alone for a while.',
  ),
  breakerFirstWait: setting(
    'BREAKER_FIRST_WAIT',
    seconds(300),
    '2',
    'Seconds of the first such while; each further failure doubles it.',
  ),
  breakerLongestWait: setting(
    'BREAKER_LONGEST_WAIT',
    seconds(3600),
    '15',
    'Seconds of the longest such while: how long a host that returns may go unnoticed.',
  ),
  hostInstallDirectory: setting(
    'HOST_INSTALL_DIRECTORY',
    windowsFolder,
    'C:\\Program Files\\Aether-V',
    'The folder of the agent on the hosts: each version that the service puts there has a folder of its own below it, and `winrs+https://` asks for it by path.',
  ),
  agentDeployment: setting(
    'AGENT_DEPLOYMENT',
    oneOf(['session', 'preinstalled', 'push', 'download']),
    'session',
    'How hosts that are reached by PowerShell Remoting get the agent. `session`: the service loads it into each session, and nothing is installed; a host that forbids that is served by an installed agent. `preinstalled`: it is installed there. `push` installs it over the session, `download` lets hosts fetch it from `AGENT_DOWNLOAD_BASE_URL`; with these two every file is checked (SHA-256) whenever a session opens.',
  ),
  agentDownloadBaseUrl: optional(
    'AGENT_DOWNLOAD_BASE_URL',
    httpsFolder,
    'With `AGENT_DEPLOYMENT=download`: the folder on a web server in which hosts find `aether-v-host-agent-VERSION.json.gz` (`npm run package -w @aether-v/api` writes it).',
  ),
  jobHistory: setting(
    'JOB_HISTORY',
    integer(10, 100_000),
    '1000',
    'How many ended jobs the service remembers; the oldest are forgotten first.',
  ),
  maxConnections: setting(
    'MAX_CONNECTIONS',
    integer(10, 100_000),
    '1000',
    'How many connections of browsers and scripts may be open at once; a further one is answered 429.',
  ),
  maxConnectionsPerClient: setting(
    'MAX_CONNECTIONS_PER_CLIENT',
    integer(4, 100_000),
    '100',
    'How many of them may come from one address; all of an IPv6 /64 count as one. A proxy in front is one address: set it to MAX_CONNECTIONS there.',
  ),
  maxStreamsPerClient: setting(
    'MAX_EVENT_STREAMS_PER_CLIENT',
    integer(1, 500),
    '8',
    'How many event streams one address may have open; each browser needs one. A proxy in front is one address: set it to the number of its users there.',
  ),
  bodyLimit: setting(
    'REQUEST_BODY_LIMIT',
    integer(1024, 104_857_600),
    '1048576',
    'The longest request body that is read, in bytes.',
  ),
  webRoot: optional(
    'WEB_ROOT',
    text(4096),
    'The folder of the built console; without it the one that was built beside the service.',
  ),
} as const satisfies Record<string, Setting<unknown>>;

/** The value of a setting. */
type ValueOf<S> = S extends Setting<infer T> ? (S extends { readonly fallback: null } ? T | null : T) : never;

/** The configuration of the service. */
export type Config = { readonly [K in keyof typeof settings]: ValueOf<(typeof settings)[K]> };

/** The injection token of the configuration. */
export const CONFIG = Symbol('CONFIG');
