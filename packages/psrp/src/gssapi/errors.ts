/** Reason why authentication or sealing failed. Branch on this code, never on the message text. */
export type GssapiErrorCode = keyof typeof messages;

const messages = {
  'mechanism-missing': 'The GSSAPI of this system does not have the mechanism',
  'no-credentials': 'There are no usable credentials',
  'client-unknown': 'The KDC does not know the client principal',
  'bad-password': 'The key or password of the account is wrong',
  'account-closed': 'The account or its password is disabled, locked or expired',
  expired: 'The credentials have expired',
  'unknown-service': 'The KDC does not know the service principal name of the host',
  'key-version': 'The host cannot decrypt the ticket, which was issued for a different key',
  'clock-skew': 'The clocks of this machine, the KDC and the host differ too much',
  'kdc-unreachable': 'No KDC of the realm can be reached',
  'encryption-type': 'The two sides have no encryption type in common',
  'legacy-algorithms': 'NTLM needs the legacy algorithms of OpenSSL, which this system does not have',
  'channel-bindings': 'The connection is bound to a different TLS certificate',
  'bad-token': 'The token of the peer is damaged or unexpected',
  denied: 'The host refuses the credentials',
  'not-authentic': 'The peer did not prove its identity',
  'not-sealed': 'The message is not sealed, although it must be',
  'bad-seal': 'The seal does not match the message',
  failed: 'The security mechanism failed',
} as const satisfies Record<string, string>;

/** Status of a GSSAPI call: major status of RFC 2744 3.9.1 and the minor status of the mechanism. */
export interface Status {
  readonly major: number;
  readonly minor: number;
}

/** Failed authentication or sealing, classified by its {@link GssapiErrorCode}. */
export class GssapiError extends Error {
  override readonly name = 'GssapiError';
  readonly code: GssapiErrorCode;
  /** Status of the GSSAPI call; undefined if the error is not from GSSAPI. */
  readonly status: Status | undefined;
  /** Message of the mechanism, for display only. */
  readonly detail: string | undefined;

  /** Creates an error. */
  constructor(code: GssapiErrorCode, detail?: string, status?: Status) {
    super(detail === undefined || detail === '' ? messages[code] : `${messages[code]} (${detail})`);
    this.code = code;
    this.detail = detail;
    this.status = status;
  }
}

/** Error for a missing library or package that Negotiate needs. */
export class GssapiUnavailableError extends Error {
  override readonly name = 'GssapiUnavailableError';
  readonly code = 'gssapi-unavailable';
  /** Missing npm package or shared library. */
  readonly part: string;

  /** @param part name of the npm package or shared library that could not be loaded. */
  constructor(part: string, cause: unknown) {
    super(`Kerberos and NTLM require ${part}, which cannot be loaded`, { cause });
    this.part = part;
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
