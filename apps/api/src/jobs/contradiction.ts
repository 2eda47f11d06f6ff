import {
  commands,
  vmActionOf,
  vmActions,
  type ErrorInfo,
  type Job,
  type VmActionName,
  type VmState,
} from '@aether-v/types';

/** A fact that contradicts a success reported by a host. */
export interface Contradiction {
  /** True if the operation certainly did not have its effect; otherwise the outcome is unknown. */
  readonly isFailure: boolean;
  readonly error: ErrorInfo;
}

/** Compares the result of a job with its command; null if they are consistent. */
export function contradictionOf(
  { command, subject }: Pick<Job, 'command' | 'subject'>,
  result: unknown,
): Contradiction | null {
  if (typeof result !== 'object' || result === null) return null;
  const { kind, id } = subject;
  if (kind === 'vm' && id !== null && 'vmId' in result && result.vmId !== guidOf(id)) {
    return { isFailure: false, error: otherVm };
  }
  const action = vmActionOf(command);
  if (action === null || !('state' in result)) return null;
  const { allowedStates, target } = vmActions[action];
  // A VM may have changed since, but one in the initial state was not acted on.
  const before: readonly VmState[] = allowedStates;
  const isUnchanged = before.some((state) => state === result.state) && !before.includes(target);
  return isUnchanged ? { isFailure: true, error: unchanged(action, String(result.state)) } : null;
}

/** A row id is the GUID of the VM, followed by its host if several hosts have it. */
function guidOf(vmId: string): string {
  return vmId.split('@', 1)[0] ?? vmId;
}

const otherVm: ErrorInfo = {
  code: 'contract-violation',
  message: 'The host reported the result for a different VM, so the outcome is unknown.',
  remedy: 'Check the state of the VM before you try again.',
};

function unchanged(action: VmActionName, state: string): ErrorInfo {
  const { title } = commands[vmActions[action].op];
  return {
    code: 'conflict',
    message: `The host reported success (${title.toLowerCase()}), but the VM is ${state}.`,
    remedy: 'Check the state of the VM: it may have changed since then.',
  };
}
