import type { Machine } from './machine.ts';

const stepMs = 5_000;

/** Runs a merge of disks (after a checkpoint was deleted) to its end, one or two percent at a time. */
export function runMerge(machine: Machine): void {
  const { activity } = machine.condition;
  if (activity?.kind !== 'MergingDisks') return;
  machine.background(stepMs, () => {
    const percent = (activity.percent ?? 0) + machine.surroundings.random.integer(1, 2);
    machine.become({ activity: percent >= 100 ? null : { kind: 'MergingDisks', percent } });
    runMerge(machine);
  });
}
