import { createContext, use } from 'react';
import type { VmSummary } from '@aether-v/types';
import type { VmFormName } from './offered-forms.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';

/** A point on the screen, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface VmActions {
  /** Runs the command, after a confirmation if it interrupts services or can lose data. */
  readonly run: (command: OfferedVmCommand, vm: VmSummary) => void;
  /** Opens the form of a command; the focused element then gets the focus back. */
  readonly openForm: (form: VmFormName, vmId: string) => void;
  /** Opens the menu of all actions of a VM at an element, or at a point in it; the element then gets the focus back. */
  readonly openMenu: (vmId: string, at: HTMLElement, point?: Point) => void;
}

export const VmActionsContext = createContext<VmActions | null>(null);

export function useVmActions(): VmActions {
  const actions = use(VmActionsContext);
  if (!actions) throw new Error('VmActionsProvider is missing above this component.');
  return actions;
}
