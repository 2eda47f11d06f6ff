import type { InterceptedRequest, Interceptor } from '@aether-v/psrp/server';
import type { EngineClock } from '../engine/index.ts';
import type { Fault } from './fault.ts';

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml;charset=UTF-8\r\n';
const promisedBytes = 4_096;
const beginning = `${head}Content-Length: ${promisedBytes}\r\n\r\n<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Hea`;

type Spoiler = (request: InterceptedRequest) => void;

/** Spoils an exchange, by kind of fault. Its own response is never sent. */
const spoilers: Partial<Record<Fault['kind'], Spoiler>> = {
  refuse: ({ http }) => http.socket.resetAndDestroy(),
  silent: () => undefined,
  'receive-hangs': () => undefined,
  'stall-headers': ({ http }) => http.socket.write(`${head}Content-Le`),
  'stall-body': ({ http }) => http.socket.write(beginning),
  'cut-body': ({ http }) => http.socket.write(beginning, () => http.socket.destroy()),
};

/**
 * Applies the host's fault to the exchanges with one host: to those that wait for a response when the fault begins, and
 * to all that arrive while it lasts. Healing resets the connections that were spoiled, because their next bytes would
 * be meaningless.
 */
export class FaultGate {
  readonly #clock: EngineClock;
  readonly #open = new Set<InterceptedRequest>();
  readonly #spoiled = new Set<InterceptedRequest>();
  #fault: Fault | null = null;

  constructor(clock: EngineClock) {
    this.#clock = clock;
  }

  /** The current fault of the host. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Sets a fault in place of the previous one; null heals the host. */
  set(fault: Fault | null): void {
    this.#fault = null;
    for (const { http } of this.#spoiled) http.socket.resetAndDestroy();
    this.#spoiled.clear();
    this.#fault = fault;
    for (const request of this.#open) this.#spoil(request);
  }

  /** The request listener of the host. */
  readonly intercept: Interceptor = async (request, next) => {
    request.response.once('close', () => {
      this.#open.delete(request);
      this.#spoiled.delete(request);
    });
    if (this.#fault?.kind === 'slow') await this.#delay(this.#fault.delayMs);
    if (this.#fault?.kind === 'quota' && request.action === 'create')
      return request.refuse('endpointShellQuota');
    if (this.#spoil(request)) return undefined;
    this.#open.add(request);
    const reply = await next();
    this.#open.delete(request);
    return this.#spoiled.has(request) ? undefined : reply;
  };

  #spoil(request: InterceptedRequest): boolean {
    const fault = this.#fault;
    const spoiler = fault && spoilers[fault.kind];
    if (!spoiler || (fault.kind === 'receive-hangs' && request.action !== 'receive')) return false;
    this.#open.delete(request);
    this.#spoiled.add(request);
    spoiler(request);
    return true;
  }

  async #delay(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.schedule(ms, resolve));
  }
}
