import type { KeyObject } from 'node:crypto';
import { timestamp, type AuditHead } from '@aether-v/types';
import type { Cancel, Clock } from '../common/clock.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { AuditLog, type AuditEntry } from './audit-log.ts';
import type { Beginning } from './beginning.ts';
import { AuditChain, ownEntry } from './chain.ts';
import type { PublicKey } from './signature.ts';
import { SinkQueue } from './sink-queue.ts';
import type { AuditSink } from './sink.ts';

/** Parts of an audit trail. */
export interface AuditTrailOptions {
  readonly sinks: readonly { readonly sink: AuditSink; readonly isRequired: boolean }[];
  readonly privateKey: KeyObject;
  readonly clock: Clock;
  /** The size at which a new file begins, in bytes. */
  readonly fileBytes: number;
  readonly readBeginning: () => Beginning;
  /** Is given every line, before any sink. */
  readonly onLine: (line: string) => void;
  readonly onStart: (key: PublicKey) => void;
  readonly onSinkChange: (name: AuditSink['name'], problem: string | null) => void;
}

/** The maximum number of records that a sink has not accepted. Above half of it, no more changes are accepted. */
const maxPending = 4096;
/** Time that a required sink has to accept the record of an attempt, in milliseconds. */
const sinkTimeout = 5000;
/** The maximum number of records without a checkpoint, and their maximum time in milliseconds. */
const checkpointRecords = 100;
const checkpointInterval = 5 * 60_000;

interface TrailSink {
  readonly queue: SinkQueue;
  readonly isRequired: boolean;
}

/** The audit log: chains records, signs checkpoints, and hands both to the sinks. */
export class AuditTrail extends AuditLog {
  readonly #options: AuditTrailOptions;
  readonly #sinks: readonly TrailSink[];
  #chain: AuditChain | undefined;
  #fileBytes = 0;
  #unsigned = 0;
  #lost = 0;
  #checkpointTimer: Cancel | undefined;

  constructor(options: AuditTrailOptions) {
    super();
    this.#options = options;
    this.#sinks = options.sinks.map(({ sink, isRequired }) => ({
      isRequired,
      queue: new SinkQueue(sink, options.clock, (problem) => options.onSinkChange(sink.name, problem)),
    }));
  }

  override start(): void {
    this.#started();
    this.#flushSoon();
  }

  override async attempt(entry: AuditEntry): Promise<void> {
    this.#started();
    // While a sink fails, attempts only test it: their records would fill the queue.
    const isFailing = this.#required().some(({ problem }) => problem !== null);
    if (isFailing || this.#isFull(maxPending / 2)) await this.#flushRequired();
    if (this.#isFull(maxPending / 2)) throw unavailable('it has too many unwritten records');
    this.#append(entry);
    await this.#flushRequired();
  }

  override record(entry: AuditEntry): void {
    this.#started();
    // Ends of jobs have reserved places, because refused requests may be many.
    if (this.#isFull(entry.job === null ? maxPending / 2 : maxPending)) {
      this.#lost += 1;
      return;
    }
    this.#append(entry);
    this.#flushSoon();
  }

  override head(): AuditHead {
    const chain = this.#started();
    const sinks = this.#sinks.map(({ queue, isRequired }) => ({
      name: queue.sink.name,
      required: isRequired,
      problem: queue.problem,
    }));
    return { ...chain.head, key: chain.key, checkpoint: chain.checkpoint, sinks };
  }

  /** Signs the end of the chain. Nest calls this after the last request. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#chain !== undefined) {
      this.#reportLost(this.#chain);
      if (this.#unsigned > 0) this.#sign(this.#chain, false);
    }
    this.#checkpointTimer?.();
    await Promise.allSettled(this.#sinks.map(({ queue }) => this.#flushInTime(queue)));
    await Promise.all(this.#sinks.map(({ queue }) => queue.close()));
  }

  #started(): AuditChain {
    if (this.#chain !== undefined) return this.#chain;
    const { previous, bytes, problem } = this.#options.readBeginning();
    this.#fileBytes = bytes;
    const chain = new AuditChain(this.#options.privateKey, previous);
    this.#chain = chain;
    this.#push(chain.start(this.#now(), problem), false);
    this.#afterAppend(chain);
    this.#options.onStart(chain.key);
    return chain;
  }

  #append(entry: AuditEntry): void {
    const chain = this.#started();
    if (!this.#isFull(maxPending / 2)) this.#reportLost(chain);
    this.#push(chain.append(entry, this.#now()), false);
    this.#afterAppend(chain);
  }

  #reportLost(chain: AuditChain): void {
    if (this.#lost === 0) return;
    const details = `${this.#lost} records were lost while a required sink failed.`;
    this.#lost = 0;
    this.#unsigned += 1;
    this.#push(
      chain.append({ ...ownEntry, action: 'audit.lost', status: 'failed', details }, this.#now()),
      false,
    );
  }

  #afterAppend(chain: AuditChain): void {
    this.#unsigned += 1;
    const isFileFull = this.#fileBytes >= this.#options.fileBytes;
    if (isFileFull || this.#unsigned >= checkpointRecords) {
      this.#sign(chain, isFileFull);
    } else {
      this.#checkpointTimer ??= this.#options.clock.schedule(checkpointInterval, () => {
        this.#sign(chain, false);
        this.#flushSoon();
      });
    }
  }

  #sign(chain: AuditChain, rotates: boolean): void {
    this.#checkpointTimer?.();
    this.#checkpointTimer = undefined;
    this.#unsigned = 0;
    this.#push(chain.sign(this.#now()), rotates);
    if (rotates) this.#fileBytes = 0;
  }

  #push(line: string, rotates: boolean): void {
    this.#fileBytes += Buffer.byteLength(line) + 1;
    this.#options.onLine(line);
    for (const { queue, isRequired } of this.#sinks) {
      // A sink that is not required may have gaps, which its chain shows.
      if (isRequired || queue.size < maxPending) queue.push(line, rotates);
    }
  }

  #required(): SinkQueue[] {
    return this.#sinks.flatMap(({ queue, isRequired }) => (isRequired ? [queue] : []));
  }

  #isFull(limit: number): boolean {
    return this.#required().some(({ size }) => size >= limit);
  }

  async #flushRequired(): Promise<void> {
    this.#flushSoon();
    try {
      await Promise.all(this.#required().map((queue) => this.#flushInTime(queue)));
    } catch {
      const failing = this.#required().flatMap(({ sink, problem }) =>
        problem === null ? [] : [`${sink.name}: ${problem}`],
      );
      throw unavailable(failing.join(', '));
    }
  }

  async #flushInTime(queue: SinkQueue): Promise<void> {
    const { promise: timeout, reject } = Promise.withResolvers<never>();
    const cancel = this.#options.clock.schedule(sinkTimeout, () => {
      queue.fail('it does not respond');
      reject(new Error('timeout'));
    });
    await Promise.race([queue.flush(), timeout]).finally(cancel);
  }

  /** Failures are reported by the queue, which also tries again. */
  #flushSoon(): void {
    for (const { queue } of this.#sinks) void queue.flush().catch(() => undefined);
  }

  #now(): string {
    return timestamp(this.#options.clock.now());
  }
}

function unavailable(reason: string): ProblemError {
  return new ProblemError(
    'audit-unavailable',
    `The audit log cannot be written (${reason}), so the request was refused and nothing was changed. Reading is still possible. ` +
      'Restore the audit log (LOG_DIR, free space, permissions), then try again.',
  );
}
