import {
  activityBlock,
  commands,
  isActionAllowed,
  vmActionNames,
  vmActions,
  type VmSummary,
  type VmActionName,
  type VmState,
} from '@aether-v/types';
import { actionTexts } from './actions.text.ts';

/** An action on one VM as buttons and menus show it. */
export interface VmActionState {
  readonly name: VmActionName;
  readonly label: string;
  readonly canRun: boolean;
  /** A job for it has been accepted and the VM has not moved on yet. */
  readonly isRunning: boolean;
  /** Why it cannot be run now; null when it can. */
  readonly reason: string | null;
}

function reasonAgainst(name: VmActionName, vm: VmSummary, shown: VmState): string | null {
  if (vm.conflict) return actionTexts.conflict;
  if (vm.stale) return actionTexts.hostAway(vm.hostName);
  if (vm.moving) return actionTexts.moving;
  const block = activityBlock(vmActions[name].op, vm);
  if (block) return block.reason;
  if (isActionAllowed(name, { state: shown, critical: vm.critical })) return null;
  return vm.critical ? actionTexts.critical : actionTexts.wrongState(name, shown);
}

/** Every action of the table for this VM; `shown` is the state on screen, with what was asked for a moment ago. */
export function vmActionStates(vm: VmSummary, shown: VmState): readonly VmActionState[] {
  return vmActionNames.map((name) => {
    const { op, transition } = vmActions[name];
    const isRunning = shown !== vm.state && transition === shown;
    const reason = reasonAgainst(name, vm, shown);
    return { name, label: commands[op].label, canRun: reason === null, isRunning, reason };
  });
}

const firstFor: Partial<Record<VmState, VmActionName>> = {
  Off: 'start',
  Saved: 'start',
  FastSaved: 'start',
  Hibernated: 'start',
  Running: 'shutdown',
  Paused: 'resume',
  Starting: 'start',
  Resuming: 'resume',
};

/** The one action that a row offers beside its menu: what people most often want in this state. */
export function primaryAction(shown: VmState): VmActionName {
  return firstFor[shown] ?? 'shutdown';
}
