import { EngineError } from './engine-error.ts';

/** The state of a job (Msvm_ConcreteJob.JobState, the relevant values). */
export type EngineJobState = 'running' | 'completed' | 'failed' | 'cancelled';

/** A job of the host (Msvm_ConcreteJob). It outlives the session that started it. */
export interface EngineJob {
  readonly kind: string;
  readonly vmId: string;
  readonly state: EngineJobState;
  /** 0 to 100; null if Hyper-V reports none (waiting for a guest). */
  readonly percent: number | null;
  readonly message: string;
  /** Set when the state is `failed` or `cancelled`. */
  readonly error: EngineError | null;
  /** Calls `listener` after each change, the last time with a final state. Returns the unsubscribe function. */
  onChange(listener: () => void): () => void;
  /** Cancels the job. False if it has ended or can no longer be cancelled. */
  cancel(): boolean;
}

/** A job as the engine controls it. */
export class RunningJob implements EngineJob {
  readonly kind: string;
  readonly vmId: string;
  #state: EngineJobState = 'running';
  #percent: number | null = 0;
  #message: string;
  #error: EngineError | null = null;
  #cancel: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(kind: string, vmId: string, message: string) {
    this.kind = kind;
    this.vmId = vmId;
    this.#message = message;
  }

  get state(): EngineJobState {
    return this.#state;
  }

  get percent(): number | null {
    return this.#percent;
  }

  get message(): string {
    return this.#message;
  }

  get error(): EngineError | null {
    return this.#error;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  cancel(): boolean {
    const undo = this.#cancel;
    if (this.#state !== 'running' || undo === null) return false;
    const error = new EngineError('cancelled', `${this.kind} was cancelled.`);
    this.#settle('cancelled', error, undo);
    return true;
  }

  /** Sets the effect of a cancellation from now on; null if it is too late to cancel. */
  cancellable(undo: (() => void) | null): void {
    this.#cancel = undo;
  }

  /** Reports progress; ignored after the end of the job. */
  progress(percent: number | null, message: string = this.#message): void {
    if (this.#state !== 'running') return;
    this.#percent = percent === null ? null : Math.min(99, Math.round(percent));
    this.#message = message;
    this.#notify();
  }

  /** Completes the job; ignored after its end. */
  complete(): void {
    if (this.#state !== 'running') return;
    this.#percent = 100;
    this.#settle('completed', null);
  }

  /** Fails the job; ignored after its end. */
  fail(error: EngineError): void {
    this.#settle('failed', error);
  }

  #settle(state: EngineJobState, error: EngineError | null, undo?: () => void): void {
    if (this.#state !== 'running') return;
    this.#state = state;
    this.#error = error;
    undo?.(); // before anyone hears of it, so that who hears finds the VM as it will be
    this.#notify();
    this.#listeners.clear();
  }

  #notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
