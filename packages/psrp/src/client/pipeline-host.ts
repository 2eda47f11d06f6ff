import type { ClientEvent, ClientPipeline } from '../core/index.ts';

/** @internal Pipeline as seen by its pool. */
export interface HostedPipeline {
  readonly id: string;
  /** Handles an event of the core. */
  handle(event: ClientEvent): void;
  /** Ends the pipeline because its pool has ended. */
  fail(error: unknown): void;
}

/** @internal Pool as seen by its pipelines. */
export interface PipelineHost {
  /** Creates the pipeline in the core and on the server. */
  create(pipeline: HostedPipeline, signal: AbortSignal): Promise<ClientPipeline>;
  /** Sends the data that the core has queued for the pipeline. */
  flush(id: string, signal: AbortSignal): Promise<void>;
  receive(id: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Passes bytes to the core, which calls `handle`. */
  receiveData(data: Uint8Array, id: string): void;
  /** Counts bytes that the pipeline holds towards `maxHeldSize` of its pool. */
  hold(change: number): void;
  /** Returns whether enough data is queued to fill a call. */
  isFull(id: string): boolean;
  stop(id: string, signal: AbortSignal): Promise<void>;
  /** Frees the resources of a pipeline that has its result. */
  release(pipeline: HostedPipeline): void;
}
