import { createContext, use } from 'react';
import type { VmSummary, VmActionName } from '@aether-v/types';

export interface VmActions {
  /** Runs the action, after asking when it can lose data. */
  readonly run: (action: VmActionName, vm: VmSummary) => void;
  /** Opens the menu of all actions of a VM at an element. */
  readonly openMenu: (vmId: string, at: HTMLElement) => void;
}

export const VmActionsContext = createContext<VmActions | null>(null);

export function useVmActions(): VmActions {
  const actions = use(VmActionsContext);
  if (!actions) throw new Error('There is no VmActionsProvider above this component.');
  return actions;
}
