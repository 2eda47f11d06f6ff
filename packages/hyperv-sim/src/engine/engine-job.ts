import { EngineError } from './engine-error.ts';

/** Where a job is (Msvm_ConcreteJob.JobState, the ones that matter). */
export type EngineJobState = 'running' | 'completed' | 'failed' | 'cancelled';

/** Long work of the host's own service: it outlives whoever asked for it (Msvm_ConcreteJob). */
export interface EngineJob {
  readonly kind: string;
  readonly vmId: string;
  readonly state: EngineJobState;
  /** 0 to 100; null where Hyper-V tells none (waiting for a guest). */
  readonly percent: number | null;
  readonly message: string;
  /** Set when the state is `failed` or `cancelled`. */
  readonly error: EngineError | null;
  /** Calls `listener` after each change, the last time with a final state. Returns the way out. */
  onChange(listener: () => void): () => void;
  /** Asks the job to give up. False when it is over or cannot be cancelled any more. */
  cancel(): boolean;
}

/** The engine's own side of a job. */
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

  /** Says what cancelling does from now on; null when it is too late. */
  cancellable(undo: (() => void) | null): void {
    this.#cancel = undo;
  }

  /** Reports progress; ignored once the job is over. */
  progress(percent: number | null, message: string = this.#message): void {
    if (this.#state !== 'running') return;
    this.#percent = percent === null ? null : Math.min(99, Math.round(percent));
    this.#message = message;
    this.#notify();
  }

  /** Ends the job well; ignored once it is over. */
  complete(): void {
    if (this.#state !== 'running') return;
    this.#percent = 100;
    this.#settle('completed', null);
  }

  /** Ends the job badly; ignored once it is over. */
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
