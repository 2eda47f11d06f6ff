/** Offsets below this, and changes by less than this, are not told: a line takes that long on a busy host (milliseconds). */
export const clockResolutionMs = 5000;

/** How often the offset is told; a line counts for twice as long at most (milliseconds). */
const period = 30_000;

/**
 * How far a host's clock is ahead of the service's. A line says a host's time when it was written and arrives later: what it says is
 * the offset less the time that it took, so that of all lines of a minute the one that says most was fastest and counts. However many
 * lines a host sends, the offset changes twice a minute at most, since all rows of the host follow it.
 */
export class ClockOffset {
  #toldMs: number | null = null;
  #periodStart = 0;
  #fastest = Number.NEGATIVE_INFINITY;
  #fastestBefore = Number.NEGATIVE_INFINITY;

  /** In milliseconds, negative for a clock that is behind; null until a line said a time. */
  get offsetMs(): number | null {
    return this.#toldMs;
  }

  /**
   * Takes a line into account.
   *
   * @param hostTime The time that the line says (milliseconds since 1970).
   * @param arrivedAt When it arrived, by the service's clock.
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
