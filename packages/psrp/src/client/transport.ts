/**
 * The port between a runspace pool and what carries its fragments: WS-Management over HTTP, a process's standard
 * streams, a pair of arrays in a test. A transport moves opaque bytes (PSRP fragments, not yet or no longer base64)
 * and knows nothing of messages; the pool knows nothing of envelopes, packets or sockets.
 *
 * Ids are GUIDs in lower case without braces; a transport writes them as its wire wants them. Bytes of one target
 * (the pool itself, or one pipeline) keep their order both ways; how they are cut into calls means nothing.
 */

/** Where bytes to the server go: `stdin` is ordinary data, `pr` answers to host calls (the priority stream). */
export type SendStream = 'stdin' | 'pr';

/** What a pipeline can be told: `stop` interrupts it (it still reports its end), `terminate` frees what is left of it. */
export type PipelineSignal = 'stop' | 'terminate';

/**
 * What `open`, `createCommand` and `send` reject with where the peer takes no call of that size. Nothing of the call began,
 * and `maxFragmentSize` is smaller now: the same content, cut anew, may be sent. `cause` is what the peer said.
 */
export class FragmentsTooLargeError extends Error {
  override readonly name = 'FragmentsTooLargeError';

  /** @param cause what the peer said. */
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** How many bytes of fragments fit into one call. */
export interface FragmentBudget {
  /** In `open` and in `createCommand`. */
  readonly first: number;
  /** In each `send`. */
  readonly other: number;
}

/** What the pool asks for when it opens. */
export interface TransportOpening {
  /** The runspace pool's id; WS-Management uses it as the ShellId. */
  readonly poolId: string;
  /** The first fragments (SESSION_CAPABILITY and INIT_RUNSPACEPOOL): WS-Management's `creationXml`. */
  readonly creation: Uint8Array;
  /** A name for people who list shells (`rsp:Name`), where the transport has a place for it. */
  readonly name?: string;
}

/**
 * Carries one runspace pool: a transport is opened once (again only after a {@link FragmentsTooLargeError}) and closed once. Every method rejects with an `Error` that
 * names the cause when the peer or the connection fails, and with the signal's reason when the signal was aborted. A
 * transport never retries what may have started.
 */
export interface PsrpTransport {
  /** Read before each call that carries fragments. It shrinks only by a {@link FragmentsTooLargeError}. */
  readonly maxFragmentSize: FragmentBudget;

  /** Connects and hands over the first fragments. The rest of the handshake comes out of `receive(undefined)`. */
  open(opening: TransportOpening, signal: AbortSignal): Promise<void>;

  /** Starts a pipeline with its first fragments; what did not fit follows by `send` to `stdin`. */
  createCommand(pipelineId: string, firstFragments: Uint8Array, signal: AbortSignal): Promise<void>;

  /**
   * Sends fragments to a pipeline, or to the pool where the id is undefined. The pool makes one call at a time for each
   * target and awaits it before the next.
   */
  send(
    stream: SendStream,
    data: Uint8Array,
    pipelineId: string | undefined,
    signal: AbortSignal,
  ): Promise<void>;

  /**
   * Bytes from a pipeline, or from the pool where the id is undefined; iterated once per target. The peer is asked only
   * while `next()` is pending, one answer at a time, so that a caller who does not read exerts back-pressure (a
   * transport that cannot stop its peer holds back as its carrier allows). Ends when the command is Done or the shell
   * has ended in order. Aborting the signal or calling `return()` gives up the pending request without harm to others.
   */
  receive(pipelineId: string | undefined, signal: AbortSignal): AsyncIterable<Uint8Array>;

  /**
   * Signals a pipeline. `terminate` is sent once for each pipeline that was created, also after it ended: the
   * housekeeping without which a shell runs out of commands.
   */
  signal(pipelineId: string, kind: PipelineSignal, signal: AbortSignal): Promise<void>;

  /**
   * Ends the shell or process and frees everything; idempotent, also while other calls are pending (they reject) and
   * after a failed `open`. Bounded in time by the transport itself. Rejects where the peer could not be told.
   */
  close(): Promise<void>;
}
