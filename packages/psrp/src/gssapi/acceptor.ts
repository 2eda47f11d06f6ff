import { checkOptions, rules, type OptionRules } from '../options.ts';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { negotiateHeader, negotiateToken } from './authorization.ts';
import { binding, contextFlags, type Binding, type ContextSlot } from './binding.ts';
import { tlsServerEndPoint } from './channel-bindings.ts';
import type { ContentBody } from './encrypted-body.ts';
import type { Pointer } from './library.ts';
import { MessageSeal, type Mechanism } from './message-seal.ts';
import { kerberosOid, spnegoOid } from './oids.ts';

/** Options of a {@link NegotiateAcceptor}. */
export interface AcceptorOptions {
  /** Path of the keytab with the keys of the host's service principal names. Present: Kerberos is accepted. */
  readonly keytab?: string;
  /**
   * Accepts NTLM, for the users in the user file of gss-ntlmssp (one line `DOMAIN:user:password` per user). The
   * environment variable NTLM_USER_FILE of this process holds its path. Default false.
   */
  readonly ntlm?: boolean;
}

const acceptorRules: OptionRules<AcceptorOptions> = { keytab: rules.text, ntlm: rules.flag };

/** Opens the requests and seals the responses of one connection, in order. */
export interface AcceptedSession {
  open(message: ContentBody): Buffer;
  seal(message: ContentBody): ContentBody;
}

/** Result of authenticating a request; compatible with `AuthenticationVerdict` of the WS-Management listener. */
export type AcceptorVerdict =
  | {
      readonly kind: 'accepted';
      readonly principal: string;
      readonly wwwAuthenticate?: readonly string[];
      readonly session?: AcceptedSession;
    }
  | { readonly kind: 'challenge'; readonly wwwAuthenticate: readonly string[] };

/** First bytes of every NTLM message (MS-NLMP 2.2.1); a token without them is SPNEGO. */
const ntlmMessageSignature = Buffer.from('NTLMSSP\0', 'latin1');

const requiredFlags = contextFlags.confidentiality | contextFlags.integrity;
const negotiateChallenge: AcceptorVerdict = { kind: 'challenge', wwwAuthenticate: ['Negotiate'] };

/** Server side of Negotiate: keeps a security context for each TCP connection. */
export class NegotiateAcceptor {
  readonly #options: AcceptorOptions;
  #kerberos: Promise<Pointer> | undefined;
  readonly #connections = new Map<object, AcceptedConnection>();
  #closed = false;

  /**
   * Loads no library before the first token arrives.
   *
   * @throws {OptionError} if an option is unusable.
   */
  constructor(options: AcceptorOptions) {
    checkOptions(options, acceptorRules);
    this.#options = options;
  }

  /**
   * Authenticates a request; called for each request before its body is opened. Bound to this acceptor. Rejects with a
   * GssapiUnavailableError or GssapiError if the server's own part (library, keytab) is unusable.
   */
  readonly authenticate = async (request: IncomingMessage): Promise<AcceptorVerdict> => {
    const { authorization } = request.headers;
    const known = this.#connections.get(request.socket);
    if (authorization === undefined) return known?.verdict() ?? negotiateChallenge;
    const token = negotiateToken([authorization]);
    if (token === undefined || token.length === 0) return negotiateChallenge;
    const mechanism: Mechanism = token.subarray(0, 8).equals(ntlmMessageSignature) ? 'ntlm' : 'kerberos';
    if (!this.#offers(mechanism)) return negotiateChallenge;
    const library = await binding();
    // With explicit acceptor credentials, gss-ntlmssp creates challenges that its own client refuses.
    const credential = mechanism === 'ntlm' ? null : await this.#keys(library);
    const connection = this.#connection(request, library, mechanism);
    const verdict = await connection.accept(credential, token);
    if (verdict === undefined) {
      this.#forget(request.socket);
      return negotiateChallenge;
    }
    return verdict;
  };

  /** Discards all contexts and the host's keys. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const socket of [...this.#connections.keys()]) this.#forget(socket);
    const keys = this.#kerberos;
    this.#kerberos = undefined;
    if (keys === undefined) return;
    const [library, credential] = await Promise.all([binding(), keys]);
    library.releaseCredential(credential);
  }

  #offers(mechanism: Mechanism): boolean {
    const { keytab, ntlm = false } = this.#options;
    return !this.#closed && (mechanism === 'ntlm' ? ntlm : keytab !== undefined);
  }

  #connection(request: IncomingMessage, library: Binding, mechanism: Mechanism): AcceptedConnection {
    const { socket } = request;
    const known = this.#connections.get(socket);
    if (known?.canContinue(mechanism)) return known;
    this.#forget(socket);
    const made = new AcceptedConnection(library, mechanism, socket instanceof TLSSocket ? socket : undefined);
    this.#connections.set(socket, made);
    if (known === undefined) socket.once('close', () => this.#forget(socket));
    if (socket.destroyed) this.#forget(socket);
    return made;
  }

  #forget(socket: object): void {
    this.#connections.get(socket)?.dispose();
    this.#connections.delete(socket);
  }

  #keys(library: Binding): Promise<Pointer> {
    if (this.#kerberos !== undefined) return this.#kerberos;
    const fetching = acquireKeys(library, this.#options.keytab ?? '');
    this.#kerberos = fetching;
    fetching.catch(() => {
      if (this.#kerberos === fetching) this.#kerberos = undefined;
    });
    return fetching;
  }
}

async function acquireKeys(library: Binding, keytab: string): Promise<Pointer> {
  const credential = await library.acquireFrom(null, spnegoOid, 'accept', { keytab });
  try {
    library.limitNegotiation(credential, kerberosOid);
    return credential;
  } catch (error) {
    library.releaseCredential(credential);
    throw error;
  }
}

/** Server-side context of one TCP connection. */
class AcceptedConnection {
  readonly #library: Binding;
  readonly #mechanism: Mechanism;
  readonly #tls: TLSSocket | undefined;
  readonly #slot: ContextSlot = { handle: null };
  #principal: string | undefined;
  #session: AcceptedSession | undefined;
  #busy = false;
  #disposed = false;

  constructor(library: Binding, mechanism: Mechanism, tls: TLSSocket | undefined) {
    this.#library = library;
    this.#mechanism = mechanism;
    this.#tls = tls;
  }

  /** Returns whether a token of this mechanism can continue the handshake; otherwise the client starts a new one. */
  canContinue(mechanism: Mechanism): boolean {
    return this.#principal === undefined && this.#mechanism === mechanism && !this.#disposed && !this.#busy;
  }

  /** Accepts a token. Resolves to undefined if it is refused and there is no response token. */
  async accept(credential: Pointer | null, token: Buffer): Promise<AcceptorVerdict | undefined> {
    this.#busy = true;
    try {
      const certificate = this.#tls?.getCertificate();
      const raw = certificate && 'raw' in certificate ? certificate.raw : undefined;
      const bindings = raw && tlsServerEndPoint(raw);
      const step = await this.#library.accept(this.#slot, { credential, token, bindings });
      if (step.failure !== undefined) this.#disposed = true;
      const wwwAuthenticate = step.token.length > 0 ? [negotiateHeader(step.token)] : undefined;
      if (!step.complete) return wwwAuthenticate && { kind: 'challenge', wwwAuthenticate };
      if ((step.flags & requiredFlags) !== requiredFlags || this.#slot.handle === null) return undefined;
      this.#principal = step.client;
      if (this.#tls === undefined)
        this.#session = new MessageSeal(this.#library, this.#slot.handle, this.#mechanism);
      return this.verdict(wwwAuthenticate);
    } finally {
      this.#busy = false;
      if (this.#disposed) this.#library.deleteContext(this.#slot);
    }
  }

  /** Returns the accepted verdict; undefined if the handshake is incomplete. */
  verdict(wwwAuthenticate?: readonly string[]): AcceptorVerdict | undefined {
    if (this.#principal === undefined || this.#disposed) return undefined;
    return {
      kind: 'accepted',
      principal: this.#principal,
      ...(wwwAuthenticate && { wwwAuthenticate }),
      ...(this.#session && { session: this.#session }),
    };
  }

  dispose(): void {
    this.#disposed = true;
    if (!this.#busy) this.#library.deleteContext(this.#slot);
  }
}
