import type { PsValue } from '../clixml/index.ts';
import { PsrpError } from './errors.ts';
import type { ErrorRecordParts } from './error-record.ts';
import { emptyGuid } from './guid.ts';
import { resolveLimits, serverFragmentLimits, type FragmentLimits } from './limits.ts';
import type { Message } from './message.ts';
import type { MessageType } from './message-types.ts';
import { ownCapability, type SessionCapability } from './pool-messages.ts';
import {
  checkProtocolVersion,
  RunspacePoolBase,
  type DecodedMessage,
  type PoolEvent,
} from './runspace-pool.ts';
import { failedState, ServerPipeline } from './server-pipeline.ts';
import type { RunspacePoolState } from './states.ts';

/** Message from a client. */
export type ServerEvent = PoolEvent<'server'>;

/** Options of a {@link ServerRunspacePool}. */
export interface ServerRunspacePoolOptions {
  /** Data about the server for the client, for example a dictionary with `PSVersionTable`. Default null. */
  readonly applicationPrivateData?: PsValue;
  /** Limits on data from the client. Default {@link serverFragmentLimits}. */
  readonly limits?: Partial<FragmentLimits>;
}

/** Server side of a runspace pool (MS-PSRP 3.2). Responds automatically to SESSION_CAPABILITY only. */
export class ServerRunspacePool extends RunspacePoolBase<ServerEvent> {
  readonly #applicationPrivateData: PsValue;
  readonly #pipelines = new Map<string, ServerPipeline>();
  #id = emptyGuid;
  #peer: SessionCapability | undefined;

  constructor(options: ServerRunspacePoolOptions = {}) {
    super('server', resolveLimits(serverFragmentLimits, options.limits));
    this.#applicationPrivateData = options.applicationPrivateData ?? null;
  }

  /** Id of the pool, chosen by the client; {@link emptyGuid} before SESSION_CAPABILITY has arrived. */
  get id(): string {
    return this.#id;
  }

  /** Protocol versions of the client; undefined before SESSION_CAPABILITY has arrived. */
  get clientCapability(): SessionCapability | undefined {
    return this.#peer;
  }

  /** Returns a pipeline that was created and not released; undefined if there is none. */
  pipeline(id: string): ServerPipeline | undefined {
    return this.#pipelines.get(id);
  }

  /**
   * Prepares for the data of a pipeline whose CREATE_PIPELINE arrives in the pipeline's own stream. Transports that
   * carry the pipeline's id call this first.
   */
  expectPipeline(id: string): void {
    if (!this.hasChannel(id)) this.openChannel(id);
  }

  override releasePipeline(pipelineId: string): void {
    super.releasePipeline(pipelineId);
    this.#pipelines.delete(pipelineId);
  }

  /**
   * Queues APPLICATION_PRIVATE_DATA.
   *
   * @throws {PsrpStateError} if the pool is not open or opening.
   */
  sendApplicationPrivateData(): void {
    this.expectState('send private data', 'Opening', 'Opened');
    this.post('APPLICATION_PRIVATE_DATA', this.#applicationPrivateData);
  }

  /**
   * Queues the state Opened, the response to INIT_RUNSPACEPOOL.
   *
   * @throws {PsrpStateError} if the pool is not opening.
   */
  open(): void {
    this.expectState('open', 'Opening');
    this.#changeState('Opened');
  }

  /** Queues the states Closing and Closed. Does nothing if the pool has ended. */
  close(): void {
    if (this.state === 'Closed' || this.state === 'Broken') return;
    this.#changeState('Closing');
    this.#changeState('Closed');
  }

  /** Queues the response to SET_MAX_RUNSPACES, SET_MIN_RUNSPACES, RESET_RUNSPACE_STATE or GET_AVAILABLE_RUNSPACES. */
  answerCall(callId: bigint, answer: boolean | number): void {
    this.post('RUNSPACE_AVAILABILITY', { callId, answer });
  }

  /** Queues the response to PUBLIC_KEY: the session key, encrypted for the client (MS-PSRP 2.2.2.4). */
  sendEncryptedSessionKey(key: string): void {
    this.post('ENCRYPTED_SESSION_KEY', key);
  }

  /**
   * Queues the response to CONNECT_RUNSPACEPOOL (MS-PSRP 3.2.5.4.17): RUNSPACEPOOL_INIT_DATA and
   * APPLICATION_PRIVATE_DATA.
   *
   * @throws {PsrpStateError} if the pool is not open or opening.
   */
  answerConnect(minRunspaces: number, maxRunspaces: number): void {
    this.post('RUNSPACEPOOL_INIT_DATA', { minRunspaces, maxRunspaces });
    this.sendApplicationPrivateData();
  }

  /** Queues the final state Failed of a pipeline, even if its CREATE_PIPELINE could not be read. */
  failPipeline(pipelineId: string, parts: ErrorRecordParts): void {
    const pipeline = this.#pipelines.get(pipelineId);
    if (pipeline !== undefined) pipeline.fail(parts);
    else this.post('PIPELINE_STATE', failedState(parts), { pipelineId });
  }

  /** An open pool continues: its pipelines do not depend on messages of the pool itself. */
  protected override canMiss(_type: MessageType | undefined): boolean {
    return this.state === 'Opened';
  }

  protected override accept(event: DecodedMessage<ServerEvent>, message: Message): boolean {
    switch (event.type) {
      case 'SESSION_CAPABILITY':
        this.expectState('negotiate', 'BeforeOpen');
        checkProtocolVersion(event.body.protocolVersion);
        this.#id = message.poolId;
        this.#peer = event.body;
        this.setState('NegotiationSucceeded');
        this.post('SESSION_CAPABILITY', ownCapability, { poolId: emptyGuid });
        return true;
      case 'INIT_RUNSPACEPOOL':
        this.expectState('initialise', 'NegotiationSucceeded');
        this.setState('Opening');
        return true;
      case 'CREATE_PIPELINE':
        return this.#createPipeline(event);
      default:
        return event.pipelineId === undefined || this.hasChannel(event.pipelineId);
    }
  }

  #createPipeline({ pipelineId, body }: Extract<ServerEvent, { type: 'CREATE_PIPELINE' }>): boolean {
    this.expectState('create a pipeline', 'Opened');
    if (pipelineId === undefined || this.#pipelines.has(pipelineId)) {
      throw new PsrpError('message-unexpected', `Pipeline ${String(pipelineId)} already exists`);
    }
    this.expectPipeline(pipelineId);
    const pipeline = new ServerPipeline(pipelineId, body, (type, content) =>
      this.post(type, content, { pipelineId }),
    );
    this.#pipelines.set(pipelineId, pipeline);
    return true;
  }

  #changeState(state: RunspacePoolState): void {
    this.setState(state);
    this.post('RUNSPACEPOOL_STATE', { state, error: undefined });
  }
}
