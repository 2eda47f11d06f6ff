import {
  timestamp,
  type Envelope,
  type ErrorInfo,
  type JournalEntry,
  type OperationName,
} from '@aether-v/types';
import type { EngineClock, EngineJob } from '../engine/index.ts';
import { OperationFailure } from './operation-failure.ts';

/** The maximum number of operations in a host's journal; the oldest finished ones are removed first. */
const journalLimit = 5_000;

const cancelledBefore = 'The operation was cancelled before it began.';

/** The maximum number of log lines that a record keeps for its listeners. */
const logLimit = 1_000;

/** One line of an operation's log. */
export interface RecordedLine {
  readonly at: string;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
}

/** The parts of an envelope that a record keeps; requests are not kept. */
type RecordedEnvelope = Pick<Envelope, 'id' | 'op' | 'actor' | 'idempotencyKey' | 'fingerprint' | 'note'>;

/** One operation in the journal: it continues and is recorded without any listener. */
export class JournalRecord {
  readonly #clock: EngineClock;
  readonly #listeners = new Set<() => void>();
  #entry: JournalEntry;
  /** The VM that its request named: one that it creates becomes known later. */
  readonly target: string | null;
  #job: EngineJob | null = null;
  #cancelRequested = false;
  readonly #log: RecordedLine[] = [];

  constructor(envelope: RecordedEnvelope, vmId: string | null, clock: EngineClock) {
    this.#clock = clock;
    this.target = vmId;
    this.#entry = {
      operationId: envelope.id,
      op: envelope.op,
      state: 'running',
      vmId,
      actor: envelope.actor,
      startedAt: timestamp(clock.now()),
      finishedAt: null,
      percent: null,
      message: null,
      ...(envelope.idempotencyKey === undefined ? {} : { idempotencyKey: envelope.idempotencyKey }),
      ...(envelope.fingerprint === undefined ? {} : { fingerprint: envelope.fingerprint }),
      ...(envelope.note === undefined ? {} : { note: envelope.note }),
    };
  }

  /** True if it was cancelled before the host received it: it never began and never will. */
  get barred(): boolean {
    return this.#entry.op === ('operation.cancel' satisfies OperationName);
  }

  /** The entry as the contract defines it; a new object after each change. */
  get entry(): JournalEntry {
    return this.#entry;
  }

  /** Calls `listener` after each change. Returns the way out. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Its log so far. */
  get log(): readonly RecordedLine[] {
    return this.#log;
  }

  /** True if its cancellation was requested. */
  get cancelRequested(): boolean {
    return this.#cancelRequested;
  }

  /** Writes a line into its log. */
  say(level: RecordedLine['level'], message: string): void {
    if (this.#log.length >= logLimit) return;
    this.#log.push({ at: timestamp(this.#clock.now()), level, message });
    this.#change({});
  }

  /** Says what it is about to do, or how far it is: before it does it. */
  progress(percent: number | null, message: string): void {
    this.#change({ percent, message });
  }

  /** Says which VM it is about, once that is known. */
  concerns(vmId: string): void {
    this.#change({ vmId });
  }

  /** The job of the host that a cancellation goes to at the moment; null for none. */
  waitsFor(job: EngineJob | null): void {
    this.#job = job;
  }

  /** Ends it well. */
  succeed(result: unknown): void {
    this.#finish({ state: 'succeeded', percent: 100, result });
  }

  /** Follows a job of the host to its end; `result` is called after it has succeeded. */
  follow(job: EngineJob, result: () => unknown): void {
    this.#job = job;
    const look = (): void => {
      if (job.state === 'running') this.#change({ percent: job.percent, message: job.message });
      else if (job.error) {
        const { code, message, remedy } = job.error;
        this.fail({ code, message, remedy });
      } else this.succeed(result());
    };
    job.onChange(look);
    look();
  }

  /** Ends it badly. */
  fail(error: ErrorInfo): void {
    this.#finish({ state: error.code === 'cancelled' ? 'cancelled' : 'failed', error });
  }

  /** Marks it as to be cancelled. False when it is over; true promises nothing: the work may be past that. */
  requestCancel(): boolean {
    if (this.#entry.state !== 'running') return false;
    this.#cancelRequested = true;
    this.#job?.cancel();
    return true;
  }

  #finish(end: Partial<JournalEntry>): void {
    this.#change({ ...end, finishedAt: timestamp(this.#clock.now()) });
    this.#listeners.clear();
  }

  #change(change: Partial<JournalEntry>): void {
    this.#entry = { ...this.#entry, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

/**
 * The host's record of operations that change something: each id, and each idempotency key, begins at most one of them. It
 * belongs to the host, so it outlives connections.
 */
export class Journal {
  readonly #clock: EngineClock;
  readonly #records = new Map<string, JournalRecord>();
  readonly #keys = new Map<string, JournalRecord>();
  #fence = 0;
  #exists = false;

  constructor(clock: EngineClock) {
    this.#clock = clock;
  }

  /**
   * Refuses requests of an older service instance than the newest one known. As on a real host, an operation that only reads leaves no
   * trace before the first one that changes something has made the journal.
   */
  checkFence(fence: number | undefined, mutates: boolean): void {
    this.#exists ||= mutates;
    if (fence === undefined || !this.#exists) return;
    if (fence < this.#fence) {
      throw new OperationFailure(
        'fenced',
        `The request has fence ${fence}, but this host has already seen fence ${this.#fence}: another instance of the service has taken over.`,
      );
    }
    this.#fence = fence;
  }

  /** The record of this operation: a fresh one, or the one that its id or its idempotency key began before. */
  open(envelope: Envelope, vmId: string | null): { readonly record: JournalRecord; readonly fresh: boolean } {
    const known = this.#records.get(envelope.id) ?? this.#keys.get(envelope.idempotencyKey ?? '');
    if (known?.barred) throw new OperationFailure('cancelled', cancelledBefore);
    if (known) {
      if (isSameRequest(known, envelope, vmId)) return { record: known, fresh: false };
      throw new OperationFailure(
        'bad-request',
        `The id ${known.entry.operationId} belongs to another operation on this host: ${known.entry.op}.`,
      );
    }
    const record = new JournalRecord(envelope, vmId, this.#clock);
    this.#records.set(envelope.id, record);
    if (envelope.idempotencyKey !== undefined) this.#keys.set(envelope.idempotencyKey, record);
    this.#forget();
    return { record, fresh: true };
  }

  /** Sees to it that an operation that is not known here never begins, however late it comes. */
  bar(operationId: string, actor: string): void {
    const op: OperationName = 'operation.cancel';
    const record = new JournalRecord({ id: operationId, op, actor }, null, this.#clock);
    record.fail({ code: 'cancelled', message: cancelledBefore, remedy: null });
    this.#records.set(operationId, record);
    this.#forget();
  }

  /** The record of an operation, if it is remembered. */
  find(operationId: string): JournalRecord | undefined {
    return this.#records.get(operationId);
  }

  /** Returns the entries of operations that began at or after a moment, oldest first. */
  list(since: string | null): JournalEntry[] {
    const from = since === null ? -Infinity : Date.parse(since);
    const begun = [...this.#records.values()].filter((record) => !record.barred);
    return begun.map((record) => record.entry).filter(({ startedAt }) => Date.parse(startedAt) >= from);
  }

  #forget(): void {
    if (this.#records.size <= journalLimit) return;
    for (const [id, record] of this.#records) {
      if (record.entry.state === 'running') continue;
      this.#records.delete(id);
      for (const [key, keyed] of this.#keys) if (keyed === record) this.#keys.delete(key);
      return;
    }
  }
}

function isSameRequest({ entry, target }: JournalRecord, envelope: Envelope, vmId: string | null): boolean {
  if (entry.op !== envelope.op || target !== vmId) return false;
  const { fingerprint = entry.fingerprint } = envelope;
  return entry.fingerprint === undefined || entry.fingerprint === fingerprint;
}
