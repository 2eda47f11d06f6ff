import type { PsValue } from '../clixml/index.ts';
import type {
  ClientEvent,
  ErrorRecord,
  FinalPipelineState,
  InformationalRecord,
  InformationRecord,
  ProgressRecord,
} from '../core/index.ts';
import type { PipelineInput } from './pipeline-input.ts';

/** Events for the streams other than output. If a listener throws, the pipeline ends with that error. */
export interface PipelineEvents {
  error: [record: ErrorRecord];
  warning: [record: InformationalRecord];
  verbose: [record: InformationalRecord];
  debug: [record: InformationalRecord];
  information: [record: InformationRecord];
  progress: [record: ProgressRecord];
}

/** @internal Event names of the streams other than output, by message type. */
export const recordEvents = {
  ERROR_RECORD: 'error',
  WARNING_RECORD: 'warning',
  VERBOSE_RECORD: 'verbose',
  DEBUG_RECORD: 'debug',
  INFORMATION_RECORD: 'information',
  PROGRESS_RECORD: 'progress',
} as const satisfies Partial<Record<ClientEvent['type'], keyof PipelineEvents>>;

/** @internal Event with a record of one of these streams. */
export type RecordEvent = Extract<ClientEvent, { type: keyof typeof recordEvents }>;

/** @internal Returns whether an event carries a record of one of these streams. */
export function isRecord(event: ClientEvent): event is RecordEvent {
  return event.type in recordEvents;
}

/** Result of a pipeline. */
export interface PipelineResult {
  /** `Stopped` only if the caller stopped it with `stop()`. */
  readonly state: Exclude<FinalPipelineState, 'Failed'>;
  /** First non-terminating error records, up to {@link maxKeptErrors} or {@link maxKeptErrorBytes}. */
  readonly errors: readonly ErrorRecord[];
  /** Number of non-terminating error records, including those not kept. */
  readonly errorCount: number;
}

/** Result of a pipeline with its complete output. */
export interface CollectedResult extends PipelineResult {
  readonly output: PsValue[];
}

/** Options of an invocation. */
export interface PipelineOptions {
  /** Input objects. Absent: the pipeline has no input. */
  readonly input?: PipelineInput;
  /** Stops the pipeline when aborted; `output` and `completed` reject with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Bytes of unread output before back-pressure is applied to the host. Default 262,144. */
  readonly highWaterMark?: number;
  /** Timeout for stopping the pipeline, in milliseconds; after it the pipeline is abandoned. Default 10,000. */
  readonly stopTimeoutMs?: number;
  /** Id of the pipeline. Default: a random GUID. */
  readonly id?: string;
}

/** Maximum number of error records in a result. */
export const maxKeptErrors = 1000;

/** Size of the error records on the wire, in bytes, after which a result keeps no more. */
export const maxKeptErrorBytes = 16 * 1024 * 1024;
