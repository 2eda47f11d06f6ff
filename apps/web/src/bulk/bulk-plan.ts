import type { BulkPlan, Plan, VmSummary } from '@aether-v/types';

/** A VM of a dry run. */
export interface PlannedVm {
  readonly vm: VmSummary;
  readonly plan: Plan;
  /** True if its agent is too old for a dry run; the command itself may be possible. */
  readonly isUnchecked: boolean;
}

/** A dry run for several VMs: those for which the command is possible, and the others. */
export interface PlannedVms {
  readonly possible: readonly PlannedVm[];
  readonly leftOut: readonly PlannedVm[];
}

/** Returns the VMs of a dry run by their result; the plans are in the order of the request. */
export function plannedVms(vms: readonly VmSummary[], plan: BulkPlan | null): PlannedVms {
  const planned = vms.flatMap((vm, index): PlannedVm[] => {
    const own = plan?.items[index];
    if (!own) return [];
    const isUnchecked = !own.ok && own.refusals.every(({ code }) => code === 'not-supported');
    return [{ vm, plan: own, isUnchecked }];
  });
  const isPossible = ({ plan: own, isUnchecked }: PlannedVm): boolean => own.ok || isUnchecked;
  return { possible: planned.filter(isPossible), leftOut: planned.filter((one) => !isPossible(one)) };
}
