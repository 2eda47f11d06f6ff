import type { Envelope, OperationName, OperationRequest, OperationResult } from '@aether-v/types';
import type { HyperVEngine } from '../engine/index.ts';
import type { Journal } from './journal.ts';
import type { LineBody } from './json-line.ts';

/** What an operation knows: its host, who asked, and for how long the answer makes sense. */
export interface OperationContext {
  readonly engine: HyperVEngine;
  readonly hostId: string;
  readonly journal: Journal;
  readonly envelope: Envelope;
  /** When the envelope came, by the host's clock. */
  readonly receivedAt: number;
  /** Aborted when nobody listens any more. */
  readonly gone: AbortSignal;
  /** Aborted when `operation.cancel` asked this operation to end. */
  readonly cancelled: AbortSignal;
  /** Asks a running operation that is not journalled to end. */
  readonly cancelUnjournalled: (operationId: string) => boolean;
}

/** Carries out one operation: yields its lines and returns its result; what it throws ends it as an error. */
export type OperationHandler<N extends OperationName> = (
  context: OperationContext,
  request: OperationRequest<N>,
) =>
  | AsyncGenerator<LineBody, OperationResult<N>, undefined>
  | Generator<LineBody, OperationResult<N>, undefined>;

/** Milliseconds that are left of the operation's time; not positive when it is over. */
export function timeLeft({ engine, envelope, receivedAt }: OperationContext): number {
  return receivedAt + envelope.timeoutSeconds * 1_000 - engine.clock.now();
}
