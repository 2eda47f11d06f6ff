import type { JournalEntry } from '@aether-v/types';

/** A step that a host took. */
export interface Step {
  readonly hostId: string;
  readonly action: string;
  /** Empty for the creation of a VM, which has no id before. */
  readonly vmId: string;
}

/** The journal entry of a host, as far as it says which steps were begun. */
export interface StepEntry extends Pick<JournalEntry, 'op' | 'vmId' | 'state' | 'message'> {
  readonly hostId: string;
}

interface Rule {
  readonly action: string;
  /** Returns whether an operation may have taken the step. Each takes it at most once. */
  readonly mayTake: (entry: StepEntry) => boolean;
  /** The operation that cannot succeed without the step. */
  readonly needs: string;
  /** Returns what entries and steps are grouped by. */
  readonly key: (one: Step | StepEntry) => string;
}

/** A refused operation has begun no step, and has no message about one. */
const begun = (op: string) => (entry: StepEntry) => entry.op === op && entry.message !== null;
const byVm = ({ vmId }: Step | StepEntry): string => vmId ?? '';

const rules: readonly Rule[] = [
  {
    action: 'newVm',
    // The id of the VM is recorded after the step; without it, the step itself can have failed.
    mayTake: (entry) =>
      begun('vm.create')(entry) &&
      (entry.vmId !== null || entry.message?.startsWith('Create the VM') === true),
    needs: 'vm.create',
    key: ({ hostId }) => hostId,
  },
  {
    action: 'checkpointVm',
    mayTake: begun('checkpoint.create'),
    needs: 'checkpoint.create',
    key: byVm,
  },
  { action: 'moveVmRole', mayTake: begun('cluster.moveVm'), needs: 'cluster.moveVm', key: byVm },
  {
    action: 'removeVm',
    // A creation that does not succeed removes its VM again.
    mayTake: (entry) =>
      begun('vm.delete')(entry) ||
      (entry.op === 'vm.create' && entry.vmId !== null && entry.state !== 'succeeded'),
    needs: 'vm.delete',
    key: byVm,
  },
];

/**
 * Compares the steps of hosts with the operations in their journals, for each VM (creations: for each host); returns
 * what contradicts, in sentences.
 */
export function stepContradictions(entries: readonly StepEntry[], steps: readonly Step[]): string[] {
  return rules.flatMap(({ action, mayTake, needs, key }) => {
    const taken = countBy(
      steps.filter((step) => step.action === action),
      key,
    );
    const possible = countBy(entries.filter(mayTake), key);
    const succeeded = countBy(
      entries.filter(({ op, state }) => op === needs && state === 'succeeded'),
      key,
    );
    const keys = new Set([...taken.keys(), ...succeeded.keys()]);
    return [...keys].flatMap((one) => {
      const [times, most, least] = [taken, possible, succeeded].map((counts) => counts.get(one) ?? 0) as [
        number,
        number,
        number,
      ];
      return [
        ...(times > most ? [`${action} was taken ${times} times for ${one}, by ${most} operations.`] : []),
        ...(times < least
          ? [`${least} operations ${needs} for ${one} succeeded with ${times} × ${action}.`]
          : []),
      ];
    });
  });
}

function countBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
