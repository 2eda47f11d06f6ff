import { randomUUID } from 'node:crypto';
import type { PsValue } from '../clixml/index.ts';
import {
  ClientRunspacePool,
  PsrpError,
  PsrpStateError,
  type ClientEvent,
  type ClientPipeline,
  type RunspacePoolState,
  type SessionCapability,
} from '../core/index.ts';
import { pipelineRequest, type Invocation } from './command.ts';
import { HostCallRefuser } from './host-call.ts';
import type { HostedPipeline, PipelineHost } from './pipeline-host.ts';
import type { PipelineOptions } from './pipeline-types.ts';
import { Pipeline } from './pipeline.ts';
import { PoolCalls, type PoolCallOptions } from './pool-calls.ts';
import { asPoolError, isEnd, reportedEnd } from './pool-error.ts';
import { checkPool } from './pool-rules.ts';
import type { RunspacePoolOptions } from './runspace-pool-options.ts';
import { Sender } from './sender.ts';
import type { PsrpTransport } from './transport.ts';

/**
 * Runspace pool on a host. Opened once and used for any number of pipelines, sequential or concurrent.
 *
 * @example
 * ```ts
 * await using pool = await RunspacePool.open(wsmanTransport({ url, authenticator }), { maxRunspaces: 5 });
 * const { output } = await pool.invoke({ command: 'Get-Date' }).collect();
 * ```
 */
export class RunspacePool implements AsyncDisposable {
  /** Resolves when the pool has ended: to undefined after `close()`, otherwise to the error. Never rejects. */
  readonly ended: Promise<PsrpError | undefined>;
  readonly #ended = Promise.withResolvers<PsrpError | undefined>();
  readonly #opened = Promise.withResolvers<undefined>();
  readonly #transport: PsrpTransport;
  readonly #core: ClientRunspacePool;
  readonly #life = new AbortController();
  readonly #pipelines = new Map<string, HostedPipeline>();
  readonly #senders = new Map<string, Sender>();
  readonly #poolSender: Sender;
  readonly #calls: PoolCalls;
  readonly #refuser = new HostCallRefuser((response) => {
    this.#core.respondToHostCall(response);
    return this.#poolSender.flush(this.#life.signal);
  });
  #privateData: PsValue = null;
  #closing: Promise<void> | undefined;
  #isOver = false;

  private constructor(transport: PsrpTransport, options: RunspacePoolOptions) {
    this.#transport = transport;
    this.#core = new ClientRunspacePool({ ...options, id: options.id ?? randomUUID() });
    this.#poolSender = new Sender(this.#core, transport, undefined);
    this.#calls = new PoolCalls(this.#poolSender, this.#life.signal);
    this.ended = this.#ended.promise;
    this.#opened.promise.catch(() => undefined);
  }

  /**
   * Opens a pool over a transport, which is closed with the pool or when opening fails.
   *
   * Rejects with the transport's error, with a PsrpError if the host does not speak the protocol or refuses the pool,
   * with the reason of an aborted signal, and with an OptionError if an option is unusable.
   */
  static async open(transport: PsrpTransport, options: RunspacePoolOptions = {}): Promise<RunspacePool> {
    checkPool(transport, options);
    const pool = new RunspacePool(transport, options);
    const { signal } = options;
    const onAbort = (): void => pool.#end(undefined, signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      signal?.throwIfAborted();
      await pool.#open(options);
      return pool;
    } catch (error) {
      pool.#end(asPoolError(error), error);
      const closed = transport.close().catch(() => undefined);
      // A caller who aborted does not wait for the host to close.
      if (signal?.aborted !== true) await closed;
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Id of the pool: a GUID in lower case. */
  get id(): string {
    return this.#core.id;
  }

  /** State of the pool (MS-PSRP 3.1.1.2.2). */
  get state(): RunspacePoolState {
    return this.#core.state;
  }

  /** Protocol versions of the host; undefined before it has sent them. */
  get serverCapability(): SessionCapability | undefined {
    return this.#core.serverCapability;
  }

  /** APPLICATION_PRIVATE_DATA of the host: usually a dictionary with `PSVersionTable`; null before it has sent it. */
  get applicationPrivateData(): PsValue {
    return this.#privateData;
  }

  /**
   * Runs a pipeline. It starts immediately; listeners that are added in the same turn of the event loop miss no event.
   * All later errors, including that the pool is not open, reject `completed` of the pipeline.
   *
   * @throws {OptionError} if an option is unusable.
   * @throws {TypeError} if there is no command, or a statement is empty.
   * @throws {PsrpError} `unsupported` for a secure string.
   */
  invoke(invocation: Invocation, options: PipelineOptions = {}): Pipeline {
    const request = pipelineRequest(invocation, options.input === undefined);
    const host: PipelineHost = {
      create: async (pipeline, signal) => {
        // After the caller's turn, so that listeners are attached before a rejection.
        await Promise.resolve();
        signal.throwIfAborted();
        return this.#create(pipeline, () => this.#core.createPipeline(pipeline.id, request), signal);
      },
      flush: (id, signal) => this.#senderOf(id).flush(signal),
      receive: (id, signal) => this.#transport.receive(id, signal),
      receiveData: (data, id) => this.#receiveData(data, id),
      hold: (change) => this.#core.hold(change),
      isFull: (id) => this.#core.pendingBytes(id) >= this.#transport.maxFragmentSize.other,
      stop: (id, signal) => this.#transport.signal(id, 'stop', signal),
      release: (pipeline) => this.#release(pipeline),
    };
    return new Pipeline((options.id ?? randomUUID()).toLowerCase(), host, options);
  }

  /** Returns how many more pipelines the host could start now. */
  async getAvailableRunspaces(options: PoolCallOptions = {}): Promise<number> {
    return Number(await this.#calls.call(() => this.#core.getAvailableRunspaces(), options));
  }

  /** Changes the maximum number of concurrent pipelines. Resolves to false if the host refused the number. */
  async setMaxRunspaces(count: number, options: PoolCallOptions = {}): Promise<boolean> {
    return (await this.#calls.call(() => this.#core.setMaxRunspaces(count), options)) === true;
  }

  /** Changes the number of runspaces that the host keeps. Resolves to false if the host refused the number. */
  async setMinRunspaces(count: number, options: PoolCallOptions = {}): Promise<boolean> {
    return (await this.#calls.call(() => this.#core.setMinRunspaces(count), options)) === true;
  }

  /** Resets a pool of one runspace: discards variables and preferences. Resolves to false if the host refused. */
  async resetRunspaceState(options: PoolCallOptions = {}): Promise<boolean> {
    return (await this.#calls.call(() => this.#core.resetRunspaceState(), options)) === true;
  }

  /**
   * Closes the pool: running pipelines reject with `pool-closed`, then the transport is closed. Rejects if the host
   * could not be notified; the pool is closed nevertheless. Idempotent.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Closes the pool. Never rejects, so a failure to notify the host does not hide an error that is being thrown. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(() => undefined);
  }

  async #open({ name, openTimeoutMs = 60_000 }: RunspacePoolOptions): Promise<void> {
    this.#core.open();
    await this.#poolSender.begin((creation) => {
      const opening = { poolId: this.id, creation, ...(name === undefined ? {} : { name }) };
      return this.#transport.open(opening, this.#life.signal);
    });
    const late = new PsrpError('pool-broken', 'The host did not open the pool in time');
    const timer = setTimeout(() => this.#end(late, late), openTimeoutMs);
    try {
      void this.#receiveForLife();
      await this.#poolSender.flush(this.#life.signal);
      await this.#opened.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Keeps one Receive of the pool pending while it is open: the host disconnects a shell without requests. */
  async #receiveForLife(): Promise<void> {
    try {
      for await (const chunk of this.#transport.receive(undefined, this.#life.signal)) {
        this.#receiveData(chunk, undefined);
        if (this.#isOver) return;
      }
      this.#break(new PsrpError('transport-ended', 'The host ended the pool'));
    } catch (error) {
      this.#break(error);
    }
  }

  #receiveData(data: Uint8Array, pipelineId: string | undefined): void {
    try {
      this.#core.receiveData(data, pipelineId);
    } catch (error) {
      this.#break(error);
      return;
    }
    for (let event = this.#core.nextEvent(); event !== undefined; event = this.#core.nextEvent()) {
      if (event.pipelineId !== undefined) this.#pipelines.get(event.pipelineId)?.handle(event);
      else this.#handle(event);
    }
  }

  #handle(event: ClientEvent): void {
    switch (event.type) {
      case 'APPLICATION_PRIVATE_DATA':
        this.#privateData = event.body;
        return;
      case 'RUNSPACEPOOL_STATE':
        if (event.body.state === 'Opened') this.#opened.resolve(undefined);
        else if (isEnd(event.body)) this.#break(reportedEnd(event.body));
        return;
      case 'RUNSPACE_AVAILABILITY':
        this.#calls.answer(event.body.callId, event.body.answer);
        return;
      case 'UNREADABLE':
        if (event.body.messageType === 'RUNSPACE_AVAILABILITY') this.#calls.fail(event.body.error);
        return;
      case 'RUNSPACEPOOL_HOST_CALL':
        this.#refuser.refuse(event.body).catch((error: unknown) => this.#break(error));
        return;
      default:
    }
  }

  async #create(
    pipeline: HostedPipeline,
    createInCore: () => ClientPipeline,
    signal: AbortSignal,
  ): Promise<ClientPipeline> {
    if (this.#isOver) throw (await this.ended) ?? new PsrpError('pool-closed', 'The pool is closed');
    if (this.#pipelines.has(pipeline.id)) throw new PsrpStateError('reuse its id', 'Running', ['Released']);
    const core = createInCore();
    this.#pipelines.set(pipeline.id, pipeline);
    const sender = new Sender(this.#core, this.#transport, pipeline.id);
    this.#senders.set(pipeline.id, sender);
    await sender.begin((first) => this.#transport.createCommand(pipeline.id, first, signal));
    return core;
  }

  #senderOf(id: string): Sender {
    const sender = this.#senders.get(id);
    if (sender === undefined) throw new PsrpStateError('send', 'Released', ['Running']);
    return sender;
  }

  /** Called after the result was delivered; not awaited. Without the signal a shell runs out of commands. */
  #release(pipeline: HostedPipeline): void {
    const { id } = pipeline;
    if (this.#pipelines.get(id) !== pipeline) return;
    this.#pipelines.delete(id);
    this.#senders.delete(id);
    this.#core.releasePipeline(id);
    if (this.#isOver) return;
    this.#transport.signal(id, 'terminate', this.#life.signal).catch(() => undefined);
  }

  async #close(): Promise<void> {
    const wasOver = this.#isOver;
    this.#core.beginClose();
    this.#end(undefined, new PsrpError('pool-closed', 'The pool was closed'));
    await this.#transport.close().catch((error: unknown) => {
      if (!wasOver) throw error;
    });
  }

  /** Breaks the pool: all pipelines and calls reject with the cause, and the shell on the host is abandoned. */
  #break(cause: unknown): void {
    if (this.#isOver) return;
    const error = asPoolError(cause);
    this.#end(error, error);
    this.#transport.close().catch(() => undefined);
  }

  /**
   * @param outcome result of `ended`.
   * @param reason rejects all pending pipelines and calls.
   */
  #end(outcome: PsrpError | undefined, reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#core.end(outcome === undefined ? 'Closed' : 'Broken');
    this.#opened.reject(reason);
    for (const pipeline of [...this.#pipelines.values()]) pipeline.fail(reason);
    this.#calls.fail(reason);
    this.#life.abort(reason);
    this.#ended.resolve(outcome);
  }
}
