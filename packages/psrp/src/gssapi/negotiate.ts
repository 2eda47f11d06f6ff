import { checkOptions, rules, type OptionRules } from '../options.ts';
import { negotiateHeader, negotiateToken } from './authorization.ts';
import { binding, contextFlags, type Binding, type ContextSlot, type HandshakeStep } from './binding.ts';
import { tlsServerEndPoint } from './channel-bindings.ts';
import {
  kerberosSource,
  ntlmSource,
  type CredentialSource,
  type KerberosIdentity,
  type Lease,
} from './credentials.ts';
import type { ContentBody } from './encrypted-body.ts';
import {
  codeOfProtocolError,
  codeOfStatus,
  GssapiError,
  type GssapiErrorCode,
  type Status,
} from './errors.ts';
import { kerberosErrorIn } from './kerberos-error.ts';
import { MessageSeal, type Mechanism } from './message-seal.ts';
import { hostBasedServiceOid, kerberosOid, ntlmOid, spnegoOid, type Oid } from './oids.ts';
import type { Pointer } from './library.ts';

/** Destination of a connection. */
export interface NegotiateTarget {
  readonly url: URL;
  /** Returns the host's TLS certificate (DER), which the context is bound to. Absent without TLS. */
  readonly serverCertificate?: () => Buffer | undefined;
}

/** Next step; compatible with `AuthenticationStep` of the WS-Management client. */
export type NegotiateStep =
  | { readonly kind: 'leg'; readonly authorization: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly reason: string; readonly cause: GssapiError };

/** Service principal name of the host. */
export interface NegotiateOptions {
  /** Service class. Default `WSMAN`. */
  readonly service?: string;
  /** Host name. Default: the host name of the URL. */
  readonly host?: string;
}

/** Options of {@link kerberos}. */
export type KerberosOptions = KerberosIdentity & NegotiateOptions;

/** Options of {@link ntlm}. */
export interface NtlmOptions extends NegotiateOptions {
  /** `DOMAIN\user`, or `user` for a local account of the host. */
  readonly user: string;
  readonly password: string;
}

const negotiateRules: OptionRules<NegotiateOptions> = { service: rules.text, host: rules.text };

const kerberosRules: OptionRules<KerberosOptions> = {
  ...negotiateRules,
  principal: rules.text,
  keytab: rules.textOrBytes,
  ccache: rules.text,
};

const ntlmRules: OptionRules<NtlmOptions> = { ...negotiateRules, user: rules.text, password: rules.text };

/**
 * Creates an authenticator for Kerberos in Negotiate (RFC 4559), without fallback to NTLM. Requires mutual
 * authentication and confidentiality; delegates no credentials. Connections reject or refuse with a GssapiError, or
 * with a GssapiUnavailableError if a library is missing.
 *
 * @throws {OptionError} if an option is unusable.
 */
export function kerberos(options: KerberosOptions): NegotiateAuthenticator {
  checkOptions(options, kerberosRules);
  return new NegotiateAuthenticator('kerberos', kerberosSource(options), options);
}

/**
 * Creates an NTLM authenticator for Negotiate (raw NTLM tokens), for hosts outside a domain. Errors as `kerberos`.
 *
 * @throws {OptionError} if an option is missing or unusable.
 */
export function ntlm(options: NtlmOptions): NegotiateAuthenticator {
  checkOptions(options, ntlmRules, ['user', 'password']);
  return new NegotiateAuthenticator('ntlm', ntlmSource(options.user, options.password), options);
}

const mechanismOids = { kerberos: spnegoOid, ntlm: ntlmOid } as const satisfies Record<Mechanism, Oid>;

const sealingFlags =
  contextFlags.replay | contextFlags.sequence | contextFlags.confidentiality | contextFlags.integrity;

/** Context flags that the host must grant. NTLM has no mutual authentication. */
const requiredFlags = {
  kerberos: contextFlags.mutual | sealingFlags,
  ntlm: sealingFlags,
} as const satisfies Record<Mechanism, number>;

/** Authenticator with its credentials; creates a security context for each connection. */
export class NegotiateAuthenticator {
  readonly #mechanism: Mechanism;
  readonly #source: CredentialSource;
  readonly #options: NegotiateOptions;
  /** The secret never travels in clear text. */
  readonly exposesSecret = false;

  /** Takes ownership of `source`. */
  constructor(mechanism: Mechanism, source: CredentialSource, options: NegotiateOptions) {
    this.#mechanism = mechanism;
    this.#source = source;
    const { service = 'WSMAN', host } = options;
    this.#options = { service, ...(host !== undefined && { host }) };
  }

  /** Creates the security context of a new connection. */
  forConnection(target: NegotiateTarget): NegotiateConnection {
    const host = this.#options.host ?? target.url.hostname.replace(/^\[(.*)\]$/, '$1');
    const serviceName = `${this.#options.service ?? ''}@${host}`;
    return new NegotiateConnection(this.#mechanism, this.#source, serviceName, target);
  }

  /** Discards the credentials when pending handshakes are complete. */
  dispose(): void {
    this.#source.dispose();
  }
}

interface Challenge {
  readonly status: number;
  readonly wwwAuthenticate: readonly string[];
}

/** Security context of one TCP connection. */
export class NegotiateConnection {
  readonly #mechanism: Mechanism;
  readonly #source: CredentialSource;
  readonly #serviceName: string;
  readonly #target: NegotiateTarget;
  readonly #slot: ContextSlot = { handle: null };
  #binding: Binding | undefined;
  #lease: Lease | undefined;
  #name: Pointer | undefined;
  #established = false;
  #seal: MessageSeal | undefined;
  #busy = false;
  #disposed = false;

  /** Does nothing before the first step. */
  constructor(mechanism: Mechanism, source: CredentialSource, serviceName: string, target: NegotiateTarget) {
    this.#mechanism = mechanism;
    this.#source = source;
    this.#serviceName = serviceName;
    this.#target = target;
  }

  /** Computes the next step: first without a challenge, then with each response, until `ready` or `refused`. */
  async step(challenge: Challenge | undefined): Promise<NegotiateStep> {
    this.#busy = true;
    try {
      return await this.#next(challenge);
    } catch (error) {
      if (!(error instanceof GssapiError)) throw error;
      this.#source.invalidate();
      return { kind: 'refused', reason: error.message, cause: error };
    } finally {
      this.#busy = false;
      if (this.#disposed) this.#free();
    }
  }

  /** Seals a request. Returns it unchanged over TLS, which already encrypts. */
  wrap(message: ContentBody): ContentBody {
    return this.#encrypted() ? message : this.#sealing().seal(message);
  }

  /** Opens a response. Throws GssapiError if it is not sealed although it has to be, or its seal does not match. */
  unwrap(message: ContentBody): Buffer {
    return this.#encrypted() ? message.body : this.#sealing().open(message);
  }

  /** Discards keys and tokens, after a pending step. Called when the connection has closed. */
  dispose(): void {
    this.#disposed = true;
    if (!this.#busy) this.#free();
  }

  async #next(challenge: Challenge | undefined): Promise<NegotiateStep> {
    if (challenge === undefined) return this.#advance(await this.#start(), undefined);
    const token = negotiateToken(challenge.wwwAuthenticate);
    if (challenge.status === 401) return this.#answerChallenge(token);
    if (!this.#established) {
      if (token === undefined || token.length === 0)
        throw new GssapiError('not-authentic', 'its last token is missing');
      await this.#advance(await this.#start(), token);
    }
    if (!this.#isEstablished()) throw new GssapiError('not-authentic', 'it ended before its last token');
    return { kind: 'ready' };
  }

  async #answerChallenge(token: Buffer | undefined): Promise<NegotiateStep> {
    if (token === undefined) throw new GssapiError('denied', 'the host does not offer Negotiate');
    if (token.length === 0 || this.#established) throw new GssapiError('denied');
    return this.#advance(await this.#start(), token);
  }

  async #start(): Promise<Binding> {
    this.#binding ??= await binding();
    this.#lease ??= await this.#source.lease();
    this.#name ??= this.#binding.importName(this.#serviceName, hostBasedServiceOid);
    return this.#binding;
  }

  async #advance(library: Binding, token: Buffer | undefined): Promise<NegotiateStep> {
    const input = this.#input(token);
    const step = await library.initiate(this.#slot, { ...input, mechanism: mechanismOids[this.#mechanism] });
    if (step.failure !== undefined) throw await this.#failure(library, step.failure, token);
    if (step.complete) this.#establish(library, step);
    if (step.token.length > 0) return { kind: 'leg', authorization: negotiateHeader(step.token) };
    return { kind: 'ready' };
  }

  #input(token: Buffer | undefined) {
    if (this.#lease === undefined || this.#name === undefined)
      throw new TypeError('the handshake has not begun');
    const certificate = this.#encrypted() ? this.#target.serverCertificate?.() : undefined;
    return {
      credential: this.#lease.negotiate,
      target: this.#name,
      flags: contextFlags.mutual | sealingFlags,
      bindings: certificate && tlsServerEndPoint(certificate),
      token,
    };
  }

  #establish(library: Binding, { flags }: HandshakeStep): void {
    const missing = requiredFlags[this.#mechanism] & ~flags;
    if (missing & contextFlags.mutual) throw new GssapiError('not-authentic');
    if (missing !== 0 || this.#slot.handle === null)
      throw new GssapiError('not-sealed', 'the host does not agree to seal');
    this.#established = true;
    this.#seal = new MessageSeal(library, this.#slot.handle, this.#mechanism);
    this.#lease?.release();
    this.#lease = undefined;
  }

  /** Determines Kerberos' own error, from the host's token or by a retry without SPNEGO, which renumbers the errors. */
  async #failure(library: Binding, status: Status, token: Buffer | undefined): Promise<GssapiError> {
    const error = library.error(status, mechanismOids[this.#mechanism]);
    const known = token === undefined ? await this.#directCode(library) : protocolCode(token);
    const code = known ?? codeOfStatus(status);
    return new GssapiError(
      code === 'failed' && token !== undefined ? 'bad-token' : code,
      error.detail,
      status,
    );
  }

  async #directCode(library: Binding): Promise<GssapiErrorCode | undefined> {
    if (this.#mechanism !== 'kerberos' || this.#lease === undefined) return undefined;
    const slot: ContextSlot = { handle: null };
    try {
      const input = { ...this.#input(undefined), credential: this.#lease.direct, mechanism: kerberosOid };
      const { failure } = await library.initiate(slot, input);
      return failure && codeOfStatus(failure);
    } finally {
      library.deleteContext(slot);
    }
  }

  #isEstablished(): boolean {
    return this.#established;
  }

  #encrypted(): boolean {
    return this.#target.url.protocol === 'https:';
  }

  #sealing(): MessageSeal {
    if (this.#seal === undefined || this.#slot.handle === null)
      throw new GssapiError('not-sealed', 'there is no context');
    return this.#seal;
  }

  #free(): void {
    this.#lease?.release();
    this.#lease = undefined;
    this.#seal = undefined;
    this.#established = false;
    this.#binding?.deleteContext(this.#slot);
    if (this.#name !== undefined) this.#binding?.releaseName(this.#name);
    this.#name = undefined;
  }
}

function protocolCode(token: Buffer): GssapiErrorCode | undefined {
  const number = kerberosErrorIn(token);
  return number === undefined ? undefined : codeOfProtocolError(number);
}
