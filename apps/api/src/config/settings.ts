import {
  bindAddress,
  certificateFile,
  flag,
  hostHeaderName,
  hyperVHosts,
  integer,
  listOf,
  secret,
  text,
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

const seconds = (maximum: number): Parser<number> => integer(1, maximum);

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
  hosts: setting(
    'HYPERV_HOSTS',
    hyperVHosts,
    '',
    'The Hyper-V hosts, separated by commas: names (`hv01.example.com`, `hv01:5986`), URLs of WinRM listeners, or `local:` for the machine that the service runs on. `cluster:` before the name or URL of a failover cluster (`cluster:cl01.example.com`) stands for all its nodes: each is reached as written there, at its own name in the cluster’s domain; nodes come and go as the cluster says. A URL may end with `?auth=kerberos`, `?auth=ntlm` or `?auth=basic`, and with `configuration=` and the name of an endpoint configuration (JEA). Without `auth` a host is asked by Kerberos where that is configured, else by NTLM; an http:// URL of this machine by Basic where there is a password.',
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
  caCertificates: optional(
    'WINRM_CA_FILE',
    certificateFile,
    'A file with the certificates (PEM) to trust for https:// instead of the well-known ones: of your authority, or self-signed ones of hosts.',
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
    'Seconds after which a power operation on a host counts as lost.',
  ),
  maxOperations: setting(
    'MAX_CONCURRENT_OPERATIONS',
    integer(1, 1000),
    '64',
    'How many operations run at once over all hosts, watches not counted.',
  ),
  maxHandshakes: setting(
    'MAX_CONCURRENT_HANDSHAKES',
    integer(1, 1000),
    '8',
    'How many hosts are connected to at once.',
  ),
  jobHistory: setting(
    'JOB_HISTORY',
    integer(10, 100_000),
    '1000',
    'How many ended jobs the service remembers; the oldest are forgotten first.',
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
