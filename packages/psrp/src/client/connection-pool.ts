import { Connection, type ConnectionOptions } from './connection.ts';
import { WsmanError } from './errors.ts';

/** Duration class of a request: `long` is a Receive, which may occupy its connection until OperationTimeout. */
export type RequestKind = 'short' | 'long';

interface Waiter {
  readonly kind: RequestKind;
  readonly grant: (connection: Connection) => void;
  readonly fail: (error: Error) => void;
}

/**
 * Connections to one host, with one request at a time on each. Receives may occupy all connections but one, so short
 * requests (Command, Send, Signal, Delete) never wait behind a long poll.
 */
export class ConnectionPool {
  readonly #options: ConnectionOptions;
  readonly #max: number;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  readonly #waiters: Waiter[] = [];
  #long = 0;
  #closed = false;

  /** Creates a pool of at most `max` connections (at least 2). Opens no connection yet. */
  constructor(options: ConnectionOptions, max: number) {
    this.#options = options;
    this.#max = Math.max(2, max);
  }

  /** Number of connections that were created and not closed. */
  get size(): number {
    return this.#all.size;
  }

  /** Runs a task with exclusive use of a connection. Waits for a free one (FIFO). */
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

  /** Closes all connections. Waiting and running requests reject. */
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
