import type { VmCheckpoint } from '@aether-v/types';

/** A checkpoint and the number of its ancestors; 0 for the first of a chain. */
export interface Placed {
  readonly checkpoint: VmCheckpoint;
  readonly depth: number;
}

/**
 * Lists checkpoints in tree order, siblings oldest first. A checkpoint whose parent is not in the list is a root, as is
 * the first of a cycle. Each checkpoint is listed once, whatever its parents are.
 */
export function chainDepths(checkpoints: readonly VmCheckpoint[]): readonly Placed[] {
  const byId = new Map<string, VmCheckpoint>();
  const oldestFirst = [...checkpoints].sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
  for (const one of oldestFirst) if (!byId.has(one.id)) byId.set(one.id, one);
  const children = Map.groupBy(byId.values(), ({ parentId }) =>
    parentId !== null && byId.has(parentId) ? parentId : null,
  );
  const listed = new Map<string, Placed>();
  const listFrom = (root: VmCheckpoint): void => {
    const open: Placed[] = [{ checkpoint: root, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { checkpoint, depth } = next;
      if (listed.has(checkpoint.id)) continue;
      listed.set(checkpoint.id, next);
      for (const child of (children.get(checkpoint.id) ?? []).toReversed()) {
        open.push({ checkpoint: child, depth: depth + 1 });
      }
    }
  };
  for (const root of children.get(null) ?? []) listFrom(root);
  for (const left of byId.values()) if (!listed.has(left.id)) listFrom(left);
  return [...listed.values()];
}
