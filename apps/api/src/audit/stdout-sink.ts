import type { AuditSink, SinkBatch } from './sink.ts';
import { writeAll } from './write-all.ts';

/**
 * Writes records to standard output. Not through `process.stdout`, which stays broken after its first error; a full disk
 * behind it can become free again.
 */
export class StdoutSink implements AuditSink {
  readonly name = 'stdout';
  readonly #descriptor: number;
  #isTorn = false;

  /** @param descriptor A file descriptor; 1 is standard output. */
  constructor(descriptor = 1) {
    this.#descriptor = descriptor;
  }

  async write({ lines }: SinkBatch): Promise<void> {
    // After a failed write a line may be incomplete; a line break keeps it apart from the next.
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${lines.map((line) => `${line}\n`).join('')}`);
    this.#isTorn = true;
    await writeAll(this.#descriptor, bytes);
    this.#isTorn = false;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
