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

/** The streams beside output, as events. A listener that throws ends the pipeline with what it threw. */
export interface PipelineEvents {
  error: [record: ErrorRecord];
  warning: [record: InformationalRecord];
  verbose: [record: InformationalRecord];
  debug: [record: InformationalRecord];
  information: [record: InformationRecord];
  progress: [record: ProgressRecord];
}

/** @internal The streams beside output, by the messages that carry them. */
export const recordEvents = {
  ERROR_RECORD: 'error',
  WARNING_RECORD: 'warning',
  VERBOSE_RECORD: 'verbose',
  DEBUG_RECORD: 'debug',
  INFORMATION_RECORD: 'information',
  PROGRESS_RECORD: 'progress',
} as const satisfies Partial<Record<ClientEvent['type'], keyof PipelineEvents>>;

/** @internal A record of one of them. */
export type RecordEvent = Extract<ClientEvent, { type: keyof typeof recordEvents }>;

/** @internal Whether an event is one of them. */
export function isRecord(event: ClientEvent): event is RecordEvent {
  return event.type in recordEvents;
}

/** How a pipeline ended. */
export interface PipelineResult {
  /** `Stopped` only where its caller stopped it. */
  readonly state: Exclude<FinalPipelineState, 'Failed'>;
  /** The first error records that did not end it: {@link maxKeptErrors} of them, or {@link maxKeptErrorBytes}. */
  readonly errors: readonly ErrorRecord[];
  /** All of them, also those not kept. */
  readonly errorCount: number;
}

/** A pipeline's result and everything that it wrote to its output. */
export interface CollectedResult extends PipelineResult {
  readonly output: PsValue[];
}

/** Options of an invocation. */
export interface PipelineOptions {
  /** Objects for the pipeline's input. */
  readonly input?: PipelineInput;
  /** Stops the pipeline; what it was waiting for rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Bytes of output that may wait to be read before the host is held up. 256 KiB by default. */
  readonly highWaterMark?: number;
  /** How long a host may take to stop the pipeline before it is left alone, in milliseconds. 10,000 by default. */
  readonly stopTimeoutMs?: number;
  /** The pipeline's id; a random GUID by default. */
  readonly id?: string;
}

/** Error records that a result keeps. */
export const maxKeptErrors = 1000;

/** Bytes of error records, as they came over the wire, after which a result keeps no more of them. */
export const maxKeptErrorBytes = 16 * 1024 * 1024;
