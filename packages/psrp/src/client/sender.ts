import type { ClientRunspacePool, OutboundData } from '../core/index.ts';
import { FragmentsTooLargeError, type FragmentBudget, type PsrpTransport } from './transport.ts';

/** Sends the data that the core has queued for one target, one call at a time. */
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

  /** Makes the call that carries the first fragments. */
  async begin(call: (first: Uint8Array) => Promise<void>): Promise<void> {
    await this.#deliver('first', ({ data }) => call(data));
  }

  /** Sends all queued data. Rejects as the transport does. */
  flush(signal: AbortSignal): Promise<void> {
    if (this.#running !== undefined) return this.#running;
    if (this.#core.pendingBytes(this.#pipelineId) === 0) return Promise.resolve();
    this.#running = this.#run(signal);
    return this.#running;
  }

  /** Also sends data that is queued while it runs. Ends in the same turn in which it finds the queue empty. */
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
   * Makes a call with fragments, and repeats it with smaller ones while they are too large for the peer. Returns false
   * if there was nothing to send.
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
