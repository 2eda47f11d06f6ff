import { markOf, type ReplayScope } from './mark-of.ts';
import { MemoryMarks, type ReplayMarks } from './replay-marks.ts';
import { maxSignedAge, maxSignedLead } from './signed-time.ts';

/** A signature that an earlier run of the service recorded. */
interface EarlierUse {
  readonly hash: string;
  readonly action: string;
  readonly vm: string | null;
  readonly actor: string;
  readonly at: number;
}

/** The earlier uses of signatures, as far as they are known. */
export interface EarlierUses {
  readonly signatures: readonly EarlierUse[];
  /** The time since when they are complete, in milliseconds since 1970; null if nothing is known. */
  readonly completeSince: number | null;
}

/** Time in milliseconds before the start from which earlier uses are needed; twice the age that signatures can have. */
export const recoveredAge = 2 * maxSignedAge;

/** The memory of used signatures at the start of the service. */
export interface SigningMemory {
  readonly marks: ReplayMarks;
  /** Changes that were signed before this time are refused, as an earlier run may have executed them. */
  readonly notBefore: number;
}

/** Restores the memory of an earlier run. */
export function restoreMemory(
  { signatures, completeSince }: EarlierUses,
  {
    scope,
    startedAt,
    now,
  }: { readonly scope: ReplayScope; readonly startedAt: number; readonly now: () => number },
): SigningMemory {
  const marks = new MemoryMarks(now);
  for (const { hash, action, vm, actor, at } of signatures) {
    // The record has the time of the request, which the signed time is ahead of by at most the allowed lead.
    const use = { owner: actor, expiresAt: at + maxSignedLead + maxSignedAge };
    for (const mark of new Set([hash, markOf(hash, scope, { action, vm: vm ?? '' })])) {
      marks.claimNow({ ...use, mark });
    }
  }
  return { marks, notBefore: notBeforeOf(completeSince, startedAt) };
}

function notBeforeOf(completeSince: number | null, startedAt: number): number {
  if (completeSince === null) return startedAt;
  return completeSince <= startedAt - recoveredAge ? Number.NEGATIVE_INFINITY : completeSince;
}
