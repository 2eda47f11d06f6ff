import type { Vm } from '@aether-v/types';
import type { ReactElement } from 'react';
import { useShownState } from '../fleet/fleet-context.ts';
import { conflictView, criticalView, movingView, vmStateViews } from './states.text.ts';
import { Status, type StatusView } from './status.tsx';

/** How a VM stands, by the one thing that matters most about it. */
function useVmStatusView(vm: Vm): StatusView {
  const state = useShownState(vm);
  if (vm.conflict) return conflictView;
  if (vm.critical) return criticalView;
  if (vm.moving) return movingView;
  const view = vmStateViews[state];
  return vm.stale ? { ...view, tone: 'quiet' } : view;
}

export function VmStatus({
  vm,
  iconOnly = false,
}: {
  readonly vm: Vm;
  readonly iconOnly?: boolean;
}): ReactElement {
  return <Status view={useVmStatusView(vm)} iconOnly={iconOnly} />;
}
