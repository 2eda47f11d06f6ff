import { backoffDelay, type Me } from '@aether-v/types';
import { retryWaits } from '../fleet/stream.ts';
import { nextState, type SessionState } from './session-state.ts';

export interface SessionPorts {
  readonly readMe: () => Promise<Me>;
  readonly wait: (ms: number) => Promise<void>;
  readonly random: () => number;
  /** Tells the other windows that someone has signed in or out. */
  readonly tell: () => void;
  /** Registers a listener for such messages of other windows. */
  readonly listen: (listener: () => void) => void;
  /** Loads the page anew. */
  readonly reload: () => void;
}

/** The session of this page, kept in step with the service and with other windows. */
export class SessionStore {
  readonly #ports: SessionPorts;
  #state: SessionState = { phase: 'loading', error: null };
  #checking: Promise<void> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    ports.listen(() => void this.checkAgain());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): SessionState => this.#state;

  /** Asks the service who the caller is, until it answers. */
  check(): Promise<void> {
    this.#checking ??= this.#read().finally(() => (this.#checking = undefined));
    return this.#checking;
  }

  /** Tells the other windows that someone has signed out in this one. */
  tellOthers(): void {
    this.#ports.tell();
  }

  /** Asks once more: a read that is under way may have begun before a change. */
  async checkAgain(): Promise<void> {
    await this.#checking;
    await this.check();
  }

  /** Resolves when someone who may view the fleet is signed in, or when the signal is aborted. */
  async signedIn(signal: AbortSignal): Promise<void> {
    await this.check();
    const mayView = (): boolean =>
      this.#state.phase === 'signed-in' && this.#state.me.principal.permissions.includes('view');
    if (mayView() || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        unsubscribe();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const unsubscribe = this.subscribe(() => mayView() && done());
      signal.addEventListener('abort', done);
    });
  }

  async #read(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#set(nextState(this.#state, await this.#ports.readMe()));
        return;
      } catch (error) {
        if (this.#state.phase === 'loading') {
          this.#set({ phase: 'loading', error: error instanceof Error ? error : new Error(String(error)) });
        }
        await this.#ports.wait(backoffDelay(attempt, { ...retryWaits, random: this.#ports.random }));
      }
    }
  }

  #set(next: SessionState | 'other-person'): void {
    if (next === 'other-person') {
      // Neither data nor forms of one person may be shown to another.
      this.#ports.reload();
      return;
    }
    const isNew = this.#state.phase === 'loading' || this.#state.phase === 'signed-out';
    this.#state = next;
    // A sign-in here may be what a window waits for whose session has ended, or belong to another person.
    if (isNew && next.phase === 'signed-in' && next.me.principal.method === 'session') this.#ports.tell();
    for (const listener of this.#listeners) listener();
  }
}
