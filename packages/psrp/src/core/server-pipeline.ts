import type { PsValue } from '../clixml/index.ts';
import type { MessageBodies } from './codecs.ts';
import type { PipelineRequest } from './create-pipeline.ts';
import {
  encodeErrorRecord,
  decodeErrorRecord,
  type ErrorRecord,
  type ErrorRecordParts,
} from './error-record.ts';
import { PsrpStateError } from './errors.ts';
import type { HostCall } from './host-call.ts';
import type { InformationRecord, ProgressRecord } from './records.ts';
import { isFinal, type FinalPipelineState, type PipelineState } from './states.ts';

type PipelineMessage =
  | 'PIPELINE_OUTPUT'
  | 'ERROR_RECORD'
  | 'PIPELINE_STATE'
  | 'DEBUG_RECORD'
  | 'VERBOSE_RECORD'
  | 'WARNING_RECORD'
  | 'PROGRESS_RECORD'
  | 'INFORMATION_RECORD'
  | 'PIPELINE_HOST_CALL';

type PipelinePost = <Type extends PipelineMessage>(type: Type, body: MessageBodies[Type]) => void;

/** Server side of a pipeline, created when CREATE_PIPELINE arrives. All its messages are queued. */
export class ServerPipeline {
  readonly id: string;
  readonly request: PipelineRequest;
  readonly #post: PipelinePost;
  #state: PipelineState = 'Running';

  /** @internal */
  constructor(id: string, request: PipelineRequest, post: PipelinePost) {
    this.id = id;
    this.request = request;
    this.#post = post;
  }

  /** State of the pipeline. */
  get state(): PipelineState {
    return this.#state;
  }

  /**
   * Queues an output object.
   *
   * @throws {PsrpStateError} if the pipeline has ended, as all methods that queue a message.
   */
  write(value: PsValue): void {
    this.#queue('PIPELINE_OUTPUT', value);
  }

  /** Queues an error record. */
  writeError(parts: ErrorRecordParts): void {
    this.#queue('ERROR_RECORD', makeErrorRecord(parts));
  }

  /** Queues a warning record. */
  writeWarning(message: string): void {
    this.#queue('WARNING_RECORD', { message, invocation: undefined });
  }

  /** Queues a verbose record. */
  writeVerbose(message: string): void {
    this.#queue('VERBOSE_RECORD', { message, invocation: undefined });
  }

  /** Queues a debug record. */
  writeDebug(message: string): void {
    this.#queue('DEBUG_RECORD', { message, invocation: undefined });
  }

  /** Queues an information record. */
  writeInformation(record: InformationRecord): void {
    this.#queue('INFORMATION_RECORD', record);
  }

  /** Queues a progress record. */
  writeProgress(record: ProgressRecord): void {
    this.#queue('PROGRESS_RECORD', record);
  }

  /** Queues a call to the client's host. */
  callHost(call: HostCall): void {
    this.#queue('PIPELINE_HOST_CALL', call);
  }

  /** Marks the pipeline as stopping at the client's request; `stopped` must follow. */
  beginStop(): void {
    if (this.#state === 'Running') this.#state = 'Stopping';
  }

  /** Queues the final state Completed. */
  complete(): void {
    this.#end('Completed');
  }

  /** Queues the final state Failed with a terminating error. */
  fail(parts: ErrorRecordParts): void {
    this.#end('Failed', makeErrorRecord(parts));
  }

  /** Queues the final state Stopped. Its error repeats this, as in PowerShell. */
  stopped(): void {
    this.#end(
      'Stopped',
      makeErrorRecord({
        message: 'The pipeline has been stopped.',
        fullyQualifiedErrorId: 'PipelineStopped',
        category: 'OperationStopped',
        exceptionTypes: [
          'System.Management.Automation.PipelineStoppedException',
          'System.Management.Automation.RuntimeException',
          'System.SystemException',
          'System.Exception',
          'System.Object',
        ],
      }),
    );
  }

  #queue<Type extends PipelineMessage>(type: Type, body: MessageBodies[Type]): void {
    if (isFinal(this.#state)) throw new PsrpStateError('write', this.#state, ['Running', 'Stopping']);
    this.#post(type, body);
  }

  #end(state: FinalPipelineState, error?: ErrorRecord): void {
    if (isFinal(this.#state)) throw new PsrpStateError('end', this.#state, ['Running', 'Stopping']);
    this.#state = state;
    this.#post('PIPELINE_STATE', { state, error });
  }
}

/** @internal Creates the state of a pipeline that ended with a terminating error. */
export function failedState(parts: ErrorRecordParts): MessageBodies['PIPELINE_STATE'] {
  return { state: 'Failed', error: makeErrorRecord(parts) };
}

function makeErrorRecord(parts: ErrorRecordParts): ErrorRecord {
  const record = decodeErrorRecord(encodeErrorRecord(parts));
  if (record === undefined) throw new TypeError('An error record needs a fullyQualifiedErrorId');
  return record;
}
