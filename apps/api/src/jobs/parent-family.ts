import type { CommandName, CommandRequest, ErrorInfo } from '@aether-v/types';
import { childOperationId } from '../common/operation-id.ts';
import type { KeyedRequest } from './idempotency.ts';
import type { JobOrder } from './job-queue.ts';
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

/** Returns the parts of a child's order that do not depend on the version of the service. @param index From 0. */
export function childOrder(
  { id, children, actor, acceptedAt, isPlanKept, isRestored, planText }: Family,
  index: number,
  { planned, request, keyed }: Child,
): Omit<JobOrder, 'command' | 'subject' | 'onBegun'> {
  const parent = { id, number: index + 1, of: children.length };
  return {
    // Checked when the parent was accepted, and signed by this service in the journal; the host checks it again.
    request: request as CommandRequest<CommandName>,
    hostId: planned.hostId,
    actor,
    acceptedAt,
    keyed,
    parent: isPlanKept ? parent : { ...parent, plan: planText },
    mayHaveBegun: isRestored,
  };
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
