import { WsmanError } from './errors.ts';

/** One signal out of the caller's, the client's end and a time-out, that leaves no listener behind. */
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

  /** Aborted by whichever comes first. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins the time-out. @param where what did not answer, for the message. */
  start(ms: number, where: string): void {
    this.#timer = setTimeout(() => {
      this.#controller.abort(new WsmanError('timeout', `${where} did not answer in time`));
    }, ms);
  }

  /** Goes by a source no more. */
  ignore(source: AbortSignal | undefined): void {
    source?.removeEventListener('abort', this.#forward);
  }

  /** Ends the time-out and listens to nobody any more. */
  clear(): void {
    clearTimeout(this.#timer);
    for (const source of this.#sources) source.removeEventListener('abort', this.#forward);
  }

  readonly #forward = (event: Event): void => {
    if (event.target instanceof AbortSignal) this.#controller.abort(event.target.reason);
  };
}
