import type { ClientRunspacePool, OutboundData } from '../core/index.ts';
import { FragmentsTooLargeError, type FragmentBudget, type PsrpTransport } from './transport.ts';

/** Sends what the core has queued for one target, one call at a time. */
export class Sender {
  readonly #core: ClientRunspacePool;
  readonly #transport: PsrpTransport;
  readonly #pipelineId: string | undefined;
  #running: Promise<void> | undefined;

  constructor(core: ClientRunspacePool, transport: PsrpTransport, pipelineId: string | undefined) {
    this.#core = core;
    this.#transport = transport;
    this.#pipelineId = pipelineId;
  }

  /** Makes the call that takes the first fragments. */
  async begin(call: (first: Uint8Array) => Promise<void>): Promise<void> {
    await this.#deliver('first', ({ data }) => call(data));
  }

  /** Resolves when all that was queued has been sent; rejects as the transport does. */
  flush(signal: AbortSignal): Promise<void> {
    if (this.#running !== undefined) return this.#running;
    if (this.#core.pendingBytes(this.#pipelineId) === 0) return Promise.resolve();
    this.#running = this.#run(signal);
    return this.#running;
  }

  /** Takes along what is queued while it runs. It ends in the same turn in which it finds nothing more. */
  async #run(signal: AbortSignal): Promise<void> {
    const send = ({ stream, data }: OutboundData): Promise<void> =>
      this.#transport.send(stream, data, this.#pipelineId, signal);
    try {
      while (await this.#deliver('other', send));
    } finally {
      this.#running = undefined;
    }
  }

  /**
   * Makes a call with fragments, and again with smaller ones as often as the peer takes none of that size. False where there
   * were none to send.
   */
  async #deliver(
    size: keyof FragmentBudget,
    call: (fragments: OutboundData) => Promise<void>,
  ): Promise<boolean> {
    for (;;) {
      const fragments = this.#core.dataToSend(this.#transport.maxFragmentSize[size], this.#pipelineId);
      if (fragments === undefined) return false;
      try {
        await call(fragments);
        return true;
      } catch (error) {
        if (!(error instanceof FragmentsTooLargeError)) throw error;
        fragments.putBack();
      }
    }
  }
}
