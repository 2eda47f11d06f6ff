import {
  commands,
  vmActionOf,
  vmActions,
  type ErrorInfo,
  type VmActionName,
  type VmState,
} from '@aether-v/types';

/** What speaks against a success that a host tells. */
export interface Contradiction {
  /** Whether the operation certainly did not do what it is for; otherwise its outcome is unknown. */
  readonly isFailure: boolean;
  readonly error: ErrorInfo;
}

/**
 * Compares the result that a host tells with what was asked for; null if nothing speaks against it.
 *
 * @param vmId The GUID, or the id of the row, of the VM that the operation was about; null if none was named.
 */
export function contradictionOf(op: string, vmId: string | null, result: unknown): Contradiction | null {
  if (typeof result !== 'object' || result === null) return null;
  if (vmId !== null && 'vmId' in result && result.vmId !== guidOf(vmId)) {
    return { isFailure: false, error: otherVm };
  }
  const action = vmActionOf(op);
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
