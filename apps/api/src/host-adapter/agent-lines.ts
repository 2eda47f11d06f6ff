import type { Invocation, RunspacePool } from '@aether-v/psrp/client';
import { hostError, isShellGone } from './connection-error.ts';
import { HostOperationError } from './host-operation-error.ts';

/**
 * Runs what calls the agent and yields the lines that it writes.
 *
 * @throws HostOperationError if the pipeline fails; `onGone` is called first if the session went with it.
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
    if (isShellGone(error)) onGone();
    throw hostError(error, true, pipeline.accepted);
  }
  return undefined;
}

function notALine(): HostOperationError {
  return HostOperationError.of('agent-contract', {
    began: true,
    detail: 'It wrote an object instead of a line.',
  });
}
