import type { PsValue } from '../clixml/index.ts';
import { abortable } from '../core/abortable.ts';

/** Input objects of a pipeline. */
export type PipelineInput = AsyncIterable<PsValue> | Iterable<PsValue>;

/** Receiver of input objects. */
export interface InputTarget {
  /** Queues a value. `full` is true if enough is queued for a call to the host. */
  queue(value: PsValue): { readonly full: boolean };
  /** Sends the queued values. */
  flush(): Promise<void>;
  /** Queues the end of the input and sends it. */
  end(): Promise<void>;
}

/**
 * Sends input until the input or the pipeline ends. If the pipeline ends first, `return()` of the iterator is called
 * and not awaited: its next value may never come.
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
      // Values of a synchronous iterable are sent in batches; an asynchronous one may pause, so its values are sent at
      // once.
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
    // The pipeline already has its result: there is no place to report this error.
  }
}
