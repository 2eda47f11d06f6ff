import { isTransitional, vmActivityRules, type VmSummary, type VmState } from '@aether-v/types';
import { conflictView, criticalView, movingView, vmStateViews } from './states.text.ts';
import type { StatusView } from './status.tsx';

/** The state and the activity; transitions are too short to show both. */
function stateView({ activity }: VmSummary, state: VmState): StatusView {
  const view = vmStateViews[state];
  if (activity === null || isTransitional(state)) return view;
  return { icon: 'moving', word: `${view.word}, ${vmActivityRules[activity.kind].words}`, tone: 'busy' };
}

/** Returns the most significant status of a VM; `shown` is the state on screen. */
export function vmStatusView(vm: VmSummary, shown: VmState): StatusView {
  if (vm.conflict) return conflictView;
  if (vm.critical) return criticalView;
  if (vm.moving) return movingView;
  const view = stateView(vm, shown);
  return vm.stale ? { ...view, tone: 'quiet' } : view;
}
