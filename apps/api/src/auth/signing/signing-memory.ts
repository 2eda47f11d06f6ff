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

/** The known uses of signatures by earlier runs of the service. */
export interface EarlierUses {
  readonly signatures: readonly EarlierUse[];
  /** The time from which they are complete, in milliseconds since 1970; null if nothing is known. */
  readonly completeSince: number | null;
}

/** The time before the start from which earlier uses are needed, in milliseconds: twice the maximum age of a signature. */
export const recoveredAge = 2 * maxSignedAge;

/** The used signatures that are known at the start of the service. */
export interface SigningMemory {
  readonly marks: ReplayMarks;
  /** Changes that were signed before this time are refused, because an earlier run may have executed them. */
  readonly notBefore: number;
}

/** Restores the used signatures of earlier runs. */
export function restoreMemory(
  { signatures, completeSince }: EarlierUses,
  {
    scope,
    startedAt,
    now,
  }: { readonly scope: ReplayScope; readonly startedAt: number; readonly now: () => number },
): SigningMemory {
  const marks = new MemoryMarks(now);
  let notBefore = notBeforeOf(completeSince, startedAt);
  for (const { hash, action, vm, actor, at } of signatures) {
    // The record has the time of the request. The signed time may be later by at most the accepted lead.
    const expiresAt = at + maxSignedLead + maxSignedAge;
    if (expiresAt < now()) continue;
    for (const mark of new Set([hash, markOf(hash, scope, { action, vm: vm ?? '' })])) {
      const isFull = marks.claimNow({ mark, owner: actor, expiresAt }) === 'full';
      if (isFull) notBefore = Math.max(notBefore, at + maxSignedLead + 1);
    }
  }
  return { marks, notBefore };
}

function notBeforeOf(completeSince: number | null, startedAt: number): number {
  if (completeSince === null) return startedAt;
  return completeSince <= startedAt - recoveredAge ? Number.NEGATIVE_INFINITY : completeSince;
}
