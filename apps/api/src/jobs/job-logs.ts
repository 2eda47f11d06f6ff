import type { JobLog, JobLogLine } from '@aether-v/types';

/** Limits of the kept job logs. */
export interface JobLogLimits {
  readonly linesPerJob: number;
  readonly bytes: number;
}

const defaultLimits: JobLogLimits = { linesPerJob: 5000, bytes: 64 * 1024 * 1024 };

/** The memory of a line in addition to its message, in bytes. */
const lineOverhead = 200;

interface Log {
  readonly hostId: string;
  lines: JobLogLine[];
  /** The number of the first line kept. */
  first: number;
}

/**
 * The full logs of jobs, with bounded memory: the latest lines of each job, and a total in bytes. Beyond it the host
 * that wrote most loses its oldest logs, so that a noisy host does not affect the others.
 */
export class JobLogs {
  readonly #limits: JobLogLimits;
  readonly #logs = new Map<string, Log>();
  readonly #bytesOfHosts = new Map<string, number>();
  #bytes = 0;

  constructor(limits: Partial<JobLogLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** The number and size of the kept logs. */
  get size(): { readonly jobs: number; readonly bytes: number } {
    return { jobs: this.#logs.size, bytes: this.#bytes };
  }

  /** Adds a line of a job. */
  add(jobId: string, hostId: string, line: JobLogLine): void {
    const log = this.#logs.get(jobId) ?? { hostId, lines: [], first: 0 };
    this.#logs.set(jobId, log);
    log.lines.push(line);
    this.#count(log, cost(line));
    // Drops a quarter at once, because removing the first line of a list costs as much as removing many.
    if (log.lines.length > this.#limits.linesPerJob) this.#drop(log, Math.ceil(log.lines.length / 4));
    while (this.#bytes > this.#limits.bytes && this.#dropOldest());
  }

  /** Returns a part of a job's log. */
  read(jobId: string, offset: number, limit: number): JobLog {
    const log = this.#logs.get(jobId);
    const [lines, first] = [log?.lines ?? [], log?.first ?? 0];
    const from = Math.max(offset, first);
    return {
      items: lines.slice(from - first, from - first + limit),
      offset: from,
      total: first + lines.length,
    };
  }

  /** Drops the log of a removed job. */
  forget(jobId: string): void {
    const log = this.#logs.get(jobId);
    if (log === undefined) return;
    this.#drop(log, log.lines.length);
    this.#logs.delete(jobId);
  }

  /** Drops the oldest log of the host that wrote most. @returns Whether there was one. */
  #dropOldest(): boolean {
    const [noisiest] = [...this.#bytesOfHosts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
    const oldest = this.#logs.values().find(({ hostId, lines }) => hostId === noisiest && lines.length > 0);
    if (oldest === undefined) return false;
    this.#drop(oldest, oldest.lines.length);
    return true;
  }

  #drop(log: Log, count: number): void {
    const dropped = log.lines.splice(0, count);
    log.first += dropped.length;
    this.#count(log, -dropped.reduce((bytes, line) => bytes + cost(line), 0));
  }

  #count(log: Log, bytes: number): void {
    this.#bytes += bytes;
    const ofHost = (this.#bytesOfHosts.get(log.hostId) ?? 0) + bytes;
    if (ofHost === 0) this.#bytesOfHosts.delete(log.hostId);
    else this.#bytesOfHosts.set(log.hostId, ofHost);
  }
}

function cost({ message }: JobLogLine): number {
  return 2 * message.length + lineOverhead;
}
