import { Connection, type ConnectionOptions } from './connection.ts';
import { WsmanError } from './errors.ts';

/** Whether a request is answered soon, or is a Receive that may hold its connection until OperationTimeout. */
export type RequestKind = 'short' | 'long';

interface Waiter {
  readonly kind: RequestKind;
  readonly grant: (connection: Connection) => void;
  readonly fail: (error: Error) => void;
}

/**
 * The connections to one host. Each carries one request at a time; Receives may take all but one of them, so that what
 * is short (Command, Send, Signal, Delete) never waits behind a long poll.
 */
export class ConnectionPool {
  readonly #options: ConnectionOptions;
  readonly #max: number;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  readonly #waiters: Waiter[] = [];
  #long = 0;
  #closed = false;

  /** A pool of at most `max` connections, two at least; none is made yet. */
  constructor(options: ConnectionOptions, max: number) {
    this.#options = options;
    this.#max = Math.max(2, max);
  }

  /** Connections made so far and not closed. */
  get size(): number {
    return this.#all.size;
  }

  /** Runs a task with a connection to itself, waiting for one in order of arrival. */
  async use<T>(
    kind: RequestKind,
    signal: AbortSignal,
    task: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const connection = await this.#acquire(kind, signal);
    try {
      return await task(connection);
    } finally {
      if (kind === 'long') this.#long -= 1;
      this.#idle.push(connection);
      this.#serve();
    }
  }

  /** Closes all connections; what waits or runs is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiters.splice(0)) waiter.fail(closed());
    await Promise.all([...this.#all].map((connection) => connection.destroy()));
    this.#all.clear();
  }

  #acquire(kind: RequestKind, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    if (this.#closed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      const abort = (): void => waiter.fail(signal.reason as Error);
      const waiter: Waiter = {
        kind,
        grant: (connection) => {
          signal.removeEventListener('abort', abort);
          resolve(connection);
        },
        fail: (error) => {
          signal.removeEventListener('abort', abort);
          const index = this.#waiters.indexOf(waiter);
          if (index >= 0) this.#waiters.splice(index, 1);
          reject(error);
        },
      };
      signal.addEventListener('abort', abort);
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  #serve(): void {
    while (!this.#closed) {
      const index = this.#waiters.findIndex(({ kind }) => kind === 'short' || this.#long < this.#max - 1);
      if (index < 0) return;
      const connection = this.#idle.pop() ?? this.#create();
      if (connection === undefined) return;
      const [waiter] = this.#waiters.splice(index, 1);
      if (waiter?.kind === 'long') this.#long += 1;
      waiter?.grant(connection);
    }
  }

  #create(): Connection | undefined {
    if (this.#all.size >= this.#max) return undefined;
    const connection = new Connection(this.#options);
    this.#all.add(connection);
    return connection;
  }
}

function closed(): WsmanError {
  return new WsmanError('closed', 'The client was closed', { started: false });
}
