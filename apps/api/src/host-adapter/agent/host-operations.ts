import type {
  AgentLine,
  JournalNote,
  OperationItem,
  OperationName,
  OperationRequest,
  OperationResult,
} from '@aether-v/types';

/** A line other than the last. Items have the shape that their operation declares. */
export type OperationLine<N extends OperationName> =
  | Exclude<AgentLine, { type: 'item' | 'result' | 'error' }>
  | { readonly op: string; readonly seq: number; readonly type: 'item'; readonly item: OperationItem<N> };

/** An unusable part of a host's data, and the reason. */
export interface Flaw {
  readonly part: string;
  readonly message: string;
  /** The VM concerned, if its id can be read. */
  readonly vmId: string | undefined;
}

/** Caller, deadline and listeners of an operation. */
export interface InvokeOptions<N extends OperationName> {
  /** The caller, for the host's journal. */
  readonly actor: string;
  /** The time at which the call ends, regardless of the host. */
  readonly deadline: Date;
  /** Stops waiting for the operation. The host does not undo or stop it; `operation.cancel` asks the host to stop. */
  readonly signal?: AbortSignal;
  /** The id under which the host journals the operation (UUIDv7 or UUIDv5); a new one by default. */
  readonly operationId?: string;
  readonly idempotencyKey?: string;
  /** SHA-256 of the request sent with the idempotency key, without its secrets. */
  readonly fingerprint?: string;
  /** Data that the host's journal stores and returns unchanged. */
  readonly note?: JournalNote;
  readonly fence?: number;
  /**
   * Receives every line but the last, validated and in order. The host is read further once the returned promise is
   * settled; a listener that throws ends the call with its error.
   */
  readonly onLine?: (line: OperationLine<N>) => void | Promise<void>;
  /**
   * Receives unusable items of `inventory` and `watch`, and the call continues without them. If absent, such an item
   * ends the call as `contract-violation`.
   */
  readonly onFlaw?: (flaw: Flaw) => void;
}

/** Runs operations of the host contract. An abstract class, so that it serves as its own injection token. */
export abstract class HostOperations {
  /**
   * Runs one operation and returns its result.
   *
   * @param host The id that the host's agent reported, or the host's configured address.
   * @throws HostOperationError for errors of the host or the connection; the signal's reason if it was aborted.
   */
  abstract invoke<N extends OperationName>(
    host: string,
    op: N,
    request: OperationRequest<N>,
    options: InvokeOptions<N>,
  ): Promise<OperationResult<N>>;
}
