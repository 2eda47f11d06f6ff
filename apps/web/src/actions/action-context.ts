import { createContext, use } from 'react';
import type { VmSummary } from '@aether-v/types';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';

export interface VmActions {
  /** Runs the command, after a confirmation if it can lose data. */
  readonly run: (command: OfferedVmCommand, vm: VmSummary) => void;
  /** Opens the menu of all actions of a VM at an element. */
  readonly openMenu: (vmId: string, at: HTMLElement) => void;
}

export const VmActionsContext = createContext<VmActions | null>(null);

export function useVmActions(): VmActions {
  const actions = use(VmActionsContext);
  if (!actions) throw new Error('VmActionsProvider is missing above this component.');
  return actions;
}
