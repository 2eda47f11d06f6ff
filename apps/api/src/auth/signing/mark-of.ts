/** The scope in which a signature counts as used. */
export type ReplayScope = 'global' | 'target';

/** The use that the scope `target` tells apart. */
export interface MarkedTarget {
  /** The action as in the audit log: a command, or the route. */
  readonly action: string;
  readonly vm: string;
}

/**
 * Returns the mark of a signature. With the scope `target`, signature 1 is marked for the VM and action of its request,
 * because it covers neither; signature 2 always is for one request only.
 */
export function markOf(hash: string, scope: ReplayScope, target: MarkedTarget | null): string {
  return scope === 'global' || target === null ? hash : `${hash} ${target.action} ${target.vm}`;
}
