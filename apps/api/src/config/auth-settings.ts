import { apiKeysFile } from './api-keys-file.ts';
import {
  certificateFile,
  flag,
  httpUrl,
  integer,
  listOf,
  networkAddress,
  oneOf,
  secret,
  secretKeys,
  text,
} from './parsers.ts';
import { optional, secretSetting, setting } from './setting.ts';

/** The settings of sign-in, proxies, sessions and TLS. */
export const authSettings = {
  authEnabled: optional(
    'AUTH_ENABLED',
    flag,
    'Requires callers to identify themselves. By default they must as soon as OpenID Connect, local accounts or an API key are configured.\n' +
      'While people cannot sign in, callers on this machine (loopback, without a proxy) are the local administrator. `true` refuses them as well.\n' +
      '`false` turns off the sign-in of people and access tokens. The service then listens on loopback only.',
  ),
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    listOf(networkAddress),
    '',
    'Addresses or ranges (`10.0.0.0/8`) of reverse proxies, separated by commas. The service believes their `X-Forwarded-For` and `X-Forwarded-Proto` headers and ignores those of other senders.\n' +
      'This setting turns the local administrator off.',
  ),
  publicDocs: setting(
    'PUBLIC_DOCS',
    flag,
    'false',
    'Shows `/docs`, `/redoc` and `/openapi.json` without sign-in. They describe the API and contain no data of the fleet.',
  ),
  accountsFile: optional(
    'ACCOUNTS_FILE',
    text(4096),
    'The path of the file of local accounts, for installations without an identity provider and for the time when the provider is unavailable. `npm run user:add` writes it.',
  ),
  sessionSecretKeys: secretSetting(
    'SESSION_SECRET_KEY',
    secretKeys,
    'Secret keys that encrypt session cookies, separated by commas, newest first. Each has at least 32 characters of random text, such as the output of `openssl rand -base64 32`.\n' +
      'The first key encrypts new cookies; the others only decrypt existing ones. Without this setting each start generates a key, so everyone must sign in again after a restart.',
  ),
  sessionIdleMinutes: setting(
    'SESSION_IDLE_MINUTES',
    integer(10, 43_200),
    '480',
    'The number of minutes without use after which a session ends.',
  ),
  sessionMaxHours: setting(
    'SESSION_MAX_HOURS',
    integer(1, 720),
    '24',
    'The number of hours after sign-in at which a session ends, even if it is in use.',
  ),
  tlsCert: optional(
    'TLS_CERT',
    text(4096),
    'The path of a PEM file with the certificate of the service and its chain. Set it together with TLS_KEY to serve HTTPS. The service loads both files again when they change.',
  ),
  tlsKey: optional('TLS_KEY', text(4096), 'The path of a PEM file with the private key of that certificate.'),
  tlsSelfSigned: setting(
    'TLS_SELF_SIGNED',
    flag,
    'false',
    'Serves HTTPS with a self-signed certificate for the names and addresses of this machine. It is created at TLS_CERT and TLS_KEY (default: `tls/cert.pem` and `tls/key.pem` in the working directory) unless the files exist. The service prints its fingerprint at start.',
  ),
  rateLimitPerAddress: setting(
    'RATE_LIMIT_PER_ADDRESS',
    integer(10, 10_000_000),
    '1200',
    'The maximum number of requests per minute without valid credentials from one address, including those for files of the console. An IPv6 /64 counts as one address. Further requests get 429.\n' +
      'Behind a reverse proxy that is not in TRUSTED_PROXIES, all clients share one address.',
  ),
  rateLimitPerCredential: setting(
    'RATE_LIMIT_PER_CREDENTIAL',
    integer(10, 10_000_000),
    '6000',
    'The maximum number of requests per minute with one session, token or key.',
  ),
} as const;

/** The settings of OpenID Connect. */
export const oidcSettings = {
  oidcIssuerUrl: optional(
    'OIDC_ISSUER_URL',
    httpUrl,
    'The issuer of the OpenID Connect provider. For Entra ID: `https://login.microsoftonline.com/TENANT-ID/v2.0`.\n' +
      'Requests to it go through the proxy in the environment variable HTTPS_PROXY, except for the names in NO_PROXY.',
  ),
  oidcClientId: optional(
    'OIDC_CLIENT_ID',
    text(256),
    'The client (application) id of Aether-V at the provider. Required for the sign-in of people.',
  ),
  oidcClientSecret: {
    ...secretSetting('OIDC_CLIENT_SECRET', secret, 'The secret of that client.'),
    verbatim: true,
  },
  oidcRedirectUri: optional(
    'OIDC_REDIRECT_URI',
    httpUrl,
    'The address to which the provider returns browsers after sign-in: the address of this service as browsers see it, with the path `/auth/callback`.\n' +
      'By default it is derived from the request.',
  ),
  oidcApiAudience: optional(
    'OIDC_API_AUDIENCE',
    text(1024),
    'The audience (`aud`) of access tokens that programs send to the API, such as `api://aether-v` or the client id. Without it all access tokens are refused.',
  ),
  oidcDocsClientId: optional(
    'OIDC_DOCS_CLIENT_ID',
    text(256),
    'The client id for Authorize in Swagger UI: a public client (single-page application) with the redirect address `/docs/oauth2-redirect.html` of this service.\n' +
      'The default is OIDC_CLIENT_ID if that client has no secret. Otherwise Authorize accepts only a token or key.',
  ),
  oidcReaderPermissions: setting(
    'OIDC_READER_PERMISSIONS',
    listOf(text(256)),
    'Aether.Reader',
    'Scopes, app roles or groups, separated by commas, that grant the role reader. They are compared exactly.',
  ),
  oidcWriterPermissions: setting(
    'OIDC_WRITER_PERMISSIONS',
    listOf(text(256)),
    'Aether.Writer',
    'Scopes, app roles or groups that grant the role writer, which may also change VMs.',
  ),
  oidcAdminPermissions: setting(
    'OIDC_ADMIN_PERMISSIONS',
    listOf(text(256)),
    'Aether.Admin',
    'Scopes, app roles or groups that grant the role admin, which may also manage hosts and read the audit log.',
  ),
  oidcCaCertificates: optional(
    'OIDC_CA_FILE',
    certificateFile,
    'The path of a PEM file with certificate authorities to trust for the provider, in addition to the well-known ones.',
  ),
  oidcTokenType: setting(
    'OIDC_TOKEN_TYPE',
    listOf(text(64)),
    'at+jwt',
    'The accepted `typ` headers of access tokens, separated by commas (RFC 9068 requires `at+jwt`). It does not apply to Entra ID, whose tokens always have `JWT`.',
  ),
  entraVerifier: setting(
    'ENTRA_VERIFIER',
    oneOf(['both', 'jose']),
    'both',
    'The libraries that must accept an access token of Entra ID: `both` (jose and passport-azure-ad), or `jose` alone.',
  ),
} as const;

/** The settings of API keys and of the VM control API. */
export const keySettings = {
  apiKey: {
    ...secretSetting(
      'API_KEY',
      secret,
      'A single API key with the role writer, sent as `x-api-key`. For several keys with names, roles and expiry, use API_KEYS_FILE.',
    ),
    verbatim: true,
  },
  apiKeysFile: optional(
    'API_KEYS_FILE',
    apiKeysFile,
    'The path of the file of named API keys. `npm run key:add` writes it. It contains only hashes of the keys.',
  ),
  hmacSecret: {
    ...secretSetting(
      'HMAC_SECRET',
      secret,
      'The secret with which holders of API keys sign their requests (`docs/vm-control-api.md`): at least 32 characters of random text, such as the output of `openssl rand -base64 32`.\n' +
        'If it is set, requests with API_KEY must be signed: with signature 1 or 2 in the VM control API, with signature 2 in the rest of the API. Without it the key alone is enough.',
    ),
    verbatim: true,
  },
  hmacReplayScope: setting(
    'HMAC_REPLAY_SCOPE',
    oneOf<'global' | 'target'>(['global', 'target']),
    'global',
    'The scope in which a used signature 1 is refused. `global`: for all requests. `target`: only for the same action and VM, for old scripts that start several VMs in the same second. Use `target` over TLS only.',
  ),
  allowIp: setting(
    'ALLOW_IP',
    listOf(networkAddress),
    '',
    'The addresses and ranges that may call the VM control API, separated by commas. If empty, every address may.',
  ),
  vmControlWait: setting(
    'VM_CONTROL_WAIT',
    integer(0, 3600),
    '50',
    'The number of seconds that the VM control API waits for an action to finish. After that the response is 202 with the job. Reverse proxies often end requests after 60 seconds.',
  ),
} as const;

/** The settings of logging and the version. */
export const aboutSettings = {
  debug: setting('DEBUG', flag, 'false', 'Logs more details. Secrets are never logged.'),
  appVersion: optional(
    'APP_VERSION',
    text(64),
    'Replaces the version that `/healthz` and the OpenAPI document show.',
  ),
} as const;
