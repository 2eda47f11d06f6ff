import type {
  Envelope,
  OperationCheck,
  OperationName,
  OperationRequest,
  OperationResult,
} from '@aether-v/types';
import type { HyperVEngine } from '../engine/index.ts';
import type { Journal } from './journal.ts';
import type { LineBody } from './json-line.ts';

/** The context of an operation: its host, its envelope, and how long its client waits. */
export interface OperationContext {
  readonly engine: HyperVEngine;
  readonly hostId: string;
  readonly journal: Journal;
  readonly envelope: Envelope;
  /** When the envelope arrived, by the host's clock. */
  readonly receivedAt: number;
  /** Aborted when the client has disconnected. */
  readonly gone: AbortSignal;
  /** Aborted when `operation.cancel` cancels this operation. */
  readonly cancelled: AbortSignal;
  /** Cancels a running operation that has no journal record. */
  readonly cancelUnjournalled: (operationId: string) => boolean;
}

/** Runs one operation: yields its lines and returns its result. An exception ends it with an error line. */
export type OperationHandler<N extends OperationName> = (
  context: OperationContext,
  request: OperationRequest<N>,
) =>
  | AsyncGenerator<LineBody, OperationResult<N>, undefined>
  | Generator<LineBody, OperationResult<N>, undefined>;

/** Runs one operation that changes something, or checks what stands in its way. */
export interface CheckableHandler<N extends OperationName> {
  readonly run: OperationHandler<N>;
  /** Runs the operation up to its first side effect; writes nothing. */
  readonly check: (context: OperationContext, request: OperationRequest<N>) => Promise<OperationCheck>;
}

/** Milliseconds until the operation times out; zero or less after that. */
export function timeLeft({ engine, envelope, receivedAt }: OperationContext): number {
  return receivedAt + envelope.timeoutSeconds * 1_000 - engine.clock.now();
}
