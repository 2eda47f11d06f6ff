import type { X509Certificate } from 'node:crypto';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import { CertificateError, describeCertificate } from './server-certificate.ts';

/** TLS options. */
export interface TlsOptions {
  /** Trusted certificates (PEM), instead of Node's list. */
  readonly ca?: string | readonly string[];
  /** False accepts any certificate: for self-signed certificates in a trusted network such as a homelab. */
  readonly rejectUnauthorized?: boolean;
  /** Name to verify, if it differs from the URL's. */
  readonly servername?: string;
  /**
   * Pins the host's certificate to one or several SHA-256 fingerprints (several while it is being replaced): 64
   * hexadecimal digits in upper or lower case, with or without colons. A connection is accepted if and only if the host
   * presents one of them, regardless of its name, authority and dates; the other TLS options are then ignored.
   */
  readonly fingerprint256?: string | readonly string[];
}

const tlsRules: OptionRules<TlsOptions> = {
  ca: rules.texts,
  rejectUnauthorized: rules.flag,
  servername: rules.text,
  fingerprint256: {
    expected: 'one or several SHA-256 fingerprints of 64 hexadecimal digits',
    allows: (value) => {
      const pins: readonly unknown[] = Array.isArray(value) ? value : [value];
      return pins.length > 0 && pins.every((pin) => typeof pin === 'string' && fingerprint.test(pin));
    },
  },
};

const fingerprint = /^(?:[\da-f]{64}|[\da-f]{2}(?::[\da-f]{2}){31})$/i;

/**
 * Decides which sockets may be used. Node would drop a socket with an invalid certificate before the certificate can be
 * read. Node is therefore told to keep the socket, and its verdict is checked here before anything is sent.
 */
export class TlsPolicy {
  readonly #pins: ReadonlySet<string> | undefined;
  readonly #acceptsAny: boolean;
  /** Options for creating sockets. */
  readonly connect: Pick<ConnectionOptions, 'ca' | 'servername' | 'rejectUnauthorized'>;

  /** @throws {OptionError} if an option is unusable; names its path (`tls.ca`). */
  constructor(options: TlsOptions = {}) {
    checkOptions(options, tlsRules, [], 'tls');
    const { ca, rejectUnauthorized, servername, fingerprint256 } = options;
    this.#pins = fingerprint256 === undefined ? undefined : pinsOf(fingerprint256);
    this.#acceptsAny = rejectUnauthorized === false;
    this.connect = {
      rejectUnauthorized: false,
      ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
      ...(servername === undefined ? {} : { servername }),
    };
  }

  /**
   * Returns why a socket must not be used once its handshake is complete; undefined if it may be used.
   *
   * @param shown the host's certificate; the caller reads it from the socket once.
   */
  objection(socket: TLSSocket, shown: X509Certificate | undefined): CertificateError | undefined {
    const code = this.#pins === undefined ? this.#verdict(socket) : pinVerdict(this.#pins, shown);
    if (code === undefined) return undefined;
    return new CertificateError(code, shown === undefined ? undefined : describeCertificate(shown));
  }

  #verdict(socket: TLSSocket): string | undefined {
    if (this.#acceptsAny || socket.authorized) return undefined;
    // Node stores the code here, contrary to its types.
    const reason: unknown = socket.authorizationError;
    return typeof reason === 'string' ? reason : 'ERR_TLS_CERT_UNVERIFIED';
  }
}

function pinVerdict(
  pins: ReadonlySet<string>,
  shown: { readonly fingerprint256: string } | undefined,
): string | undefined {
  const isPinned = shown !== undefined && pins.has(normalized(shown.fingerprint256));
  return isPinned ? undefined : 'ERR_TLS_CERT_FINGERPRINT';
}

function pinsOf(fingerprint256: string | readonly string[]): ReadonlySet<string> {
  const pins = typeof fingerprint256 === 'string' ? [fingerprint256] : fingerprint256;
  return new Set(pins.map(normalized));
}

function normalized(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
