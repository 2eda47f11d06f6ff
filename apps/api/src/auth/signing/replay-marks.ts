/** The use of a signature by a verified request. */
export interface SignatureUse {
  /** The mark of the signature; see `markOf`. */
  readonly mark: string;
  /** The id of the principal whose key was used. The number of marks per owner is limited. */
  readonly owner: string;
  /** The time from which the signature is refused because of its age, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The result of a claim: the first use, a repeated use, no room for another mark, or a mark that may have been removed. */
export type Claimed = 'first' | 'repeated' | 'full' | 'unknown';

/**
 * Remembers used signatures. The service calls it once per verified request. Several instances of the service need a
 * shared implementation.
 */
export abstract class ReplayMarks {
  /** Marks a signature as used. Of any number of concurrent calls with the same mark, one gets `first`. */
  abstract claim(use: SignatureUse): Promise<Claimed>;
}

/** Limits of the marks that are kept. */
export interface MarkLimits {
  readonly total: number;
  readonly perOwner: number;
}

/** A mark takes about 120 bytes. A client that sends 100 requests per second needs 36,000. */
const defaultLimits: MarkLimits = { total: 100_000, perOwner: 50_000 };

/** Interval in milliseconds at which expired marks are removed. */
const sweepInterval = 10_000;

/** Keeps marks in memory, until their signatures have expired. */
export class MemoryMarks extends ReplayMarks {
  readonly #now: () => number;
  readonly #limits: MarkLimits;
  readonly #marks = new Map<string, { readonly owner: string; readonly expiresAt: number }>();
  readonly #counts = new Map<string, number>();
  #sweptAt = Number.NEGATIVE_INFINITY;
  /** The latest expiry of all removed marks: the clock may be set back to a time when their signatures are accepted. */
  #removedUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => number, limits: MarkLimits = defaultLimits) {
    super();
    this.#now = now;
    this.#limits = limits;
  }

  /** The number of stored marks. */
  get size(): number {
    return this.#marks.size;
  }

  override claim(use: SignatureUse): Promise<Claimed> {
    return Promise.resolve(this.claimNow(use));
  }

  /** Like `claim`, but synchronous. */
  claimNow({ mark, owner, expiresAt }: SignatureUse): Claimed {
    this.#sweep();
    if (this.#marks.has(mark)) return 'repeated';
    if (expiresAt <= this.#removedUntil) return 'unknown';
    const count = this.#counts.get(owner) ?? 0;
    if (this.#marks.size >= this.#limits.total || count >= this.#limits.perOwner) return 'full';
    this.#marks.set(mark, { owner, expiresAt });
    this.#counts.set(owner, count + 1);
    return 'first';
  }

  #sweep(): void {
    const now = this.#now();
    // Also if the clock was set back, by whatever time.
    if (Math.abs(now - this.#sweptAt) < sweepInterval) return;
    this.#sweptAt = now;
    for (const [mark, { owner, expiresAt }] of this.#marks) {
      if (expiresAt >= now) continue;
      this.#marks.delete(mark);
      this.#removedUntil = Math.max(this.#removedUntil, expiresAt);
      this.#forgetOne(owner);
    }
  }

  #forgetOne(owner: string): void {
    const count = (this.#counts.get(owner) ?? 1) - 1;
    if (count === 0) this.#counts.delete(owner);
    else this.#counts.set(owner, count);
  }
}
