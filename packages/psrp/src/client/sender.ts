import type { ClientRunspacePool } from '../core/index.ts';
import type { PsrpTransport } from './transport.ts';

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

  /** Resolves when all that was queued has been sent; rejects as the transport does. */
  flush(signal: AbortSignal): Promise<void> {
    if (this.#running !== undefined) return this.#running;
    if (this.#core.pendingBytes(this.#pipelineId) === 0) return Promise.resolve();
    this.#running = this.#run(signal);
    return this.#running;
  }

  /** Takes along what is queued while it runs. It ends in the same turn in which it finds nothing more. */
  async #run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        const next = this.#core.dataToSend(this.#transport.maxFragmentSize.other, this.#pipelineId);
        if (next === undefined) return;
        await this.#transport.send(next.stream, next.data, this.#pipelineId, signal);
      }
    } finally {
      this.#running = undefined;
    }
  }
}
