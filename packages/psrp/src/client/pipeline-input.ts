import type { PsValue } from '../clixml/index.ts';
import { abortable } from '../core/abortable.ts';

/** What a pipeline reads from its caller. */
export type PipelineInput = AsyncIterable<PsValue> | Iterable<PsValue>;

/** Where input goes. */
export interface InputTarget {
  /** Queues a value; `full` says whether enough waits to be worth a call to the host. */
  queue(value: PsValue): { readonly full: boolean };
  /** Sends what is queued. */
  flush(): Promise<void>;
  /** Queues the end and sends it. */
  end(): Promise<void>;
}

/**
 * Sends input until it ends or the pipeline does. An iterator that is still waiting then is told to return and not waited
 * for: its next value may never come.
 *
 * @param ended aborted when the pipeline has ended.
 */
export async function sendInput(
  input: PipelineInput,
  target: InputTarget,
  ended: AbortSignal,
): Promise<void> {
  const isAsync = Symbol.asyncIterator in input;
  const iterator = isAsync ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
  let finished = false;
  try {
    while (!ended.aborted) {
      const next = Promise.resolve(iterator.next());
      const result = await (isAsync ? abortable(next, ended) : next);
      if (result.done === true) {
        finished = true;
        await target.end();
        return;
      }
      const { full } = target.queue(result.value);
      // Values that a list holds travel together; one that was waited for must not wait in its turn.
      if (full || isAsync) await target.flush();
    }
  } finally {
    if (!finished) void giveUp(iterator);
  }
}

async function giveUp(iterator: Iterator<PsValue> | AsyncIterator<PsValue>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The pipeline has its result already; what the input makes of being left has nobody to go to.
  }
}
