import { EventEmitter } from 'node:events';
import type { PsValue } from '../clixml/index.ts';
import {
  checkOptions,
  isFinal,
  PipelineFailedError,
  PsrpError,
  ValueQueue,
  type ClientEvent,
  type ClientPipeline,
  type ErrorRecord,
  type FinalPipelineState,
} from '../core/index.ts';
import { HostCallRefuser } from './host-call.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { sendInput, type PipelineInput } from './pipeline-input.ts';
import {
  isRecord,
  maxKeptErrorBytes,
  maxKeptErrors,
  recordEvents,
  type CollectedResult,
  type PipelineEvents,
  type PipelineOptions,
  type PipelineResult,
  type RecordEvent,
} from './pipeline-types.ts';
import { pipelineRules } from './pool-rules.ts';

/**
 * Shared by all pipelines: no caller sees it, and creating one per call would cost more than the rest of the cleanup.
 */
const pipelineOver = new PsrpError('pipeline-stopped', 'The pipeline has ended');

interface StopRequest {
  /** False for `stop()`, which gives a result; true for an aborted signal, which gives an error. */
  readonly rejects: boolean;
  readonly reason: unknown;
}

const defaults = { highWaterMark: 256 * 1024, stopTimeoutMs: 10_000 };

/**
 * Running pipeline, created by `RunspacePool.invoke`. Read its `output` or call `collect()`: otherwise back-pressure
 * stops the host once {@link PipelineOptions.highWaterMark} bytes are unread.
 *
 * @example
 * ```ts
 * const pipeline = pool.invoke({ command: 'Get-Process', parameters: { Name: 'vmms' } });
 * pipeline.on('warning', (warning) => console.warn(warning.message));
 * for await (const process of pipeline.output) console.log(toPlain(process));
 * const { errors } = await pipeline.completed;
 * ```
 */
export class Pipeline extends EventEmitter<PipelineEvents> {
  readonly id: string;
  /**
   * Output objects. Ends with the pipeline, and throws the error that `completed` rejects with. Leaving the loop early
   * stops the pipeline. Iterated once.
   */
  readonly output: AsyncIterableIterator<PsValue, undefined>;
  /**
   * Resolves when the pipeline has completed or was stopped by `stop()`. Rejects with a {@link PipelineFailedError} for
   * a terminating error, with the reason of an aborted signal, and with a PsrpError or the transport's error if the
   * pool or its transport failed. Its rejection never counts as unhandled.
   */
  readonly completed: Promise<PipelineResult>;
  readonly #host: PipelineHost;
  readonly #options: PipelineOptions;
  readonly #queue: ValueQueue;
  readonly #life = new AbortController();
  readonly #result = Promise.withResolvers<PipelineResult>();
  readonly #refuser = new HostCallRefuser((response) => {
    this.#core?.respondToHostCall(response);
    return this.#host.flush(this.id, this.#life.signal);
  });
  readonly #errors: ErrorRecord[] = [];
  #errorCount = 0;
  /** Approximate size of the error records on the wire, in bytes. */
  #errorBytes = 0;
  /** Bytes that count towards the pool's `maxHeldSize`. */
  #held = 0;
  #hasNewError = false;
  #core: ClientPipeline | undefined;
  #stop: StopRequest | undefined;
  #stopTimer: NodeJS.Timeout | undefined;
  #settled = false;
  #chunkValues: PsValue[] = [];
  #undelivered = 0;

  /** @internal */
  constructor(id: string, host: PipelineHost, options: PipelineOptions) {
    checkOptions(options, pipelineRules);
    super();
    this.id = id;
    this.#host = host;
    this.#options = options;
    this.#queue = new ValueQueue(
      options.highWaterMark ?? defaults.highWaterMark,
      () => this.#requestStop({ rejects: false, reason: undefined }),
      (change) => this.#hold(change),
    );
    this.output = this.#queue;
    this.completed = this.#result.promise;
    this.completed.catch(() => undefined);
    const { signal } = options;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted === true) this.#onAbort();
    else void this.#run();
  }

  /** True once the host has accepted the command. The command may run then, even if later requests fail. */
  get accepted(): boolean {
    return this.#core !== undefined;
  }

  /** Reads the complete output into memory and waits for the end. For small outputs. Rejects as `completed` does. */
  async collect(): Promise<CollectedResult> {
    const output: PsValue[] = [];
    for await (const value of this.output) output.push(value);
    return { output, ...(await this.completed) };
  }

  /** Stops the pipeline and waits for its end. Discards remaining output. Never rejects. */
  async stop(): Promise<void> {
    this.#requestStop({ rejects: false, reason: undefined });
    await this.completed.catch(() => undefined);
  }

  /** @internal Ends the pipeline because its pool has ended. */
  fail(error: unknown): void {
    this.#settle(() => this.#reject(this.#stop?.rejects === true ? this.#stop.reason : error));
  }

  /** @internal Handles an event of the core. */
  handle(event: ClientEvent): void {
    switch (event.type) {
      case 'PIPELINE_OUTPUT':
        this.#chunkValues.push(event.body);
        return;
      case 'ERROR_RECORD':
        this.#keep(event.body);
        break;
      case 'PIPELINE_HOST_CALL':
        this.#refuser.refuse(event.body).catch((error: unknown) => this.fail(error));
        return;
      case 'PIPELINE_STATE':
        if (isFinal(event.body.state)) this.#finish(event.body.state, event.body.error);
        return;
      case 'UNREADABLE':
        // Takes effect after the output that came before it. Anything after the end of the pipeline is ignored.
        this.#afterDelivery ??= () => this.fail(event.body.error);
        return;
      default:
    }
    if (isRecord(event)) this.#tell(recordEvents[event.type], event.body);
  }

  async #run(): Promise<void> {
    const { input } = this.#options;
    const { signal } = this.#life;
    try {
      this.#core = await this.#host.create(this, signal);
      this.#send(input);
      for await (const chunk of this.#host.receive(this.id, signal)) {
        this.#host.receiveData(chunk, this.id);
        this.#deliver(chunk.length);
        if (this.#settled) return;
        await this.#queue.room();
      }
      this.fail(new PsrpError('transport-ended', 'The host ended the command before the pipeline'));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Sends the rest of CREATE_PIPELINE and the input, concurrently with receiving output. */
  #send(input: PipelineInput | undefined): void {
    const { signal } = this.#life;
    const flush = (): Promise<void> => this.#host.flush(this.id, signal);
    const target = {
      queue: (value: PsValue) => {
        this.#core?.input(value);
        return { full: this.#host.isFull(this.id) };
      },
      flush,
      end: () => {
        this.#core?.endInput();
        return flush();
      },
    };
    const sending = input === undefined ? flush() : flush().then(() => sendInput(input, target, signal));
    sending.catch((error: unknown) => {
      // Input that can no longer be sent because the pipeline has ended is not a failure.
      if (!this.#settled) this.#requestStop({ rejects: true, reason: error });
    });
  }

  /** @param size bytes received since the last call; one object may span several calls. */
  #deliver(size: number): void {
    this.#undelivered += size;
    const values = this.#chunkValues;
    if (values.length > 0 || this.#hasNewError) {
      if (this.#hasNewError) {
        this.#errorBytes += this.#undelivered;
        this.#hold(this.#undelivered);
      }
      for (const value of values) this.#queue.push(value, this.#undelivered / values.length);
      this.#chunkValues = [];
      this.#hasNewError = false;
      this.#undelivered = 0;
    }
    this.#afterDelivery?.();
  }

  #hold(change: number): void {
    if (this.#settled) return;
    this.#held += change;
    this.#host.hold(change);
  }

  #keep(error: ErrorRecord): void {
    this.#errorCount += 1;
    this.#hasNewError = true;
    if (this.#errors.length < maxKeptErrors && this.#errorBytes < maxKeptErrorBytes) this.#errors.push(error);
  }

  /** Ends the pipeline; called once the output that came before the end is in the queue. */
  #afterDelivery: (() => void) | undefined;

  #finish(state: FinalPipelineState, error: ErrorRecord | undefined): void {
    const stop = this.#stop;
    this.#afterDelivery = () => {
      this.#settle(() => {
        if (stop?.rejects === true) this.#reject(stop.reason);
        else if (state === 'Failed') this.#reject(new PipelineFailedError(error, this.#errors));
        else if (state === 'Stopped' && stop === undefined) {
          this.#reject(new PsrpError('pipeline-stopped', 'The host stopped the pipeline'));
        } else this.#resolve(state);
      });
    };
  }

  #requestStop(stop: StopRequest): void {
    if (this.#settled || this.#stop !== undefined) return;
    this.#stop = stop;
    this.#queue.discard();
    if (this.#core === undefined) {
      // There is nothing to stop as far as is known: the call that creates the pipeline is aborted.
      this.#settle(() => (stop.rejects ? this.#reject(stop.reason) : this.#resolve('Stopped')));
      return;
    }
    this.#core.beginStop();
    const giveUp = (error: unknown): void =>
      this.#settle(() => this.#reject(stop.rejects ? stop.reason : error));
    this.#stopTimer = setTimeout(
      () => giveUp(new PsrpError('pipeline-stopped', 'The host did not confirm that the pipeline stopped')),
      this.#options.stopTimeoutMs ?? defaults.stopTimeoutMs,
    );
    this.#host.stop(this.id, this.#life.signal).catch(giveUp);
  }

  readonly #onAbort = (): void => {
    this.#requestStop({ rejects: true, reason: this.#options.signal?.reason });
  };

  #tell(name: keyof PipelineEvents, record: RecordEvent['body']): void {
    // An EventEmitter throws an `error` event without listeners.
    if (this.listenerCount(name) === 0) return;
    try {
      (this as EventEmitter).emit(name, record);
    } catch (error) {
      this.#requestStop({ rejects: true, reason: error });
    }
  }

  #resolve(state: Exclude<FinalPipelineState, 'Failed'>): void {
    this.#queue.end();
    this.#result.resolve({ state, errors: this.#errors, errorCount: this.#errorCount });
  }

  #reject(error: unknown): void {
    this.#queue.fail(error);
    this.#result.reject(error);
  }

  /** Settles the result once and cleans up. */
  #settle(giveResult: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#stopTimer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#host.hold(-this.#held);
    giveResult();
    this.#life.abort(pipelineOver);
    this.#host.release(this);
  }
}
