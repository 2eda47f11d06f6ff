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

/** The settings of sign-in, whichever way people and programs identify themselves. */
export const authSettings = {
  authEnabled: optional(
    'AUTH_ENABLED',
    flag,
    'Whether callers must identify themselves. The default is true as soon as OpenID Connect, local accounts or an API key are configured.\n' +
      'While no sign-in of people is configured, callers from this machine (loopback, without a proxy) are the local administrator. `true` refuses them as well.\n' +
      'With `false` the service listens on loopback only.',
  ),
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    listOf(networkAddress),
    '',
    'Addresses or ranges (`10.0.0.0/8`) of reverse proxies, separated by commas. Their `X-Forwarded-For` and `X-Forwarded-Proto` headers are believed; those of all other senders are ignored.\n' +
      'With this setting no request is the local administrator.',
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
    'The file of local accounts, for installations without an identity provider and as a way in while the provider is unavailable. `npm run user:add` writes it.',
  ),
  sessionSecretKeys: secretSetting(
    'SESSION_SECRET_KEY',
    secretKeys,
    'Secret keys that encrypt session cookies, separated by commas, the newest first: each at least 32 characters of random text, such as the output of `openssl rand -base64 32`.\n' +
      'New cookies use the first key; the others still open earlier cookies. Without the setting each start generates a key, and everyone signs in again after a restart.',
  ),
  sessionIdleMinutes: setting(
    'SESSION_IDLE_MINUTES',
    integer(10, 43_200),
    '480',
    'Minutes without any request after which a session ends.',
  ),
  sessionMaxHours: setting(
    'SESSION_MAX_HOURS',
    integer(1, 720),
    '24',
    'Hours after sign-in at which a session ends, however active it is.',
  ),
  tlsCert: optional(
    'TLS_CERT',
    text(4096),
    'The path of a PEM file with the certificate of the service and its chain. Set it together with TLS_KEY to serve HTTPS. Both files are read again when they change.',
  ),
  tlsKey: optional('TLS_KEY', text(4096), 'The path of a PEM file with the private key of that certificate.'),
  tlsSelfSigned: setting(
    'TLS_SELF_SIGNED',
    flag,
    'false',
    'Creates a self-signed certificate for the names and addresses of this machine at TLS_CERT and TLS_KEY (default: `tls/cert.pem` and `tls/key.pem` in the working directory), unless the files exist. Its fingerprint is logged at start.',
  ),
  rateLimitPerAddress: setting(
    'RATE_LIMIT_PER_ADDRESS',
    integer(10, 10_000_000),
    '1200',
    'The maximum number of requests in a minute from one address without valid credentials, including those for files of the console; all of an IPv6 /64 count as one. Further requests receive 429.\n' +
      'Behind a reverse proxy that TRUSTED_PROXIES does not name all clients share one address.',
  ),
  rateLimitPerCredential: setting(
    'RATE_LIMIT_PER_CREDENTIAL',
    integer(10, 10_000_000),
    '6000',
    'The maximum number of requests in a minute with one session, token or key.',
  ),
} as const;

/** The settings of OpenID Connect. */
export const oidcSettings = {
  oidcIssuerUrl: optional(
    'OIDC_ISSUER_URL',
    httpUrl,
    'The issuer of the OpenID Connect provider. For Entra ID: `https://login.microsoftonline.com/TENANT-ID/v2.0`.\n' +
      'Requests to it use the proxy of the environment variable HTTPS_PROXY, except for the names in NO_PROXY.',
  ),
  oidcClientId: optional(
    'OIDC_CLIENT_ID',
    text(256),
    'The client (application) id of Aether-V at the provider. Set it to let people sign in.',
  ),
  oidcClientSecret: {
    ...secretSetting('OIDC_CLIENT_SECRET', secret, 'The secret of that client.'),
    verbatim: true,
  },
  oidcRedirectUri: optional(
    'OIDC_REDIRECT_URI',
    httpUrl,
    'The address to which the provider returns people after sign-in: the address of this service as browsers see it, with the path `/auth/callback`.\n' +
      'The default is derived from the request.',
  ),
  oidcApiAudience: optional(
    'OIDC_API_AUDIENCE',
    text(1024),
    'The audience (`aud`) of access tokens that programs send to the API, such as `api://aether-v` or the client id. Without it bearer tokens are refused.',
  ),
  oidcDocsClientId: optional(
    'OIDC_DOCS_CLIENT_ID',
    text(256),
    'The client id for Authorize in Swagger UI: a public client (single-page application) with the redirect address `/docs/oauth2-redirect.html` of this service.\n' +
      'The default is OIDC_CLIENT_ID if that client has no secret; otherwise Authorize takes a token or key only.',
  ),
  oidcReaderPermissions: setting(
    'OIDC_READER_PERMISSIONS',
    listOf(text(256)),
    'Aether.Reader',
    'Scopes, app roles or groups, separated by commas, that make their holder a reader. They are compared exactly.',
  ),
  oidcWriterPermissions: setting(
    'OIDC_WRITER_PERMISSIONS',
    listOf(text(256)),
    'Aether.Writer',
    'The same for writers, who may also change VMs.',
  ),
  oidcAdminPermissions: setting(
    'OIDC_ADMIN_PERMISSIONS',
    listOf(text(256)),
    'Aether.Admin',
    'The same for administrators, who may also manage hosts and read the audit log.',
  ),
  oidcCaCertificates: optional(
    'OIDC_CA_FILE',
    certificateFile,
    'A PEM file of certificates to trust for the provider in addition to the well-known authorities.',
  ),
  oidcTokenType: setting(
    'OIDC_TOKEN_TYPE',
    listOf(text(64)),
    'at+jwt',
    'The accepted `typ` headers of access tokens, separated by commas (RFC 9068 requires `at+jwt`). Tokens of Entra ID have `JWT`, which is accepted for its issuers without this setting.',
  ),
  entraVerifier: setting(
    'ENTRA_VERIFIER',
    oneOf(['both', 'jose']),
    'both',
    'The libraries that must accept an access token of Entra ID: `both` (jose and passport-azure-ad) or only `jose`.',
  ),
} as const;

/** The settings of API keys and of the VM control API. */
export const keySettings = {
  apiKey: {
    ...secretSetting(
      'API_KEY',
      secret,
      'The key of the VM control API, sent as `x-api-key`; its holder is a writer. Use API_KEYS_FILE for several keys with names, roles and ends.',
    ),
    verbatim: true,
  },
  apiKeysFile: optional(
    'API_KEYS_FILE',
    apiKeysFile,
    'The file of named API keys. `npm run key:add` writes it; it contains only hashes of the keys.',
  ),
  hmacSecret: {
    ...secretSetting(
      'HMAC_SECRET',
      secret,
      'The secret with which holders of API keys sign their requests (`docs/vm-control-api.md`): at least 32 characters of random text, such as the output of `openssl rand -base64 32`.\n' +
        'Without it the API key alone is enough. With it the key in API_KEY must sign as well: signature 1 or 2 for the VM control API, signature 2 for the rest of the API.',
    ),
    verbatim: true,
  },
  hmacReplayScope: setting(
    'HMAC_REPLAY_SCOPE',
    oneOf<'global' | 'target'>(['global', 'target']),
    'global',
    'Where a signature 1 counts as used. `global`: anywhere. `target`: for the same action and VM only, for old scripts that start several VMs in the same second; use it over TLS only.',
  ),
  allowIp: setting(
    'ALLOW_IP',
    listOf(networkAddress),
    '',
    'The addresses and ranges that may call the VM control API, separated by commas. If it is empty, every address may.',
  ),
  vmControlWait: setting(
    'VM_CONTROL_WAIT',
    integer(0, 3600),
    '50',
    'Seconds that an action of the VM control API waits for its end. After that it answers 202 with the job. Reverse proxies often end requests after 60 seconds.',
  ),
} as const;

/** Settings of what the service says about itself. */
export const aboutSettings = {
  debug: setting('DEBUG', flag, 'false', 'Logs more details. Secrets are never logged.'),
  appVersion: optional(
    'APP_VERSION',
    text(64),
    'Replaces the version that `/healthz` and the OpenAPI document show.',
  ),
} as const;
