import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request, and where its answer goes. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What a connection does now, and what it does after. */
interface Turn {
  current: Exchange;
  readonly waiting: Exchange[];
  /** Answers what cannot be read behind the requests that wait. */
  fail: (() => void) | undefined;
}

/** An answer that is under way. */
export interface OpenAnswer {
  readonly socket: Socket;
  readonly response: ServerResponse;
}

/**
 * Handles one request of a connection at a time. Node hands out every pipelined request as soon as it is read, up to
 * thousands of one read, so that a client that reads nothing would have as many answers made for it. Answers go out in the
 * order of the requests (RFC 9112, 9.3.2), so that nothing is lost by making them in that order. A connection on which
 * requests wait is not read.
 */
export class RequestTurns {
  readonly #handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly #maxWaiting: number;
  readonly #turns = new Map<Socket, Turn>();
  #waiting = 0;

  /** @param maxWaiting How many requests may wait over all connections; the connection of a further one is closed. */
  constructor(handle: (request: IncomingMessage, response: ServerResponse) => void, maxWaiting: number) {
    this.#handle = handle;
    this.#maxWaiting = maxWaiting;
  }

  /** Follows a connection from its first byte on. */
  watch(socket: Socket): void {
    // Node resumes a socket whenever a body is read or an answer has ended.
    socket.on('resume', () => {
      const turn = this.#turns.get(socket);
      if (turn !== undefined && turn.waiting.length > 0) socket.pause();
    });
    socket.once('close', () => this.#forget(socket));
  }

  /** Whether a request of this connection is being handled. */
  isBusy(socket: Socket): boolean {
    return this.#turns.has(socket);
  }

  /** Every answer that is under way. */
  *open(): Iterable<OpenAnswer> {
    for (const [socket, { current }] of this.#turns) yield { socket, response: current.response };
  }

  /** Handles a request when the answers to those before it on its connection are written. */
  take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    // What was read at once with a request that closed its connection.
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

  /** Answers what cannot be read, when the answers to the requests before it are written. */
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
    // The rest of a request that could not be read never comes.
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
