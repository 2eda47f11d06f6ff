import type { Plan } from '@aether-v/types';

/** The pause in changes after which the service is asked, in milliseconds. */
const planAfterMs = 300;

/** The latest plan of a form. */
export interface PlanState<P = Plan> {
  /** The latest plan; of an earlier input if `isChecking`. Null if there is none. */
  readonly plan: P | null;
  /** The reason why the input could not be checked; null if it was. */
  readonly error: unknown;
  /** The plan of the present input is awaited. */
  readonly isChecking: boolean;
}

const nothing: PlanState<never> = { plan: null, error: null, isChecking: false };

/** The access of a planner to the service and the clock. */
export interface PlannerPorts<T, P = Plan> {
  readonly plan: (input: T, signal: AbortSignal) => Promise<P>;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Asks for the plan of an input that changes while it is typed: after a pause, one request at a time. A newer input
 * cancels the request of the one before, so its plan is never shown for another input.
 */
export class Planner<T, P = Plan> {
  readonly #ports: PlannerPorts<T, P>;
  #state: PlanState<P> = nothing;
  #wanted = '';
  #current: AbortController | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(ports: PlannerPorts<T, P>) {
    this.#ports = ports;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): PlanState<P> => this.#state;

  /** Requests the plan of an input; null if the input is incomplete. `basis` is what the plan depends on besides it. */
  want(input: T | null, basis = ''): void {
    const wanted = input === null ? '' : `${basis} ${JSON.stringify(input)}`;
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#current?.abort();
    this.#current = null;
    if (input === null) {
      this.#set(nothing);
      return;
    }
    const controller = new AbortController();
    this.#current = controller;
    this.#set({ ...this.#state, error: null, isChecking: true });
    void this.#ask(input, controller);
  }

  /** Requests the plan of the same input once more. */
  again(input: T | null, basis = ''): void {
    this.#wanted = '';
    this.want(input, basis);
  }

  /** Cancels the request. The next input is checked anew. */
  stop(): void {
    this.#current?.abort();
    this.#current = null;
    this.#wanted = '';
  }

  async #ask(input: T, { signal }: AbortController): Promise<void> {
    try {
      await this.#ports.wait(planAfterMs, signal);
      signal.throwIfAborted();
      const plan = await this.#ports.plan(input, signal);
      signal.throwIfAborted();
      this.#set({ plan, error: null, isChecking: false });
    } catch (error) {
      if (!signal.aborted) this.#set({ plan: null, error, isChecking: false });
    }
  }

  #set(state: PlanState<P>): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
