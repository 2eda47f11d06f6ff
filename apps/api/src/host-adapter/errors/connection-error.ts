import { PipelineFailedError, PsrpError } from '@aether-v/psrp/core';
import { WsmanError } from '@aether-v/psrp/client';
import { HostOperationError } from './host-operation-error.ts';
import { pipelineProblem } from './pipeline-meaning.ts';
import { isShellGone, wsmanProblem } from './wsman-meaning.ts';

export { isShellGone } from './wsman-meaning.ts';

/**
 * Converts an error to a `HostOperationError`. Errors that come from neither PSRP nor WS-Management (such as the reason
 * of an aborted signal) are returned unchanged.
 *
 * @param began Whether an operation was in progress; false while connecting.
 * @param accepted Whether the host has accepted the operation, so that a refusal can only concern a later request.
 */
export function hostError(error: unknown, began: boolean, accepted = false): unknown {
  if (error instanceof PipelineFailedError) return pipelineError(error);
  if (error instanceof WsmanError) return wsmanError(error, began, accepted);
  if (!(error instanceof PsrpError)) return error;
  // The pool failed in a request that belongs to no operation, which reveals nothing about the operations.
  if (error.cause instanceof WsmanError) return wsmanError(error.cause, began, began);
  const ended = [error, error.cause].find(isProcessFailure);
  if (ended !== undefined) return processError(ended, began);
  if (error.code === 'pool-closed' || error.code === 'transport-ended')
    return HostOperationError.of('session-ended', { began, cause: error });
  const detail = `It reported: ${error.message}`;
  return HostOperationError.of('session-broken', { began, detail, cause: error });
}

function wsmanError(error: WsmanError, began: boolean, accepted: boolean): HostOperationError {
  if (isShellGone(error) && began) {
    return HostOperationError.of('session-ended', { began: accepted, cause: error });
  }
  const { problem, detail } = wsmanProblem(error);
  return HostOperationError.of(problem, {
    began: began && (accepted || error.started),
    detail,
    cause: error,
  });
}

function isProcessFailure(error: unknown): error is PsrpError {
  return error instanceof PsrpError && error.code === 'process-failed';
}

/** Explains a failure of the PowerShell process of `local:`. Only a process that could not be started has a cause. */
function processError(error: PsrpError, began: boolean): HostOperationError {
  const problem = error.cause === undefined ? 'powershell-ended' : 'powershell-missing';
  return HostOperationError.of(problem, { began, detail: `It reported: ${error.message}`, cause: error });
}

function pipelineError(error: PipelineFailedError): HostOperationError {
  const problem = pipelineProblem(error.errorRecord);
  // The agent ran only if it failed itself; all other problems prevent its command from being found or loaded.
  const began = problem !== 'agent-missing' && problem !== 'agent-unloadable';
  const detail = problem === 'agent-missing' ? '' : `It reported: ${error.message}`;
  return HostOperationError.of(problem, { began, detail, cause: error });
}
