/**
 * Port between a runspace pool and the carrier of its fragments: WS-Management over HTTP, the standard streams of a
 * process, or a pair of arrays in a test. A transport moves opaque bytes (PSRP fragments, not base64) and knows nothing
 * of messages; the pool knows nothing of envelopes, packets or sockets.
 *
 * Ids are GUIDs in lower case without braces; a transport converts them to its wire format. Bytes of one target (the
 * pool or one pipeline) keep their order in both directions; how they are split into calls carries no meaning.
 */

/** Stream to the server: `stdin` carries ordinary data, `pr` (the priority stream) responses to host calls. */
export type SendStream = 'stdin' | 'pr';

/** Signal to a pipeline: `stop` interrupts it (it still reports its end), `terminate` frees its remaining resources. */
export type PipelineSignal = 'stop' | 'terminate';

/**
 * Rejection of `open`, `createCommand` and `send` if the call is too large for the peer. The call had no effect, and
 * `maxFragmentSize` has shrunk: the same content may be sent again in smaller fragments. `cause` is the peer's
 * response.
 */
export class FragmentsTooLargeError extends Error {
  override readonly name = 'FragmentsTooLargeError';

  /** @param cause the peer's response. */
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** Bytes of fragments that fit into one call. */
export interface FragmentBudget {
  /** Limit for `open` and `createCommand`. */
  readonly first: number;
  /** Limit for each `send`. */
  readonly other: number;
}

/** Parameters of opening a pool. */
export interface TransportOpening {
  /** Id of the runspace pool; WS-Management uses it as the ShellId. */
  readonly poolId: string;
  /** First fragments (SESSION_CAPABILITY and INIT_RUNSPACEPOOL): `creationXml` of WS-Management. */
  readonly creation: Uint8Array;
  /** Display name in lists of shells (`rsp:Name`). Transports without such a field ignore it. */
  readonly name?: string;
}

/**
 * Carrier of one runspace pool. Opened once (again only after a {@link FragmentsTooLargeError}) and closed once. Every
 * method rejects with an `Error` that names the cause if the peer or the connection fails, and with the signal's reason
 * if the signal was aborted. A transport never retries a request that may have started.
 */
export interface PsrpTransport {
  /** Read before each call that carries fragments. Shrinks only with a {@link FragmentsTooLargeError}. */
  readonly maxFragmentSize: FragmentBudget;

  /** Connects and sends the first fragments. The rest of the handshake arrives through `receive(undefined)`. */
  open(opening: TransportOpening, signal: AbortSignal): Promise<void>;

  /** Starts a pipeline with its first fragments. The remaining ones follow through `send` to `stdin`. */
  createCommand(pipelineId: string, firstFragments: Uint8Array, signal: AbortSignal): Promise<void>;

  /**
   * Sends fragments to a pipeline, or to the pool if `pipelineId` is undefined. The pool awaits each call before it
   * makes the next one to the same target.
   */
  send(
    stream: SendStream,
    data: Uint8Array,
    pipelineId: string | undefined,
    signal: AbortSignal,
  ): Promise<void>;

  /**
   * Returns the bytes of a pipeline, or of the pool if `pipelineId` is undefined. Iterated once per target. The peer is
   * polled only while `next()` is pending, one response at a time, so a slow reader exerts back-pressure (a transport
   * that cannot pause its peer holds back as far as its carrier allows). Ends when the command is Done or the shell has
   * ended normally. Aborting the signal or calling `return()` cancels the pending request and affects no other.
   */
  receive(pipelineId: string | undefined, signal: AbortSignal): AsyncIterable<Uint8Array>;

  /**
   * Signals a pipeline. `terminate` is sent once for each created pipeline, even if it has already ended; without it a
   * shell runs out of commands.
   */
  signal(pipelineId: string, kind: PipelineSignal, signal: AbortSignal): Promise<void>;

  /**
   * Ends the shell or process and frees all resources. Idempotent. May be called while other calls are pending (they
   * reject) and after a failed `open`. The transport bounds its duration. Rejects if the peer could not be notified.
   */
  close(): Promise<void>;
}
