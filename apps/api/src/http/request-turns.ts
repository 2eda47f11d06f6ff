import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request with its response. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The current exchange of a connection and those that wait. */
interface Turn {
  current: Exchange;
  readonly waiting: Exchange[];
  /** Answers unreadable input after the requests that wait. */
  fail: (() => void) | undefined;
}

/** A response in progress. */
export interface OpenAnswer {
  readonly socket: Socket;
  readonly response: ServerResponse;
}

/**
 * Handles the requests of each connection one at a time. Node emits every pipelined request as soon as it is parsed, up
 * to thousands from one read, so a client that reads nothing could cause as many responses. Since responses are sent in
 * the order of requests (RFC 9112, 9.3.2), handling them in that order loses nothing. A connection with waiting
 * requests is not read.
 */
export class RequestTurns {
  readonly #handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly #maxWaiting: number;
  readonly #turns = new Map<Socket, Turn>();
  #waiting = 0;

  /**
   * @param maxWaiting Maximum number of waiting requests over all connections; a connection that exceeds it is closed.
   */
  constructor(handle: (request: IncomingMessage, response: ServerResponse) => void, maxWaiting: number) {
    this.#handle = handle;
    this.#maxWaiting = maxWaiting;
  }

  /** Tracks a connection from its first byte. */
  watch(socket: Socket): void {
    // Node resumes a socket whenever a body is read or a response has ended.
    socket.on('resume', () => {
      const turn = this.#turns.get(socket);
      if (turn !== undefined && turn.waiting.length > 0) socket.pause();
    });
    socket.once('close', () => this.#forget(socket));
  }

  /** Returns whether a request of this connection is being handled. */
  isBusy(socket: Socket): boolean {
    return this.#turns.has(socket);
  }

  /** Yields all responses in progress. */
  *open(): Iterable<OpenAnswer> {
    for (const [socket, { current }] of this.#turns) yield { socket, response: current.response };
  }

  /** Handles a request once the responses before it on its connection have been written. */
  take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    // Parsed together with a request that has closed the connection.
    if (!socket.writable) return;
    const turn = this.#turns.get(socket);
    if (turn === undefined) {
      const first: Turn = { current: { request, response }, waiting: [], fail: undefined };
      this.#turns.set(socket, first);
      this.#begin(socket, first);
    } else if (this.#waiting >= this.#maxWaiting) {
      socket.destroy();
    } else {
      turn.waiting.push({ request, response });
      this.#waiting += 1;
      socket.pause();
    }
  }

  /** Answers unreadable input once the responses before it have been written. */
  fail(socket: Socket, answer: () => void): void {
    const turn = this.#turns.get(socket);
    if (turn === undefined) answer();
    else if (turn.current.request.complete) turn.fail = answer;
    else if (turn.current.response.headersSent) socket.destroy();
    else answer();
  }

  #begin(socket: Socket, { current: { request, response } }: Turn): void {
    response.once('close', () => this.#next(socket));
    this.#handle(request, response);
  }

  #next(socket: Socket): void {
    const turn = this.#turns.get(socket);
    if (turn === undefined) return;
    const next = socket.destroyed ? undefined : turn.waiting[0];
    // The rest of an unreadable request never arrives.
    const isReadable = next !== undefined && (next.request.complete || turn.fail === undefined);
    if (!isReadable) {
      this.#forget(socket);
      if (!socket.destroyed) turn.fail?.();
      return;
    }
    turn.waiting.shift();
    this.#waiting -= 1;
    turn.current = next;
    this.#begin(socket, turn);
    if (turn.waiting.length === 0) socket.resume();
  }

  #forget(socket: Socket): void {
    const turn = this.#turns.get(socket);
    if (turn === undefined) return;
    this.#waiting -= turn.waiting.length;
    this.#turns.delete(socket);
  }
}
