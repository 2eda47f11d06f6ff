import type { Plan } from '@aether-v/types';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { wait } from '../fleet/wait.ts';
import { planChange, type VmChange } from './changes.ts';
import { Planner, type PlannerPorts, type PlanState } from './planner.ts';

/** The latest plan of a form, and a function that requests it once more. */
export interface CheckedPlan<P = Plan> extends PlanState<P> {
  readonly again: () => void;
}

/**
 * Returns the plan of an input as it is typed. `basis` is a text that changes when the same input has to be checked
 * again, such as the state of the VM.
 */
export function usePlanOf<T, P = Plan>(
  plan: PlannerPorts<T, P>['plan'],
  input: T | null,
  basis = '',
): CheckedPlan<P> {
  const [planner] = useState(() => new Planner<T, P>({ plan, wait }));
  const text = JSON.stringify(input);
  useEffect(() => {
    planner.want(JSON.parse(text) as T | null, basis);
  }, [planner, text, basis]);
  useEffect(() => () => planner.stop(), [planner]);
  const state = useSyncExternalStore(planner.subscribe, planner.state);
  return { ...state, again: () => planner.again(input, basis) };
}

/** Returns the plan of a change of a VM. */
export function usePlan(change: VmChange | null, basis = ''): CheckedPlan {
  return usePlanOf(planChange, change, basis);
}
