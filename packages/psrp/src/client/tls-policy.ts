import type { X509Certificate } from 'node:crypto';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import { CertificateError, describeCertificate } from './server-certificate.ts';

/** What of TLS can be chosen. */
export interface TlsOptions {
  /** Certificates (PEM) to trust instead of Node's own list. */
  readonly ca?: string | readonly string[];
  /** False accepts any certificate: for a homelab's self-signed ones, where the network is trusted. */
  readonly rejectUnauthorized?: boolean;
  /** The name to verify, where it is not the URL's. */
  readonly servername?: string;
  /**
   * Pins the host's own certificate by its SHA-256 fingerprint, or one of several (the next one, while it is being changed):
   * 64 hexadecimal digits in any case, with or without colons. A connection is accepted exactly where the host shows one of
   * them, whatever its name, authority and dates are; nothing else of what is chosen here matters then.
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
 * Decides which sockets may be used. Node would drop a socket with a bad certificate before anybody could tell which one it
 * was, so it is told to keep it, and the verdict on it is read here before the socket is handed to anyone who sends.
 */
export class TlsPolicy {
  readonly #pins: ReadonlySet<string> | undefined;
  readonly #acceptsAny: boolean;
  /** What sockets are made with. */
  readonly connect: Pick<ConnectionOptions, 'ca' | 'servername' | 'rejectUnauthorized'>;

  /**
   * A policy of these options.
   *
   * @throws {OptionError} for an unusable option, by its path (`tls.ca`).
   */
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
   * Why nothing may be sent on a socket whose handshake is over, or undefined where it may.
   *
   * @param shown the host's certificate: whoever asks the socket for it does so once.
   */
  objection(socket: TLSSocket, shown: X509Certificate | undefined): CertificateError | undefined {
    const code = this.#pins === undefined ? this.#verdict(socket) : pinVerdict(this.#pins, shown);
    if (code === undefined) return undefined;
    return new CertificateError(code, shown === undefined ? undefined : describeCertificate(shown));
  }

  #verdict(socket: TLSSocket): string | undefined {
    if (this.#acceptsAny || socket.authorized) return undefined;
    // Node puts the code there, whatever its types say.
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
