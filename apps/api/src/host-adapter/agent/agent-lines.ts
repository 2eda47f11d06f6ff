import type { Invocation, RunspacePool } from '@aether-v/psrp/client';
import { PsrpError, type PsrpErrorCode } from '@aether-v/psrp/core';
import { hostError, isShellGone } from '../errors/connection-error.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';

/**
 * Runs an invocation of the agent and yields the lines it writes.
 *
 * @throws HostOperationError if the pipeline fails; `onGone` is called first if the session was lost with it.
 */
export async function* agentLines(
  pool: RunspacePool,
  invocation: Invocation,
  signal: AbortSignal,
  onGone: () => void,
): AsyncGenerator<string, undefined> {
  const pipeline = pool.invoke(invocation, { signal });
  try {
    for await (const line of pipeline.output) {
      if (typeof line !== 'string') throw notALine();
      yield line;
    }
    await pipeline.completed;
  } catch (error) {
    if (pool.state === 'Opened' && isUnreadable(error)) throw unreadable(error);
    if (isShellGone(error)) onGone();
    throw hostError(error, true, pipeline.accepted);
  }
  return undefined;
}

/** Errors confined to one pipeline's stream; the pool and its other pipelines continue. */
const unreadableCodes: ReadonlySet<PsrpErrorCode> = new Set([
  'fragment-malformed',
  'fragment-gap',
  'fragment-duplicate',
  'object-too-large',
  'message-malformed',
  'message-unexpected',
]);

function isUnreadable(error: unknown): error is PsrpError {
  return error instanceof PsrpError && unreadableCodes.has(error.code);
}

function unreadable(error: PsrpError): HostOperationError {
  const detail = `Its response cannot be read: ${error.message}`;
  return HostOperationError.of('agent-contract', { began: true, detail, cause: error });
}

function notALine(): HostOperationError {
  return HostOperationError.of('agent-contract', {
    began: true,
    detail: 'It sent an object instead of a line of text.',
  });
}
