/** Reason why authentication or sealing failed. Branch on this code, never on the message text. */
export type GssapiErrorCode = keyof typeof explanations;

/** Cause and remedy of an error, for the operator of the service. */
interface Explanation {
  readonly cause: string;
  readonly remedy: string;
}

const explanations = {
  'mechanism-missing': {
    cause: 'The GSSAPI of this system has no such mechanism',
    remedy: 'For NTLM install gss-ntlmssp (Debian) or gssntlmssp (Fedora).',
  },
  'no-credentials': {
    cause: 'There are no usable credentials',
    remedy: 'Check that the keytab or credential cache exists, is readable and holds this principal.',
  },
  'client-unknown': {
    cause: 'The KDC does not know the client principal',
    remedy: 'Check the spelling of the principal and its realm, which is upper case.',
  },
  'bad-password': {
    cause: 'The key or password is not the one the account has',
    remedy: 'Export the keytab again after the password changed, or correct the password.',
  },
  'account-closed': {
    cause: 'The account is disabled, locked or expired, or its password is',
    remedy: 'Unlock or enable the account in the directory, or set a new password.',
  },
  expired: {
    cause: 'The credentials have expired',
    remedy: 'Renew the credential cache, or give a keytab, from which credentials are renewed.',
  },
  'unknown-service': {
    cause: 'The KDC does not know the service principal name of the host',
    remedy: 'Use the full name under which the host is registered; check it with setspn -L.',
  },
  'key-version': {
    cause: 'The host cannot decrypt the ticket: it was made with another key',
    remedy:
      'The name belongs to another account, or the ticket is older than the key: check for duplicates with setspn -X.',
  },
  'clock-skew': {
    cause: 'The clocks of this machine, the KDC and the host are too far apart',
    remedy: 'Synchronize them by NTP with the domain; five minutes are allowed.',
  },
  'kdc-unreachable': {
    cause: 'No KDC of the realm can be reached',
    remedy: 'Check krb5.conf, DNS (SRV records _kerberos._tcp and _kerberos._udp) and port 88.',
  },
  'encryption-type': {
    cause: 'There is no encryption type that both sides accept',
    remedy: 'Allow AES for the account (msDS-SupportedEncryptionTypes) and put AES keys into the keytab.',
  },
  'legacy-algorithms': {
    cause: 'NTLM needs the legacy algorithms of OpenSSL, which this system does not have',
    remedy: "Install OpenSSL's legacy provider, ossl-modules/legacy.so (Debian 13: openssl-provider-legacy).",
  },
  'channel-bindings': {
    cause: 'The connection is bound to another TLS certificate',
    remedy: 'Remove what terminates TLS between this machine and the host.',
  },
  'bad-token': {
    cause: 'The other side has sent a token that is damaged or not the expected one',
    remedy: 'Check that the address leads to the host itself and not to a proxy.',
  },
  denied: {
    cause: 'The host does not accept the credentials',
    remedy: 'Check the account and its password, and that it may use WinRM on the host.',
  },
  'not-authentic': {
    cause: 'The other side did not prove who it is',
    remedy: 'Check that the address leads to the host itself and not to a proxy.',
  },
  'not-sealed': {
    cause: 'The message is not sealed, although it has to be',
    remedy: 'Check that the address leads to the host itself, and that no proxy rewrites its answers.',
  },
  'bad-seal': {
    cause: 'The seal does not fit the message',
    remedy: 'The message was changed, repeated or lost on its way: connect again.',
  },
  failed: {
    cause: 'The security mechanism failed',
    remedy: "The mechanism's own words say more.",
  },
} as const satisfies Record<string, Explanation>;

/** Status of a GSSAPI call: major status of RFC 2744 3.9.1 and the minor status of the mechanism. */
export interface Status {
  readonly major: number;
  readonly minor: number;
}

/** Failed authentication or sealing, classified by its {@link GssapiErrorCode}. */
export class GssapiError extends Error {
  override readonly name = 'GssapiError';
  readonly code: GssapiErrorCode;
  /** Remedy for the operator. */
  readonly remedy: string;
  /** Status of the GSSAPI call; undefined if the error is not from GSSAPI. */
  readonly status: Status | undefined;
  /** Message of the mechanism, for display only. */
  readonly detail: string | undefined;

  /** Creates an error. */
  constructor(code: GssapiErrorCode, detail?: string, status?: Status) {
    super(
      detail === undefined || detail === ''
        ? explanations[code].cause
        : `${explanations[code].cause} (${detail})`,
    );
    this.code = code;
    this.detail = detail;
    this.remedy = explanations[code].remedy;
    this.status = status;
  }
}

/** Error for a missing library or package that Negotiate needs. */
export class GssapiUnavailableError extends Error {
  override readonly name = 'GssapiUnavailableError';
  readonly code = 'gssapi-unavailable';
  /** Names what to install. */
  readonly remedy: string;

  /** @param part name of the npm package or shared library that could not be loaded. */
  constructor(part: string, cause: unknown) {
    super(`Kerberos and NTLM need ${part}, which cannot be loaded`, { cause });
    this.remedy =
      part === 'koffi'
        ? 'Install the optional npm package koffi.'
        : 'Install libgssapi-krb5-2 (Debian, Ubuntu) or krb5-libs (Fedora, RHEL); for NTLM also gss-ntlmssp or gssntlmssp.';
  }
}

/** Routine errors of RFC 2744 3.9.1, in bits 16 to 23 of the major status. */
const codesByRoutineError: Readonly<Record<number, GssapiErrorCode>> = {
  1: 'mechanism-missing',
  4: 'channel-bindings',
  6: 'bad-token',
  7: 'no-credentials',
  9: 'bad-token',
  10: 'no-credentials',
  11: 'expired',
};

/** Error numbers of the Kerberos protocol (RFC 4120 7.5.9). The library adds `kerberosErrorBase` to them. */
const codesByProtocolError: Readonly<Record<number, GssapiErrorCode>> = {
  1: 'account-closed',
  6: 'client-unknown',
  7: 'unknown-service',
  14: 'encryption-type',
  18: 'account-closed',
  23: 'account-closed',
  24: 'bad-password',
  31: 'bad-password',
  32: 'expired',
  33: 'clock-skew',
  35: 'unknown-service',
  37: 'clock-skew',
  41: 'key-version',
  44: 'key-version',
  45: 'key-version',
  68: 'client-unknown',
};

/** Further error numbers of the MIT krb5 library (krb5.h), without the same base. */
const codesByLibraryError: Readonly<Record<number, GssapiErrorCode>> = {
  141: 'no-credentials', // KRB5_CC_NOTFOUND
  154: 'kdc-unreachable', // KRB5_REALM_UNKNOWN
  156: 'kdc-unreachable', // KRB5_KDC_UNREACH
  179: 'no-credentials', // KRB5_KT_BADNAME
  181: 'no-credentials', // KRB5_KT_NOTFOUND
  195: 'no-credentials', // KRB5_FCC_NOFILE
  220: 'kdc-unreachable', // KRB5_REALM_CANT_RESOLVE
  230: 'key-version', // KRB5_KT_KVNONOTFOUND
  237: 'encryption-type', // KRB5_CONFIG_ETYPE_NOSUPP
};

/** ERR_CRYPTO of gss-ntlmssp, as an unsigned number. */
const ntlmCryptoError = 0x4e54_0003;

const kerberosErrorBase = -1_765_328_384;

/** Returns the code of an error number in a KRB-ERROR (RFC 4120 5.9.1). */
export function codeOfProtocolError(number: number): GssapiErrorCode {
  return codesByProtocolError[number] ?? 'failed';
}

/** Returns the code of a status. A Kerberos number in the minor status is more specific than the major status. */
export function codeOfStatus({ major, minor }: Status): GssapiErrorCode {
  if (minor === ntlmCryptoError) return 'legacy-algorithms';
  const number = (minor | 0) - kerberosErrorBase;
  return (
    codesByProtocolError[number] ??
    codesByLibraryError[number] ??
    codesByRoutineError[(major >>> 16) & 0xff] ??
    'failed'
  );
}
