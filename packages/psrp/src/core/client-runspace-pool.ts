import type { PsValue } from '../clixml/index.ts';
import type { MessageBodies } from './codecs.ts';
import type { PipelineRequest } from './create-pipeline.ts';
import { PsrpStateError } from './errors.ts';
import { normalizeGuid } from './guid.ts';
import type { HostResponse } from './host-call.ts';
import {
  clientFragmentLimits,
  defaultMaxSentObjectSize,
  resolveLimits,
  type FragmentLimits,
} from './limits.ts';
import type { Message } from './message.ts';
import type { MessageType } from './message-types.ts';
import { ownCapability, type SessionCapability } from './pool-messages.ts';
import {
  checkProtocolVersion,
  RunspacePoolBase,
  type DecodedMessage,
  type PoolEvent,
} from './runspace-pool.ts';
import { isFinal, type PipelineState, type RunspacePoolState } from './states.ts';

/** Message from a server. */
export type ClientEvent = PoolEvent<'client'>;

/** Options of a {@link ClientRunspacePool}. */
export interface ClientRunspacePoolOptions {
  /** Id of the pool (GUID), chosen by the client. */
  readonly id: string;
  readonly minRunspaces?: number;
  readonly maxRunspaces?: number;
  readonly applicationArguments?: PsValue;
  /** Limits on data from the server. Default {@link clientFragmentLimits}. */
  readonly limits?: Partial<FragmentLimits>;
  /** Size of the largest object that the server accepts, in bytes. Larger objects are not sent. Default 10 MiB. */
  readonly maxSentObjectSize?: number;
}

type PoolRequest = 'SET_MAX_RUNSPACES' | 'SET_MIN_RUNSPACES';

/** Client side of a runspace pool (MS-PSRP 3.1). */
export class ClientRunspacePool extends RunspacePoolBase<ClientEvent> {
  readonly id: string;
  readonly #options: ClientRunspacePoolOptions;
  readonly #pipelines = new Map<string, ClientPipeline>();
  #peer: SessionCapability | undefined;
  #callId = 0n;

  constructor(options: ClientRunspacePoolOptions) {
    const { limits, maxSentObjectSize = defaultMaxSentObjectSize } = options;
    super('client', resolveLimits(clientFragmentLimits, limits), maxSentObjectSize);
    this.id = normalizeGuid(options.id);
    this.#options = options;
  }

  /** Protocol versions of the server; undefined before SESSION_CAPABILITY has arrived. */
  get serverCapability(): SessionCapability | undefined {
    return this.#peer;
  }

  /**
   * Queues SESSION_CAPABILITY and INIT_RUNSPACEPOOL, which are sent together (MS-PSRP 3.1.5.3.1).
   *
   * @throws {PsrpStateError} if the pool was opened before.
   */
  open(): void {
    this.expectState('open', 'BeforeOpen');
    const { minRunspaces = 1, maxRunspaces = 1, applicationArguments = null } = this.#options;
    this.post('SESSION_CAPABILITY', ownCapability);
    this.post('INIT_RUNSPACEPOOL', { minRunspaces, maxRunspaces, applicationArguments });
    this.setState('NegotiationSent');
  }

  /**
   * Queues CREATE_PIPELINE as data of the new pipeline.
   *
   * @throws {PsrpStateError} if the pool is not open.
   * @throws {PsrpError} `object-too-large` or `object-too-deep`, as all methods that queue a message.
   */
  createPipeline(id: string, request: PipelineRequest): ClientPipeline {
    this.expectState('create a pipeline', 'Opened');
    const pipelineId = normalizeGuid(id);
    this.openChannel(pipelineId);
    const pipeline = new ClientPipeline(pipelineId, request.noInput, (type, body, stream) =>
      this.post(type, body, { pipelineId, stream }),
    );
    this.#pipelines.set(pipelineId, pipeline);
    try {
      this.post('CREATE_PIPELINE', request, { pipelineId });
    } catch (error) {
      this.releasePipeline(pipelineId);
      throw error;
    }
    return pipeline;
  }

  override releasePipeline(pipelineId: string): void {
    super.releasePipeline(pipelineId);
    this.#pipelines.delete(pipelineId);
  }

  /** Queues SET_MAX_RUNSPACES. Returns the call id, which RUNSPACE_AVAILABILITY carries back. */
  setMaxRunspaces(count: number): bigint {
    return this.#setRunspaces('SET_MAX_RUNSPACES', count);
  }

  /** Queues SET_MIN_RUNSPACES. Returns the call id, which RUNSPACE_AVAILABILITY carries back. */
  setMinRunspaces(count: number): bigint {
    return this.#setRunspaces('SET_MIN_RUNSPACES', count);
  }

  /** Queues GET_AVAILABLE_RUNSPACES. Returns the call id, which RUNSPACE_AVAILABILITY carries back. */
  getAvailableRunspaces(): bigint {
    return this.#call('GET_AVAILABLE_RUNSPACES');
  }

  /**
   * Queues RESET_RUNSPACE_STATE (pools of one runspace only). Returns the call id of the RUNSPACE_AVAILABILITY
   * response.
   */
  resetRunspaceState(): bigint {
    return this.#call('RESET_RUNSPACE_STATE');
  }

  /** Queues the response to a host call of the pool. */
  respondToHostCall(response: HostResponse): void {
    this.post('RUNSPACEPOOL_HOST_RESPONSE', response, { stream: 'pr' });
  }

  /** Marks the pool as closing. The transport notifies the server. */
  beginClose(): void {
    if (this.state !== 'Closed' && this.state !== 'Broken') this.setState('Closing');
  }

  /** Marks the pool as closed, or as broken if the transport failed. */
  end(state: 'Closed' | 'Broken'): void {
    if (this.state !== 'Closed') this.setState(state);
  }

  /** In an open pool only the pool's end affects pipelines; its other messages may be lost. */
  protected override canMiss(type: MessageType | undefined): boolean {
    return (this.state === 'Opened' || this.state === 'Closing') && type !== 'RUNSPACEPOOL_STATE';
  }

  protected override accept(event: DecodedMessage<ClientEvent>, _message: Message): boolean {
    if (event.type === 'SESSION_CAPABILITY') {
      if (this.#peer !== undefined) return false;
      checkProtocolVersion(event.body.protocolVersion);
      this.#peer = event.body;
      if (this.state === 'NegotiationSent') this.setState('NegotiationSucceeded');
    } else if (event.type === 'RUNSPACEPOOL_STATE') {
      if (this.#isNext(event.body.state)) this.setState(event.body.state);
    } else if (event.pipelineId !== undefined) {
      const pipeline = this.#pipelines.get(event.pipelineId);
      if (pipeline === undefined || isFinal(pipeline.state)) return false;
      if (event.type === 'PIPELINE_STATE') pipeline.observe(event.body.state);
    }
    return true;
  }

  /**
   * Returns whether a reported state is a valid successor of the current one: Opened once, then the end (MS-PSRP
   * 3.1.1.2.2). All others are ignored, as by PowerShell's client: otherwise the pool would refuse every pipeline and
   * never end.
   */
  #isNext(state: RunspacePoolState): boolean {
    if (this.state === 'Closed' || this.state === 'Broken') return false;
    if (state === 'Opened') return this.state === 'NegotiationSent' || this.state === 'NegotiationSucceeded';
    return state === 'Closing' || state === 'Closed' || state === 'Broken';
  }

  #setRunspaces(type: PoolRequest, count: number): bigint {
    this.expectState('change the number of runspaces', 'Opened');
    const callId = this.#callId++;
    this.post(type, { callId, count });
    return callId;
  }

  #call(type: 'GET_AVAILABLE_RUNSPACES' | 'RESET_RUNSPACE_STATE'): bigint {
    this.expectState('ask for runspaces', 'Opened');
    const callId = this.#callId++;
    this.post(type, { callId });
    return callId;
  }
}

type PipelinePost = <Type extends 'PIPELINE_INPUT' | 'END_OF_PIPELINE_INPUT' | 'PIPELINE_HOST_RESPONSE'>(
  type: Type,
  body: MessageBodies[Type],
  stream: 'stdin' | 'pr',
) => void;

/** Client side of a pipeline, created by {@link ClientRunspacePool.createPipeline}. */
export class ClientPipeline {
  readonly id: string;
  readonly #post: PipelinePost;
  #state: PipelineState = 'Running';
  #inputEnded: boolean;

  /** @internal */
  constructor(id: string, noInput: boolean, post: PipelinePost) {
    this.id = id;
    this.#inputEnded = noInput;
    this.#post = post;
  }

  /** State of the pipeline (MS-PSRP 3.1.1.3.1). */
  get state(): PipelineState {
    return this.#state;
  }

  /**
   * Queues an input object.
   *
   * @throws {PsrpStateError} if the pipeline has no input, or its input or the pipeline itself has ended.
   */
  input(value: PsValue): void {
    this.#expectInput('send input');
    this.#post('PIPELINE_INPUT', value, 'stdin');
  }

  /**
   * Queues the end of the input.
   *
   * @throws {PsrpStateError} if the pipeline has no input, or its input or the pipeline itself has ended.
   */
  endInput(): void {
    this.#expectInput('end the input');
    this.#inputEnded = true;
    this.#post('END_OF_PIPELINE_INPUT', undefined, 'stdin');
  }

  /** Queues the response to a host call of the pipeline. */
  respondToHostCall(response: HostResponse): void {
    this.#post('PIPELINE_HOST_RESPONSE', response, 'pr');
  }

  /** Marks the pipeline as stopping. The transport notifies the server, which reports the final state. */
  beginStop(): void {
    if (this.#state === 'Running') this.#state = 'Stopping';
  }

  /** @internal Applies the state from PIPELINE_STATE. */
  observe(state: PipelineState): void {
    this.#state = state;
  }

  #expectInput(action: string): void {
    if (this.#state !== 'Running') throw new PsrpStateError(action, this.#state, ['Running']);
    if (this.#inputEnded) throw new PsrpStateError(action, 'InputEnded', ['Running']);
  }
}
