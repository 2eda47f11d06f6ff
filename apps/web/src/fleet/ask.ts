import { ApiProblem, CommandWithdrawn, ServiceUnreachable, toProblem } from './problem.ts';

/** The result of the generated client: data, or an error with its response, if there was one. */
export interface Answer<T> {
  readonly data?: T | undefined;
  readonly error?: unknown;
  readonly response?: Response | undefined;
}

/** Longer than any response should take, and shorter than a person waits. */
const answerWithinMs = 20_000;

/**
 * A person who clicked expects the effect now. A browser may hold a request back, as with six connections to one
 * service; a command that waits longer than this is withdrawn instead of taking effect when no one expects it.
 */
const commandWithinMs = 3_000;

let onProblem: (problem: ApiProblem) => void = () => undefined;

/** Sets the listener for all refused requests: the session, which may have ended. */
export function listenForProblems(listener: (problem: ApiProblem) => void): void {
  onProblem = listener;
}

/** Waits for a response and throws failures: `ApiProblem` or `ServiceUnreachable`. */
export async function ask<T>(
  send: (signal: AbortSignal) => Promise<Answer<T>>,
  signal?: AbortSignal,
  withinMs = answerWithinMs,
): Promise<{ readonly data: T; readonly response: Response }> {
  const deadline = AbortSignal.timeout(withinMs);
  const { data, error, response } = await send(signal ? AbortSignal.any([signal, deadline]) : deadline);
  signal?.throwIfAborted();
  if (!response) throw new ServiceUnreachable(error);
  if (!response.ok) {
    const problem = toProblem(response.status, error);
    if (problem instanceof ApiProblem) onProblem(problem);
    throw problem;
  }
  if (data === undefined) throw new ServiceUnreachable(error);
  return { data, response };
}

/**
 * Sends a command, and waits for its acceptance.
 * @throws CommandWithdrawn after three seconds without a response; the request is not sent later.
 */
export async function askToAct<T>(
  send: (signal: AbortSignal) => Promise<Answer<T>>,
): Promise<{ readonly data: T; readonly response: Response }> {
  const begun = performance.now();
  try {
    return await ask(send, undefined, commandWithinMs);
  } catch (error) {
    const isLate = performance.now() - begun >= commandWithinMs;
    throw error instanceof ServiceUnreachable && isLate ? new CommandWithdrawn(error) : error;
  }
}
