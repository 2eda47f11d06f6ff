import type { ErrorInfo } from '@aether-v/types';
import { childOperationId } from '../common/operation-id.ts';
import type { KeyedRequest } from './idempotency.ts';
import type { NoteContent } from './journal-notes.ts';
import type { ParentPlan, PlannedChild } from './parent-plan.ts';
import type { ChildProgress } from './parent-progress.ts';

/** A child of a parent that has not ended. */
export interface Child extends ChildProgress {
  readonly id: string;
  readonly planned: PlannedChild;
  /** Null if the child was restored from a journal and its request contained secrets. */
  readonly request: unknown;
  readonly keyed: KeyedRequest | undefined;
  state: ChildProgress['state'];
  isSent: boolean;
  /** True if its host has responded to it, so that its journal shows how it ended. */
  hasBegun: boolean;
  /** True if its host blocks its id, or will when it is reachable. */
  isBarred: boolean;
  isForgotten: boolean;
  percent: number | null;
  error: ErrorInfo | null;
}

/** A parent that has not ended, with its children. */
export interface Family {
  readonly id: string;
  readonly plan: ParentPlan;
  readonly actor: NoteContent['actor'];
  readonly acceptedAt: string;
  /** The plan as notes carry it. */
  readonly planText: string;
  readonly children: readonly Child[];
  /** True if an earlier run of the service may have sent its children. */
  readonly isRestored: boolean;
  isPlanKept: boolean;
}

/**
 * Returns the children of a plan, all waiting.
 *
 * @param requests Their requests, in the order of the plan.
 * @param keyed Their requests with a key, in the same order; empty without a key.
 */
export function waitingChildren(
  id: string,
  plan: ParentPlan,
  requests: readonly unknown[],
  keyed: readonly KeyedRequest[] = [],
): Child[] {
  return plan.children.map((planned, index) => ({
    id: childOperationId(id, index + 1),
    planned,
    request: requests[index],
    keyed: keyed[index],
    name: planned.subject.name ?? planned.title,
    state: 'queued',
    isSent: false,
    hasBegun: false,
    isBarred: false,
    isForgotten: false,
    percent: null,
    error: null,
  }));
}
