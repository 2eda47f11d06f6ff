/** The scope in which a signature counts as used. */
export type ReplayScope = 'global' | 'target';

/** The VM and action of a request, which the scope `target` distinguishes. */
export interface MarkedTarget {
  /** The action as in the audit log: a command, or the route. */
  readonly action: string;
  readonly vm: string;
}

/**
 * Returns the mark of a signature. With the scope `target`, a mark of signature 1 is for one VM and action, which the
 * signature itself does not cover.
 */
export function markOf(hash: string, scope: ReplayScope, target: MarkedTarget | null): string {
  return scope === 'global' || target === null ? hash : `${hash} ${target.action} ${target.vm}`;
}
