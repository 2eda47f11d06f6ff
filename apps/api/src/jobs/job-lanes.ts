import PQueue from 'p-queue';

/** Concurrent short operations on one host. */
export const shortLanesPerHost = 4;

/** A task in a lane. */
export interface LaneTask {
  readonly hostId: string;
  /** Jobs with the same turn run one after the other; null for those that do not wait for each other. */
  readonly turn: string | null;
  readonly run: () => Promise<void>;
  /** Removes the task from the queue if it has not started. */
  readonly signal: AbortSignal;
}

/** Schedules work: four short lanes per host, and one job at a time per turn, such as a VM. */
export class JobLanes {
  readonly #hosts = new Map<string, PQueue>();
  readonly #turns = new Map<string, PQueue>();

  /** Runs the task when it reaches the front of its lane. Resolves when it has ended or was removed. */
  async add({ hostId, turn, run, signal }: LaneTask): Promise<void> {
    // The turn comes first: a task that waits for a VM must not occupy a lane of the host.
    const onHost = (): Promise<void> => takeTurn(this.#hosts, hostId, shortLanesPerHost, run, signal);
    await (turn === null ? onHost() : takeTurn(this.#turns, turn, 1, onHost, signal));
  }
}

async function takeTurn(
  queues: Map<string, PQueue>,
  key: string,
  concurrency: number,
  run: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const queue = queues.get(key) ?? new PQueue({ concurrency });
  queues.set(key, queue);
  try {
    await queue.add(() => (signal.aborted ? Promise.resolve() : run()), { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    const isIdle = queue.size === 0 && queue.pending === 0;
    if (isIdle && queues.get(key) === queue) queues.delete(key);
  }
}
