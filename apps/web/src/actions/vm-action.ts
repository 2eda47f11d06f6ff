import { activityBlock, commands, isCommandAllowed, type VmSummary, type VmState } from '@aether-v/types';
import { offeredCommands, type OfferedCommand } from '../fleet/vm-commands.ts';
import { actionTexts } from './actions.text.ts';

/** A command about one VM as buttons and menus show it. */
export interface VmActionState {
  readonly name: OfferedCommand;
  readonly label: string;
  readonly canRun: boolean;
  /** Why it cannot be run now; null when it can. */
  readonly reason: string | null;
}

function reasonAgainst(name: OfferedCommand, vm: VmSummary, shown: VmState): string | null {
  if (vm.conflict) return actionTexts.conflict;
  if (vm.stale) return actionTexts.hostUnreachable(vm.hostName);
  if (vm.moving) return actionTexts.moving;
  const block = activityBlock(name, vm);
  if (block) return block.reason;
  if (isCommandAllowed(name, { state: shown, critical: vm.critical })) return null;
  return vm.critical ? actionTexts.critical : actionTexts.wrongState(name, shown);
}

/** Every command that is offered for this VM; `shown` is the state on screen, with what was asked for a moment ago. */
export function vmActionStates(vm: VmSummary, shown: VmState): readonly VmActionState[] {
  return offeredCommands.map((name) => {
    const reason = reasonAgainst(name, vm, shown);
    return { name, label: commands[name].label, canRun: reason === null, reason };
  });
}

const firstFor: Partial<Record<VmState, OfferedCommand>> = {
  Off: 'vm.start',
  Saved: 'vm.start',
  FastSaved: 'vm.start',
  Hibernated: 'vm.start',
  Running: 'vm.shutdown',
  Paused: 'vm.resume',
  Starting: 'vm.start',
  Resuming: 'vm.resume',
};

/** The one action that a row offers beside its menu: what people most often want in this state. */
export function primaryAction(shown: VmState): OfferedCommand {
  return firstFor[shown] ?? 'vm.shutdown';
}
