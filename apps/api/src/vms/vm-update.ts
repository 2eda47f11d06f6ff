import { memoryProblem, type Vm, type VmChanges } from '@aether-v/types';
import type { Caller } from '../commands/caller.decorator.ts';
import { ProblemError, validationFailed } from '../problems/problem-error.ts';
import { editableSettings, matchesTag } from './settings-tag.ts';
import type { VmCommandOrder } from './vm-command-order.ts';

/** The description of `If-Match` in the OpenAPI document. */
export const ifMatchDescription = {
  name: 'If-Match',
  required: false,
  description:
    'The `ETag` of the VM as it was read. It prevents the change from overwriting that of another caller.',
  schema: { type: 'string' },
} as const;

/**
 * Returns the command for changing settings. It is refused if the VM does not match `If-Match`; the host compares the
 * settings again immediately before the change.
 *
 * @throws ProblemError if the memory sizes contradict each other.
 */
export function updateOrder(
  vmId: string,
  changes: VmChanges,
  caller: Caller,
  ifMatch: string | undefined,
): VmCommandOrder {
  const problem = changes.memory === undefined ? null : memoryProblem(changes.memory);
  if (problem !== null) throw validationFailed([{ field: 'memory', message: `is invalid: ${problem}` }]);
  const order = { command: 'vm.update', vmId, options: { changes }, caller } as const;
  if (ifMatch === undefined) return order;
  return {
    ...order,
    ifMatch: ifMatch.trim(),
    check: (vm) => (matchesTag(ifMatch, vm) ? null : changed(vm)),
    complete: (vm) => (ifMatch.trim() === '*' ? {} : { expected: editableSettings(vm) }),
  };
}

function changed({ name }: Readonly<Vm>): ProblemError {
  const detail = `The settings of ${name} have changed since they were read. Nothing was changed. Read the VM again, then repeat the change.`;
  return new ProblemError('precondition-failed', detail);
}
