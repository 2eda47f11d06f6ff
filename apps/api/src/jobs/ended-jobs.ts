/** The retention limits of ended jobs: number, size, and minimum time. */
export interface RetentionLimits {
  readonly count: number;
  /** Total size of the rows as JSON. */
  readonly bytes: number;
  /** Minimum retention in milliseconds of a job whose accepted request returned a `Location`. */
  readonly keepFor: number;
}

/** The retention data of an ended job. */
export interface EndedJob {
  readonly id: string;
  /** The host to whose share the job counts. */
  readonly hostId: string;
  /** True if a caller may wait for it: a request since the start of the service created it or asked for it. */
  readonly isAwaited: boolean;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly bytes: number;
}

/** The ended jobs of one host. */
class Shelf {
  readonly jobs = new Map<string, EndedJob>();
  bytes = 0;

  oldest(): EndedJob | undefined {
    let oldest: EndedJob | undefined;
    for (const job of this.jobs.values()) if (oldest === undefined || isOlder(job, oldest)) oldest = job;
    return oldest;
  }
}

type Measure = (shelf: Shelf) => number;

/**
 * Decides which ended jobs are removed: the oldest of the host with the largest share, so that no host can displace the
 * jobs of another below an equal share. Jobs known only from hosts' journals are removed before those that were requested
 * here.
 */
export class EndedJobs {
  readonly #limits: RetentionLimits;
  readonly #told = new Map<string, Shelf>();
  readonly #awaited = new Map<string, Shelf>();
  readonly #jobs = new Map<string, EndedJob>();
  #bytes = 0;

  constructor(limits: RetentionLimits) {
    this.#limits = limits;
  }

  /** Adds or updates a job. @returns The ids of the jobs to remove, possibly including this one. */
  add(job: EndedJob, now: number): string[] {
    this.remove(job.id);
    const shelves = job.isAwaited ? this.#awaited : this.#told;
    const shelf = shelves.get(job.hostId) ?? new Shelf();
    shelves.set(job.hostId, shelf);
    shelf.jobs.set(job.id, job);
    shelf.bytes += job.bytes;
    this.#jobs.set(job.id, job);
    this.#bytes += job.bytes;
    const forgotten: string[] = [];
    for (let victim = this.#victim(now); victim !== undefined; victim = this.#victim(now)) {
      forgotten.push(victim.id);
      this.remove(victim.id);
    }
    return forgotten;
  }

  /** Stops tracking a job that continues or was removed. */
  remove(id: string): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    this.#jobs.delete(id);
    this.#bytes -= job.bytes;
    const shelves = job.isAwaited ? this.#awaited : this.#told;
    const shelf = shelves.get(job.hostId);
    if (shelf === undefined) return;
    shelf.jobs.delete(id);
    shelf.bytes -= job.bytes;
    if (shelf.jobs.size === 0) shelves.delete(job.hostId);
  }

  #victim(now: number): EndedJob | undefined {
    const isTooLarge = this.#bytes > this.#limits.bytes;
    if (!isTooLarge && this.#jobs.size <= this.#limits.count) return undefined;
    const measure: Measure = isTooLarge ? (shelf) => shelf.bytes : (shelf) => shelf.jobs.size;
    const told = oldestOfLargest(this.#told, measure, () => true);
    if (told !== undefined) return told;
    const keepFor = isTooLarge ? 0 : this.#limits.keepFor;
    return oldestOfLargest(this.#awaited, measure, (job) => now - job.endedAt >= keepFor);
  }
}

function oldestOfLargest(
  shelves: ReadonlyMap<string, Shelf>,
  measure: Measure,
  mayGo: (job: EndedJob) => boolean,
): EndedJob | undefined {
  let found: EndedJob | undefined;
  let most = -1;
  for (const shelf of shelves.values()) {
    const size = measure(shelf);
    if (size < most) continue;
    const oldest = shelf.oldest();
    if (oldest === undefined || !mayGo(oldest)) continue;
    if (size > most || found === undefined || isOlder(oldest, found)) found = oldest;
    most = size;
  }
  return found;
}

function isOlder(a: EndedJob, b: EndedJob): boolean {
  return a.endedAt !== b.endedAt ? a.endedAt < b.endedAt : a.id < b.id;
}
