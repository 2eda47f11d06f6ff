import type { ClientEvent, ClientPipeline } from '../core/index.ts';

/** @internal A pipeline as its pool knows it. */
export interface HostedPipeline {
  readonly id: string;
  /** Takes an event of the core. */
  handle(event: ClientEvent): void;
  /** Ends the pipeline because its pool has ended. */
  fail(error: unknown): void;
}

/** @internal What a pipeline needs of its pool. */
export interface PipelineHost {
  /** Creates the pipeline in the core and at the server. */
  create(pipeline: HostedPipeline, signal: AbortSignal): Promise<ClientPipeline>;
  /** Sends what the core has queued for it. */
  flush(id: string, signal: AbortSignal): Promise<void>;
  receive(id: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Gives bytes to the core, which calls `handle`. */
  receiveData(data: Uint8Array, id: string): void;
  /** Counts bytes that the pipeline holds, against the bound of its pool. */
  hold(change: number): void;
  /** Whether enough is queued for it to fill a call. */
  isFull(id: string): boolean;
  stop(id: string, signal: AbortSignal): Promise<void>;
  /** The pipeline has its result: frees what is left of it. */
  release(pipeline: HostedPipeline): void;
}
