/** Returns a 32-bit hash of a text (FNV-1a, then mixed so that similar texts differ widely). */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Seeded random numbers (mulberry32): the same key gives the same sequence everywhere. */
export class Random {
  #state: number;

  constructor(key: string) {
    this.#state = hash32(key);
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** `digits` lower-case hexadecimal digits. */
  hex(digits: number): string {
    return Array.from({ length: digits }, () => this.integer(0, 15).toString(16)).join('');
  }

  /** A version 4 GUID in lower case. */
  guid(): string {
    const variant = this.integer(8, 11).toString(16);
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${variant}${this.hex(3)}-${this.hex(12)}`;
  }
}

/**
 * Smooth noise from 0 to 1: fixed values at multiples of `periodMs`, eased in between. A function of time alone, so
 * that reading a sample changes nothing and two readers see the same curve.
 */
export function noise(key: string, timeMs: number, periodMs: number): number {
  const slot = Math.floor(timeMs / periodMs);
  const position = timeMs / periodMs - slot;
  const eased = position * position * (3 - 2 * position);
  const from = hash32(`${key}/${periodMs}/${slot}`) / 0xffff_ffff;
  const to = hash32(`${key}/${periodMs}/${slot + 1}`) / 0xffff_ffff;
  return from + (to - from) * eased;
}
