import type { FakeClock } from '@aether-v/hyperv-sim/testing';

/** Time that passes only while a test lets it: whoever wants to wait is held until then. */
export class TimeGate {
  readonly #clock: FakeClock;
  #frozen = false;
  #thaw: () => void = () => undefined;
  #thawed = Promise.resolve();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  freeze(): void {
    if (this.#frozen) return;
    this.#frozen = true;
    this.#thawed = new Promise((resolve) => (this.#thaw = resolve));
  }

  thaw(): void {
    this.#frozen = false;
    this.#thaw();
  }

  /** Lets time pass although it is frozen. */
  pass(milliseconds: number): void {
    this.#clock.advance(milliseconds);
  }

  /** Waits, in the clock's time. */
  readonly advance = async (milliseconds: number): Promise<void> => {
    await this.#thawed;
    this.#clock.advance(milliseconds);
  };
}
