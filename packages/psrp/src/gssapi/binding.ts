import { channelBindings, input, only, onWorker, taken } from './arguments.ts';
import { codeOfStatus, GssapiError, type Status } from './errors.ts';
import { loadFunctions, type NativeFunctions, type Pointer } from './library.ts';
import type { Oid } from './oids.ts';

/** Counters of native objects that were created and not released. */
export interface Outstanding {
  names: number;
  credentials: number;
  contexts: number;
  buffers: number;
}

/** Side of a context that a credential is for (RFC 2744 5.2). */
export type Usage = 'initiate' | 'accept';

const usageCodes = { initiate: 1, accept: 2 } as const satisfies Record<Usage, number>;
const indefiniteLifetime = 0xffff_ffff;
const gssCodeType = 1;
const mechanismCodeType = 2;
const errorBits = 0xffff_0000;

/** Request and response flags of a context (RFC 2744 5.19). */
export const contextFlags = {
  mutual: 2,
  replay: 4,
  sequence: 8,
  confidentiality: 16,
  integrity: 32,
} as const;

/** Result of a handshake step. `failure` is accompanied by a token if the mechanism reports the error to the peer. */
export interface HandshakeStep {
  readonly complete: boolean;
  readonly token: Buffer;
  readonly flags: number;
  readonly failure: Status | undefined;
}

/** Input of an initiator's step. */
export interface InitiatorInput {
  readonly credential: Pointer;
  readonly target: Pointer;
  readonly mechanism: Oid;
  readonly flags: number;
  readonly bindings: Buffer | undefined;
  readonly token: Buffer | undefined;
}

/** Input of an acceptor's step. */
export interface AcceptorInput {
  /** Credentials; null for the default credentials of the mechanism. */
  readonly credential: Pointer | null;
  readonly bindings: Buffer | undefined;
  readonly token: Buffer;
}

/** Slot of a security context, filled by GSSAPI in the first step. */
export interface ContextSlot {
  handle: Pointer | null;
}

interface NativeBuffer {
  length?: number;
  value?: Pointer | null;
}

/**
 * GSSAPI functions that WinRM needs, with plain buffers as arguments and results. Every native object is counted until
 * it is released. Calls that may wait for a KDC run on worker threads.
 */
export class Binding {
  readonly #native: NativeFunctions;
  readonly #outstanding: Outstanding = { names: 0, credentials: 0, contexts: 0, buffers: 0 };

  /** Uses loaded functions. */
  constructor(native: NativeFunctions) {
    this.#native = native;
  }

  /** Copy of the counters. */
  get outstanding(): Readonly<Outstanding> {
    return { ...this.#outstanding };
  }

  /** Imports a name of the given type. Throws GssapiError if the text is not such a name. */
  importName(text: string, type: Oid): Pointer {
    const [minor, handle] = [[0], [null] as (Pointer | null)[]];
    this.#check(this.#native.gss_import_name(minor, input(Buffer.from(text, 'utf8')), type, handle), minor);
    this.#outstanding.names += 1;
    return taken(handle);
  }

  /** Frees a name. */
  releaseName(name: Pointer): void {
    this.#native.gss_release_name([0], [name]);
    this.#outstanding.names -= 1;
  }

  /** Acquires credentials from a store (key-value credential store of MIT krb5). May contact the KDC. */
  async acquireFrom(
    name: Pointer | null,
    mechanism: Oid,
    usage: Usage,
    store: Readonly<Record<string, string>>,
  ): Promise<Pointer> {
    const elements = Object.entries(store).map(([key, value]) => ({ key, value }));
    const [minor, handle] = [[0], [null] as (Pointer | null)[]];
    const major = await onWorker(this.#native.gss_acquire_cred_from, [
      ...[minor, name, indefiniteLifetime, only(mechanism), usageCodes[usage]],
      ...[{ count: elements.length, elements }, handle, null, null],
    ]);
    this.#check(major, minor, mechanism);
    this.#outstanding.credentials += 1;
    return taken(handle);
  }

  /** Acquires initiator credentials with a password. The caller may clear the buffer afterwards. */
  async acquireWithPassword(name: Pointer, mechanism: Oid, password: Buffer): Promise<Pointer> {
    const [minor, handle] = [[0], [null] as (Pointer | null)[]];
    const major = await onWorker(this.#native.gss_acquire_cred_with_password, [
      ...[minor, name, input(password), indefiniteLifetime, only(mechanism), usageCodes.initiate],
      ...[handle, null, null],
    ]);
    this.#check(major, minor, mechanism);
    this.#outstanding.credentials += 1;
    return taken(handle);
  }

  /** Limits the mechanisms that SPNEGO may negotiate with these credentials to one (RFC 4178 appendix). */
  limitNegotiation(credential: Pointer, mechanism: Oid): void {
    const minor = [0];
    this.#check(this.#native.gss_set_neg_mechs(minor, credential, only(mechanism)), minor);
  }

  /** Returns the remaining lifetime of credentials in seconds. Contacts the KDC if they were not fetched yet. */
  async lifetime(credential: Pointer, mechanism: Oid): Promise<number> {
    const [minor, name, seconds] = [[0], [null] as (Pointer | null)[], [0]];
    const major = await onWorker(this.#native.gss_inquire_cred, [
      minor,
      credential,
      name,
      seconds,
      null,
      null,
    ]);
    if (typeof name[0] === 'bigint') this.#native.gss_release_name([0], name);
    this.#check(major, minor, mechanism);
    return seconds[0] ?? 0;
  }

  /** Frees credentials. */
  releaseCredential(credential: Pointer): void {
    this.#native.gss_release_cred([0], [credential]);
    this.#outstanding.credentials -= 1;
  }

  /** Destroys a credential cache. Does nothing if there is none. */
  destroyCache(cache: string): void {
    const [context, handle] = [[null] as (Pointer | null)[], [null] as (Pointer | null)[]];
    if (this.#native.krb5_init_context(context) !== 0) return;
    if (this.#native.krb5_cc_resolve(taken(context), cache, handle) === 0) {
      this.#native.krb5_cc_destroy(taken(context), taken(handle));
    }
    this.#native.krb5_free_context(taken(context));
  }

  /** Performs the initiator's next step. */
  initiate(slot: ContextSlot, step: InitiatorInput): Promise<HandshakeStep> {
    return this.#handshake(slot, async (minor, context, output, flags) =>
      onWorker(this.#native.gss_init_sec_context, [
        ...[minor, step.credential, context, step.target, step.mechanism, step.flags, 0],
        ...[channelBindings(step.bindings), step.token && input(step.token), null, output, flags, null],
      ]),
    );
  }

  /** Performs the acceptor's next step; `client` is set when the handshake is complete. */
  async accept(slot: ContextSlot, step: AcceptorInput): Promise<HandshakeStep & { client: string }> {
    const source = [null] as (Pointer | null)[];
    const result = await this.#handshake(slot, async (minor, context, output, flags) =>
      onWorker(this.#native.gss_accept_sec_context, [
        ...[minor, context, step.credential, input(step.token), channelBindings(step.bindings)],
        ...[source, null, output, flags, null, null],
      ]),
    );
    const name = source[0];
    if (typeof name !== 'bigint') return { ...result, client: '' };
    this.#outstanding.names += 1;
    try {
      return { ...result, client: result.complete ? this.#displayName(name) : '' };
    } finally {
      this.releaseName(name);
    }
  }

  /** Frees the context in a slot, if there is one. */
  deleteContext(slot: ContextSlot): void {
    if (slot.handle === null) return;
    this.#native.gss_delete_sec_context([0], [slot.handle], null);
    slot.handle = null;
    this.#outstanding.contexts -= 1;
  }

  /** Wraps a message (RFC 2743 2.3.3), sealed or only signed, and returns whether it was sealed. */
  wrap(context: Pointer, message: Buffer, seal: boolean): { token: Buffer; sealed: boolean } {
    const [minor, sealed, output] = [[0], [0], {}];
    this.#check(
      this.#native.gss_wrap(minor, context, seal ? 1 : 0, 0, input(message), sealed, output),
      minor,
    );
    return { token: this.#take(output), sealed: sealed[0] !== 0 };
  }

  /** Opens a wrapped message. Returns every status, including supplementary ones (out of order, RFC 2743 1.2.3). */
  unwrap(context: Pointer, token: Buffer): { message: Buffer; sealed: boolean; status: Status } {
    const [minor, sealed, output] = [[0], [0], {}];
    const major = this.#native.gss_unwrap(minor, context, input(token), output, sealed, null);
    const message = this.#take(output);
    return { message, sealed: sealed[0] !== 0, status: { major: Number(major), minor: minor[0] ?? 0 } };
  }

  /** Creates the error of a status, with the message of the library as its detail. */
  error(status: Status, mechanism?: Oid): GssapiError {
    const words = [
      this.#words(status.major, gssCodeType, undefined),
      this.#words(status.minor, mechanismCodeType, mechanism),
    ];
    return new GssapiError(codeOfStatus(status), words.filter(Boolean).join(': '), status);
  }

  async #handshake(
    slot: ContextSlot,
    call: (
      minor: number[],
      context: (Pointer | null)[],
      output: NativeBuffer,
      flags: number[],
    ) => Promise<unknown>,
  ): Promise<HandshakeStep> {
    const [minor, context, output, flags] = [[0], [slot.handle], {}, [0]];
    const before = slot.handle;
    const major = Number(await call(minor, context, output, flags));
    slot.handle = context[0] ?? null;
    this.#outstanding.contexts += Number(slot.handle !== null) - Number(before !== null);
    return {
      complete: major === 0,
      token: this.#take(output),
      flags: flags[0] ?? 0,
      failure: (major & errorBits) !== 0 ? { major, minor: minor[0] ?? 0 } : undefined,
    };
  }

  #displayName(name: Pointer): string {
    const [minor, output] = [[0], {}];
    this.#check(this.#native.gss_display_name(minor, name, output, null), minor);
    // gss-ntlmssp includes the final zero byte in the length.
    return this.#take(output).toString('utf8').replace(/\0$/, '');
  }

  #words(value: number, type: number, mechanism: Oid | undefined): string {
    const output = {};
    if (value === 0) return '';
    if (this.#native.gss_display_status([0], value, type, mechanism, [0], output) !== 0) return '';
    return this.#take(output).toString('utf8');
  }

  #take(buffer: NativeBuffer): Buffer {
    if (typeof buffer.value !== 'bigint') return Buffer.alloc(0);
    this.#outstanding.buffers += 1;
    const copy = Buffer.allocUnsafe(buffer.length ?? 0);
    if (copy.length > 0) this.#native.memcpy(copy, buffer.value, copy.length);
    this.#native.gss_release_buffer([0], buffer);
    this.#outstanding.buffers -= 1;
    return copy;
  }

  #check(major: unknown, minor: readonly number[], mechanism?: Oid): void {
    if (major !== 0) throw this.error({ major: Number(major), minor: minor[0] ?? 0 }, mechanism);
  }
}

let loading: Promise<Binding> | undefined;

/** Returns the counters of native objects in this process; all zero if the library is not loaded. */
export async function outstanding(): Promise<Readonly<Outstanding>> {
  return (await loading)?.outstanding ?? { names: 0, credentials: 0, contexts: 0, buffers: 0 };
}

/** Loads the binding of this process once. Rejects with a GssapiUnavailableError; the next call retries. */
export function binding(): Promise<Binding> {
  loading ??= loadFunctions().then(
    (native) => new Binding(native),
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}
