import { commandRow, vmActionOf, vmActions, type VmState, type VmSummary } from '@aether-v/types';
import { offeredForms } from '../actions/offered-forms.ts';
import { reasonAgainst, type WhyNot } from '../actions/vm-action.ts';
import { isReplica } from '../components/replica.ts';
import { vmStateWords } from '../components/states.text.ts';
import { bulkTexts as texts } from './bulk.text.ts';
import { offeredBulkCommands, type OfferedBulkCommand } from './offered-bulk-commands.ts';

/** A command for the selected VMs. */
export interface BulkAction {
  readonly command: OfferedBulkCommand;
  /** The VMs for which it is possible. */
  readonly vms: readonly VmSummary[];
  /** The number of VMs that are left out, by reason, in words. */
  readonly leftOut: readonly string[];
  /** In words: `Start 3 of 5: 2 already running`. */
  readonly summary: string;
  /** The reason why the command is possible for no VM; null if it is possible for some. */
  readonly reason: string | null;
}

/** The service's limit of VMs in one request. */
export const mostVms = 200;

const forms = new Map<string, (typeof offeredForms)[number]>(
  offeredForms.map((form) => [form.command, form]),
);

/** Returns the reason why a command is not possible for a VM; null if it is. */
function reasonOf(command: OfferedBulkCommand, vm: VmSummary, shown: VmState): string | null {
  const form = forms.get(command);
  return reasonAgainst(command, vm, shown, () => null, form?.inAnyState) ?? form?.whyNot?.(vm) ?? null;
}

/** Returns the reason why a VM is left out, as a short text by which VMs are counted. */
function reasonWord(command: OfferedBulkCommand, vm: VmSummary, shown: VmState): (count: number) => string {
  const { reasons } = texts;
  if (vm.conflict) return reasons.conflict;
  if (vm.stale) return reasons.unreachable;
  if (vm.moving || vm.activity) return reasons.busy;
  if (command === 'vm.start' && isReplica(vm)) return reasons.replica;
  if (command === 'vm.move' && vm.clusterRole === null) return reasons.notClustered;
  if (vm.critical) return reasons.critical;
  const action = vmActionOf(command);
  const isReached = action !== null && vmActions[action].target === shown;
  const word = vmStateWords[shown];
  return (count) => (isReached ? reasons.already : reasons.state)(count, word);
}

/** Returns every command that the console offers, with the VMs for which it is possible and why others are left out. */
export function bulkActions(
  vms: readonly VmSummary[],
  shownState: (vm: VmSummary) => VmState,
  whyNot: WhyNot,
): readonly BulkAction[] {
  return offeredBulkCommands.map((command) => {
    const notPermitted = whyNot(commandRow(command).permission);
    const possible: VmSummary[] = [];
    const counts = new Map<string, { count: number; text: (count: number) => string }>();
    for (const vm of vms) {
      const shown = shownState(vm);
      if (reasonOf(command, vm, shown) === null) {
        possible.push(vm);
        continue;
      }
      const text = reasonWord(command, vm, shown);
      const known = counts.get(text(0));
      counts.set(text(0), { count: (known?.count ?? 0) + 1, text });
    }
    const leftOut = [...counts.values()].map(({ count, text }) => text(count));
    const summary = texts.summary(command, possible.length, vms.length, leftOut);
    const reason =
      notPermitted ??
      (possible.length === 0 ? summary : possible.length > mostVms ? texts.tooMany(mostVms) : null);
    return { command, vms: possible, leftOut, summary, reason };
  });
}
