import type { VmCheckpoint } from '@aether-v/types';

export interface Placed {
  readonly checkpoint: VmCheckpoint;
  /** 0 for the first of a chain. */
  readonly depth: number;
}

/** Checkpoints in the order of their tree, the oldest first among those with one parent. */
export function chainDepths(checkpoints: readonly VmCheckpoint[]): readonly Placed[] {
  const known = new Set(checkpoints.map(({ id }) => id));
  // A checkpoint whose parent is missing begins a chain, so that none is left out.
  const parentOf = ({ parentId }: VmCheckpoint): string | null =>
    parentId !== null && known.has(parentId) ? parentId : null;
  const children = Map.groupBy(
    [...checkpoints].sort((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? '')),
    parentOf,
  );
  const placed: Placed[] = [];
  const place = (parent: string | null, depth: number): void => {
    for (const checkpoint of children.get(parent) ?? []) {
      placed.push({ checkpoint, depth });
      place(checkpoint.id, depth + 1);
    }
  };
  place(null, 0);
  return placed;
}
