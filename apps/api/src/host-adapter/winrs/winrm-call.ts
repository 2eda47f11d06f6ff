import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { WsmanError, type WsmanErrorCode } from '@aether-v/psrp/client';
import { tryReadFault, type WsmanFault } from '@aether-v/psrp/wsman';
import type * as WinrmClient from 'winrm-client';
import { orAborted } from '../limits/or-aborted.ts';

/** The longest response that is read, in characters; hosts keep to the 150 kB that the library requests. */
const maxAnswer = 512 * 1024;

/** Error codes of HTTP statuses without a fault. */
const statusCodes: Readonly<Record<number, WsmanErrorCode>> = {
  401: 'access-denied',
  403: 'access-denied',
  404: 'no-endpoint',
};

/**
 * One call of winrm-client, with features the library lacks: timeout, cancellation, a limit on the response, and the
 * status and fault of a refusal. A diagnostics channel of Node reports the HTTP requests made by the call.
 */
class Exchange {
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly signal: AbortSignal;
  #status: number | undefined;
  #body = '';
  #whole: Promise<void> = Promise.resolve();

  constructor(signal: AbortSignal, timeout: number) {
    this.signal = AbortSignal.any([signal, this.#stop.signal]);
    const late = new WsmanError('timeout', 'The host did not respond in time');
    this.#timer = setTimeout(() => this.#stop.abort(late), timeout).unref();
  }

  /** Ends the call. */
  end(): void {
    clearTimeout(this.#timer);
  }

  /** Takes over a request made by the library. */
  adopt(request: ClientRequest): void {
    // The 401 of an earlier NTLM leg does not apply to this one.
    this.#status = undefined;
    const abort = (): void => void request.destroy(this.signal.reason as Error);
    if (this.signal.aborted) abort();
    this.signal.addEventListener('abort', abort, { once: true });
    request.once('close', () => this.signal.removeEventListener('abort', abort));
    request.once('response', (response) => this.#hear(response));
  }

  /** Converts the failure of the call. */
  async meaning(cause: unknown): Promise<WsmanError> {
    if (this.#status === undefined) return connectionError(cause);
    await orAborted(this.#whole, this.signal);
    const status = this.#status;
    const fault = tryReadFault(this.#body);
    if (fault !== undefined) {
      const code = faultCode(fault);
      const started = code === 'fault' && fault.known !== 'shellDisconnected';
      return new WsmanError(code, fault.detail ?? fault.reason, { fault, status, started });
    }
    const code = statusCodes[status] ?? 'protocol';
    const message = `The host answered with HTTP status ${String(status)}`;
    return new WsmanError(code, message, { cause, status, started: code === 'protocol' });
  }

  #hear(response: IncomingMessage): void {
    const isRefusal = (response.statusCode ?? 0) >= 300;
    let length = 0;
    this.#status = response.statusCode;
    this.#body = '';
    this.#whole = new Promise((resolve) => response.once('close', resolve));
    // The library does not read the body of a refusal, and reads all others without a limit.
    response.on('data', (data: Buffer | string) => {
      length += data.length;
      if (length > maxAnswer) this.#stop.abort(new WsmanError('protocol', 'The host’s response is too long'));
      else if (isRefusal) this.#body += data.toString();
    });
  }
}

const exchanges = new AsyncLocalStorage<Exchange>();

subscribe('http.client.request.start', (message) => {
  if (typeof message !== 'object' || message === null || !('request' in message)) return;
  const { request } = message;
  if (request instanceof ClientRequest) exchanges.getStore()?.adopt(request);
});

/** Calls the library. Rejects with a WsmanError, or with the reason of the signal. */
export async function winrmCall<T>(call: () => Promise<T>, signal: AbortSignal, timeout: number): Promise<T> {
  signal.throwIfAborted();
  const exchange = new Exchange(signal, timeout);
  try {
    return await orAborted(exchanges.run(exchange, call), exchange.signal);
  } catch (cause) {
    if (exchange.signal.aborted) throw exchange.signal.reason;
    throw await exchange.meaning(cause);
  } finally {
    exchange.end();
  }
}

/**
 * Loads the library. With `DEBUG=*` in the environment it logs passwords and tokens; it checks that once, when it is
 * loaded.
 */
export function winrmClient(): typeof WinrmClient {
  const { DEBUG } = process.env;
  delete process.env['DEBUG'];
  try {
    return createRequire(import.meta.url)('winrm-client') as typeof WinrmClient;
  } finally {
    if (DEBUG !== undefined) process.env['DEBUG'] = DEBUG;
  }
}

function faultCode(fault: WsmanFault): WsmanErrorCode {
  if (fault.isQuota) return 'quota';
  if (fault.isAccessDenied) return 'access-denied';
  return fault.isUnknownEndpoint ? 'no-endpoint' : 'fault';
}

/** Converts the error of an unanswered request. The library passes on Node's error. */
function connectionError(cause: unknown): WsmanError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = `The host cannot be reached (${code === '' ? String(cause) : code})`;
  if (code === 'ECONNREFUSED') return new WsmanError('refused', message, { cause, started: false });
  const isLost = code === 'ECONNRESET' || code === 'EPIPE';
  return new WsmanError(isLost ? 'connection-lost' : 'unreachable', message, { cause, started: isLost });
}
