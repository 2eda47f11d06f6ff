/** The clock of the engine. It is given from outside, so that the same seed and clock replay the same fleet. */
export interface EngineClock {
  /** Milliseconds since 1970 (UTC). */
  now(): number;
  /** Runs `action` once after `delayMs`; the returned function cancels it and may be called at any time. */
  schedule(delayMs: number, action: () => void): () => void;
}
