import type { Socket } from 'node:net';
import { clientOfAddress } from './client-address.ts';

/** Counts the open connections of each client. */
export class ConnectionCounts {
  readonly #clients = new WeakMap<Socket, string>();
  readonly #open = new Map<string, number>();
  #total = 0;

  /** How many connections are open. */
  get total(): number {
    return this.#total;
  }

  /** How many connections a client has open. */
  of(client: string): number {
    return this.#open.get(client) ?? 0;
  }

  /** The client of a counted connection; its address is gone once it is closed. */
  clientOf(socket: Socket): string {
    return this.#clients.get(socket) ?? 'unknown';
  }

  /** Counts a connection until it closes. @returns Its client. */
  add(socket: Socket): string {
    const client = clientOfAddress(socket.remoteAddress);
    this.#clients.set(socket, client);
    this.#open.set(client, this.of(client) + 1);
    this.#total += 1;
    socket.once('close', () => {
      this.#total -= 1;
      const left = this.of(client) - 1;
      if (left === 0) this.#open.delete(client);
      else this.#open.set(client, left);
    });
    return client;
  }
}
