import type { Cancel, Clock } from '../common/clock.ts';
import { reasonOf, type AuditSink, type SinkBatch } from './sink.ts';

interface PendingLine {
  readonly line: string;
  readonly rotates: boolean;
}

/** The maximum number of lines per write. */
const maxBatch = 512;
/** Time between two attempts to write to a failing sink, in milliseconds. */
const retryDelay = 1000;

/**
 * Writes lines to one sink in order. Lines that arrive during a write share the next one, and its fsync (group commit):
 * a line waits for at most one write of others. Lines stay until the sink accepts them.
 */
export class SinkQueue {
  readonly sink: AuditSink;
  readonly #clock: Clock;
  readonly #onChange: (problem: string | null) => void;
  readonly #pending: PendingLine[] = [];
  #pushed = 0;
  #accepted = 0;
  #writing: Promise<void> | undefined;
  #problem: string | null = null;
  #retry: Cancel | undefined;

  /** @param onChange Is told the reason when the sink begins to fail, and null when it works again. */
  constructor(sink: AuditSink, clock: Clock, onChange: (problem: string | null) => void) {
    this.sink = sink;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  /** The number of lines that the sink has not accepted. */
  get size(): number {
    return this.#pending.length;
  }

  /** The reason why the sink fails; null if it works. */
  get problem(): string | null {
    return this.#problem;
  }

  push(line: string, rotates: boolean): void {
    this.#pending.push({ line, rotates });
    this.#pushed += 1;
  }

  /** Resolves when the sink has accepted every line pushed so far. @throws Error of the sink. */
  async flush(): Promise<void> {
    const until = this.#pushed;
    while (this.#accepted < until) await this.#write();
  }

  /** Reports a sink that does not answer as failing. */
  fail(problem: string): void {
    if (this.#problem === null) this.#onChange(problem);
    this.#problem = problem;
  }

  async close(): Promise<void> {
    this.#retry?.();
    await this.sink.close();
  }

  /** Writes the next lines; callers during a write share it. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    // Lets everything that is ready in this turn of the event loop join.
    await new Promise((resolve) => setImmediate(resolve));
    const batch = this.#nextBatch();
    try {
      await this.sink.write(batch);
    } catch (error) {
      this.fail(reasonOf(error));
      this.#retryLater();
      throw error;
    }
    this.#pending.splice(0, batch.lines.length);
    this.#accepted += batch.lines.length;
    if (this.#problem !== null) this.#onChange(null);
    this.#problem = null;
  }

  /** A batch ends where the file does. */
  #nextBatch(): SinkBatch {
    const next = this.#pending.slice(0, maxBatch);
    const end = next.findIndex(({ rotates }) => rotates);
    const lines = (end < 0 ? next : next.slice(0, end + 1)).map(({ line }) => line);
    return { lines, rotates: end >= 0 };
  }

  #retryLater(): void {
    this.#retry?.();
    this.#retry = this.#clock.schedule(retryDelay, () => void this.flush().catch(() => undefined));
  }
}
