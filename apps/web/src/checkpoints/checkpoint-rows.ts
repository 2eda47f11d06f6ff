import type { VmCheckpoint } from '@aether-v/types';
import { chainDepths } from './checkpoint-chain.ts';

/** A row of the tree: a checkpoint, or the current state of the VM. */
export type CheckpointRow =
  | {
      readonly checkpoint: VmCheckpoint;
      readonly depth: number;
      /** The checkpoints based on it, also indirectly. */
      readonly descendants: readonly VmCheckpoint[];
    }
  | { readonly checkpoint: null; readonly depth: number };

/**
 * Lists checkpoints in tree order, each with its descendants. The current state is the last child of the checkpoint it
 * is based on; without one, it ends the list.
 */
export function checkpointRows(checkpoints: readonly VmCheckpoint[]): readonly CheckpointRow[] {
  const chain = chainDepths(checkpoints);
  const rows: CheckpointRow[] = [];
  let now: number | null = null;
  for (const [index, { checkpoint, depth }] of chain.entries()) {
    const rest = chain.slice(index + 1);
    const end = rest.findIndex((later) => later.depth <= depth);
    const descendants = (end === -1 ? rest : rest.slice(0, end)).map((placed) => placed.checkpoint);
    rows.push({ checkpoint, depth, descendants });
    if (checkpoint.current && now === null) now = rows.length + descendants.length;
  }
  const current = rows.find((row) => row.checkpoint?.current);
  const present: CheckpointRow = { checkpoint: null, depth: current ? current.depth + 1 : 0 };
  return now === null ? [...rows, present] : rows.toSpliced(now, 0, present);
}
