import type { Conflict, ErrorInfo, FactProblem, InventoryItem } from '@aether-v/types';

/** A host's report that the fleet stores: everything but usage samples. */
export type InventoryFact = Exclude<InventoryItem, { kind: 'usage' }>;

/** A change in the service's knowledge of one host, in order of arrival. */
export type HostEvent =
  /** The host is in the configuration and about to be connected to. */
  | { readonly type: 'configured'; readonly provisionalId: string; readonly name: string }
  /** Its agent reported its identity. The host counts as connected once it has been read. */
  | {
      readonly type: 'identified';
      readonly hostId: string;
      readonly name: string;
      readonly watching: boolean;
    }
  | { readonly type: 'fact'; readonly fact: InventoryFact }
  /** It does not answer, or not in a way that can be used. */
  | { readonly type: 'unreachable'; readonly error: ErrorInfo }
  /** Another address gives the same id, or no longer does. */
  | { readonly type: 'disputed'; readonly conflict: Conflict | null }
  /** Unusable parts of the host, as of its last full read. */
  | { readonly type: 'flawed'; readonly problems: readonly FactProblem[] }
  /** Offset of its clock from the service's in milliseconds, positive if ahead. */
  | { readonly type: 'clock'; readonly offsetMs: number }
  /** It belongs to the fleet no longer. */
  | { readonly type: 'removed' };
