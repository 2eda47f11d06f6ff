import type {
  AgentLine,
  OperationItem,
  OperationName,
  OperationRequest,
  OperationResult,
} from '@aether-v/types';

/** A line that is not the last one. Items have the shape that their operation declares. */
export type OperationLine<N extends OperationName> =
  | Exclude<AgentLine, { type: 'item' | 'result' | 'error' }>
  | { readonly op: string; readonly seq: number; readonly type: 'item'; readonly item: OperationItem<N> };

/** Part of what a host tells that cannot be used, and why. */
export interface Flaw {
  readonly part: string;
  readonly message: string;
  /** The VM that it was about, if that can be read. */
  readonly vmId: string | undefined;
}

/** Who asks for an operation, until when, and how its lines are heard. */
export interface InvokeOptions<N extends OperationName> {
  /** Who asks, for the host's journal. */
  readonly actor: string;
  /** Until when the answer makes sense; the call ends then, whatever the host does. */
  readonly deadline: Date;
  /** Gives up listening. It does not undo: what a host began it goes on with (`operation.cancel` asks it to stop). */
  readonly signal?: AbortSignal;
  /** The id under which the host journals the operation (UUIDv7); without it a new one is made. */
  readonly operationId?: string;
  readonly idempotencyKey?: string;
  /** SHA-256 of what was asked for with the key, without its secrets. */
  readonly fingerprint?: string;
  readonly parentId?: string;
  readonly fence?: number;
  /**
   * Hears every line but the last, validated and in order. The host is read on once the returned promise is settled;
   * a listener that throws ends the call with its error.
   */
  readonly onLine?: (line: OperationLine<N>) => void | Promise<void>;
  /**
   * Hears of items of `inventory` and `watch` that cannot be used, and the call goes on without them; without it such an item ends the
   * call as `contract-violation`.
   */
  readonly onFlaw?: (flaw: Flaw) => void;
}

/** Runs operations of the host contract. An abstract class, so that it is its own injection token. */
export abstract class HostOperations {
  /**
   * Runs one operation and answers its result.
   *
   * @param host The id that the host's agent reported, or its configured address.
   * @throws HostOperationError for whatever the host reports or the connection suffers; the signal's reason when it was
   *   aborted.
   */
  abstract invoke<N extends OperationName>(
    host: string,
    op: N,
    request: OperationRequest<N>,
    options: InvokeOptions<N>,
  ): Promise<OperationResult<N>>;
}
