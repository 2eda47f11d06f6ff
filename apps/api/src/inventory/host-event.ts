import type { Conflict, ErrorInfo, FactProblem, InventoryItem } from '@aether-v/types';

/** What a host reports and the fleet keeps: everything but samples of usage. */
export type InventoryFact = Exclude<InventoryItem, { kind: 'usage' }>;

/** What the service learns of one host, in the order in which it learns it. */
export type HostEvent =
  /** It is in the configuration, and about to be called. */
  | { readonly type: 'configured'; readonly provisionalId: string; readonly name: string }
  /** Its agent said who it is. The host counts as connected once it has been read. */
  | {
      readonly type: 'identified';
      readonly hostId: string;
      readonly name: string;
      readonly watching: boolean;
    }
  | { readonly type: 'fact'; readonly fact: InventoryFact }
  /** It does not answer, or not in a way that can be used. */
  | { readonly type: 'away'; readonly error: ErrorInfo }
  /** Another address gives the same id, or no longer does. */
  | { readonly type: 'disputed'; readonly conflict: Conflict | null }
  /** What of it cannot be used, as of its last full read. */
  | { readonly type: 'flawed'; readonly problems: readonly FactProblem[] }
  /** How far its clock is ahead of the service's, in milliseconds. */
  | { readonly type: 'clock'; readonly offsetMs: number }
  /** It belongs to the fleet no longer. */
  | { readonly type: 'removed' };
