import type { VmCommandName, VmSummary } from '@aether-v/types';
import { reasonAgainst } from '../actions/vm-action.ts';
import { useShownState } from '../fleet/fleet-context.ts';
import { useWhyNot } from '../session/session-context.ts';

/** Returns a function that explains why a command cannot be sent to the VM now; it returns null if it can. */
export function useCommandReason(
  vm: VmSummary,
): (command: VmCommandName, inAnyState?: boolean) => string | null {
  const whyNot = useWhyNot();
  const shown = useShownState(vm);
  return (command, inAnyState) => reasonAgainst(command, vm, shown, whyNot, inAnyState);
}
