/** Offsets and changes below this are not reported: a line can take that long on a busy host (milliseconds). */
export const clockResolutionMs = 5000;

/** The reporting interval of the offset; a line counts for at most twice as long (milliseconds). */
const period = 30_000;

/**
 * Measures how far a host's clock is ahead of the service's. A line contains the host's time when written and arrives
 * later, so it shows the offset minus its delay; of all lines of a period the largest value had the shortest delay and
 * counts. Regardless of the number of lines, the offset changes at most twice a minute, since all rows of the host
 * follow it.
 */
export class ClockOffset {
  #toldMs: number | null = null;
  #periodStart = 0;
  #fastest = Number.NEGATIVE_INFINITY;
  #fastestBefore = Number.NEGATIVE_INFINITY;

  /** The offset in milliseconds, negative for a clock that is behind; null until a line contained a time. */
  get offsetMs(): number | null {
    return this.#toldMs;
  }

  /**
   * Records a line.
   *
   * @param hostTime The time in the line (milliseconds since 1970).
   * @param arrivedAt Its arrival by the service's clock.
   * @returns Whether the offset changed.
   */
  measure(hostTime: number, arrivedAt: number): boolean {
    const offset = hostTime - arrivedAt;
    if (!Number.isFinite(offset)) return false;
    const elapsed = arrivedAt - this.#periodStart;
    const isFirst = this.#toldMs === null;
    if (elapsed < 0 || elapsed > 2 * period) this.#forget();
    this.#fastest = Math.max(this.#fastest, offset);
    if (!isFirst && elapsed >= 0 && elapsed < period) return false;
    const fastest = Math.max(this.#fastest, this.#fastestBefore);
    this.#periodStart = arrivedAt;
    this.#fastestBefore = this.#fastest;
    this.#fastest = Number.NEGATIVE_INFINITY;
    return this.#tell(fastest);
  }

  #forget(): void {
    this.#fastest = Number.NEGATIVE_INFINITY;
    this.#fastestBefore = Number.NEGATIVE_INFINITY;
  }

  #tell(offset: number): boolean {
    if (this.#toldMs !== null && Math.abs(offset - this.#toldMs) < clockResolutionMs) return false;
    const before = this.#toldMs;
    this.#toldMs = Math.abs(offset) < clockResolutionMs ? 0 : Math.round(offset);
    return this.#toldMs !== before;
  }
}
