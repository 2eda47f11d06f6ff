import { commandOfOperation, type JournalEntry } from '@aether-v/types';
import { resultOf } from './result-of.ts';

/** Limits of the entries kept of one journal. */
export interface EntryLimits {
  readonly count: number;
  /** Size of all entries as JSON. */
  readonly bytes: number;
}

interface Kept {
  readonly entry: JournalEntry;
  readonly startedAt: number;
  readonly bytes: number;
}

/** Collects the newest entries while a journal is read, which may have any length and any content. */
export class NewestEntries {
  readonly #limits: EntryLimits;
  #kept: Kept[] = [];
  #bytes = 0;

  constructor(limits: EntryLimits) {
    this.#limits = limits;
  }

  /** Adds an entry, without a result that does not fit its operation. */
  add(entry: JournalEntry): void {
    const compact = entry.result === undefined ? entry : { ...entry, result: usableResult(entry) };
    const bytes = JSON.stringify(compact).length;
    // An invalid time counts as the oldest.
    this.#kept.push({ entry: compact, startedAt: Date.parse(entry.startedAt) || 0, bytes });
    this.#bytes += bytes;
    if (this.#kept.length > 2 * this.#limits.count || this.#bytes > this.#limits.bytes) this.#trim();
  }

  /** Returns the newest entries, oldest first: at least as many as the limit, if there are so many. */
  all(): JournalEntry[] {
    return this.#kept.toSorted(byStart).map(({ entry }) => entry);
  }

  /** Removes the oldest entries beyond the number, or half of the size. */
  #trim(): void {
    const sorted = this.#kept.toSorted(byStart).slice(-this.#limits.count);
    let bytes = 0;
    const oldest = sorted.findLastIndex((kept) => (bytes += kept.bytes) > this.#limits.bytes / 2);
    this.#kept = sorted.slice(oldest + 1);
    this.#bytes = this.#kept.reduce((sum, kept) => sum + kept.bytes, 0);
  }
}

function byStart(a: Kept, b: Kept): number {
  return a.startedAt - b.startedAt;
}

function usableResult({ op, result }: JournalEntry): unknown {
  return resultOf(commandOfOperation(op) ?? op, result);
}
