import { PipelineFailedError, PsrpError } from '@aether-v/psrp/core';
import { WsmanError } from '@aether-v/psrp/client';
import { HostOperationError } from './host-operation-error.ts';
import { pipelineProblem } from './pipeline-meaning.ts';
import { isShellGone, wsmanProblem } from './wsman-meaning.ts';

export { isShellGone } from './wsman-meaning.ts';

/**
 * The error in the words of the fleet. Whatever is no failure of PSRP or WS-Management (the reason of an aborted signal)
 * stays as it is.
 *
 * @param began Whether an operation was under way; false while connecting.
 * @param accepted Whether the host has taken the operation, so that only a later request can be what it refuses.
 */
export function hostError(error: unknown, began: boolean, accepted = false): unknown {
  if (error instanceof PipelineFailedError) return pipelineError(error);
  if (error instanceof WsmanError) return wsmanError(error, began, accepted);
  if (!(error instanceof PsrpError)) return error;
  // What broke the pool was a request of its own, which says nothing of the operations in it.
  if (error.cause instanceof WsmanError) return wsmanError(error.cause, began, began);
  const ended = [error, error.cause].find(isProcessFailure);
  if (ended !== undefined) return processError(ended, began);
  if (error.code === 'pool-closed' || error.code === 'transport-ended')
    return HostOperationError.of('session-ended', { began, cause: error });
  const detail = `It said: ${error.message}`;
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

/** What is said of the PowerShell process of `local:`. Only one that could not be started has a cause. */
function processError(error: PsrpError, began: boolean): HostOperationError {
  const problem = error.cause === undefined ? 'powershell-ended' : 'powershell-missing';
  return HostOperationError.of(problem, { began, detail: `It said: ${error.message}`, cause: error });
}

function pipelineError(error: PipelineFailedError): HostOperationError {
  const problem = pipelineProblem(error.errorRecord);
  // The agent ran only where it failed by itself: everything else keeps its command from being found or loaded.
  const began = problem !== 'agent-missing' && problem !== 'agent-unloadable';
  const detail = problem === 'agent-missing' ? '' : `It said: ${error.message}`;
  return HostOperationError.of(problem, { began, detail, cause: error });
}
