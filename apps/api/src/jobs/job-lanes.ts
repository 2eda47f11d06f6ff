import PQueue from 'p-queue';

/** How many short operations run on one host at once. */
export const shortLanesPerHost = 4;

/** What waits for its turn. */
export interface LaneTask {
  readonly hostId: string;
  /** Jobs with the same turn run one after the other; null for those that do not wait. */
  readonly turn: string | null;
  readonly run: () => Promise<void>;
  /** Takes the task out of the queue while it still waits. */
  readonly signal: AbortSignal;
}

/** The order of work: four short lanes for each host, and one job at a time for each turn, such as a VM. */
export class JobLanes {
  readonly #hosts = new Map<string, PQueue>();
  readonly #turns = new Map<string, PQueue>();

  /** Runs the task when its turn comes. Resolves at its end, or when it was taken out. */
  async add({ hostId, turn, run, signal }: LaneTask): Promise<void> {
    // The turn comes first: a task that waits for a VM must not hold a lane of the host.
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
