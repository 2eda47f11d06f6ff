import {
  commands,
  vmActionOf,
  vmActions,
  type ErrorInfo,
  type Job,
  type VmActionName,
  type VmState,
} from '@aether-v/types';

/** What speaks against a success that a host tells. */
export interface Contradiction {
  /** Whether the operation certainly did not do what it is for; otherwise its outcome is unknown. */
  readonly isFailure: boolean;
  readonly error: ErrorInfo;
}

/** Compares the result of a job with its command; null if nothing contradicts it. */
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
  // A VM may have been changed since; what stands where the action began from was not acted on.
  const before: readonly VmState[] = allowedStates;
  const isUnchanged = before.some((state) => state === result.state) && !before.includes(target);
  return isUnchanged ? { isFailure: true, error: unchanged(action, String(result.state)) } : null;
}

/** The id of a row is the GUID of the VM, with its host where several have it. */
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
    remedy: 'Check the VM: it may have been changed since.',
  };
}
