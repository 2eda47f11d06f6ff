import type { Cancel, Clock } from '../../src/common/clock.ts';

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/** Time that moves only when told to. Between two moments everything that is ready gets to run. */
export class FakeClock implements Clock {
  #now: number;
  readonly #tasks = new Set<Task>();

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  /** How many tasks wait. */
  get waiting(): number {
    return this.#tasks.size;
  }

  now(): number {
    return this.#now;
  }

  schedule(delay: number, run: () => void): Cancel {
    const task = { at: this.#now + Math.max(0, delay), run };
    this.#tasks.add(task);
    return () => void this.#tasks.delete(task);
  }

  /** Moves on by so many milliseconds, task by task in their order. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    for (let task = this.#due(end); task !== undefined; task = this.#due(end)) {
      this.#tasks.delete(task);
      this.#now = Math.max(this.#now, task.at);
      task.run();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  #due(end: number): Task | undefined {
    let first: Task | undefined;
    for (const task of this.#tasks)
      if (task.at <= end && (first === undefined || task.at < first.at)) first = task;
    return first;
  }
}

/** Lets every promise that can settle without time or input do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
