import type { Host } from '@aether-v/types';
import { conflictView, connectionViews, nodeStateViews, nodeWord } from './states.text.ts';
import type { StatusView } from './status.tsx';

/** Returns the most significant status of a host: a conflict, its connection, or its state as a cluster node. */
export function hostStatusView({ conflict, connection, facts }: Host): StatusView {
  if (conflict) return conflictView;
  const view = connectionViews[connection.state];
  const node = facts?.nodeState ?? 'Up';
  if (connection.state !== 'connected' || node === 'Up') return view;
  return { ...nodeStateViews[node], word: nodeWord(nodeStateViews[node].word) };
}
