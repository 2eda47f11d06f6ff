import { WsmanError } from './errors.ts';

/** Combines several signals and a timeout into one signal, and removes its listeners at the end. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #sources: readonly AbortSignal[];
  #timer: NodeJS.Timeout | undefined;

  constructor(...sources: readonly (AbortSignal | undefined)[]) {
    this.#sources = sources.filter((source) => source !== undefined);
    for (const source of this.#sources) {
      if (source.aborted) this.#controller.abort(source.reason);
      source.addEventListener('abort', this.#forward);
    }
  }

  /** Aborted by the first of the sources or the timeout. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Starts the timeout.
   *
   * @param where names the peer in the error message.
   */
  start(ms: number, where: string): void {
    this.#timer = setTimeout(() => {
      this.#controller.abort(new WsmanError('timeout', `${where} did not respond in time`));
    }, ms);
  }

  /** Stops following a source. */
  ignore(source: AbortSignal | undefined): void {
    source?.removeEventListener('abort', this.#forward);
  }

  /** Stops the timeout and removes all listeners. */
  clear(): void {
    clearTimeout(this.#timer);
    for (const source of this.#sources) source.removeEventListener('abort', this.#forward);
  }

  readonly #forward = (event: Event): void => {
    if (event.target instanceof AbortSignal) this.#controller.abort(event.target.reason);
  };
}
