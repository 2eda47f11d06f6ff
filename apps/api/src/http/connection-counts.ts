import type { Socket } from 'node:net';
import { clientOfAddress } from '../common/client-address.ts';

/** Counts the open connections of each client. */
export class ConnectionCounts {
  readonly #clients = new WeakMap<Socket, string>();
  readonly #open = new Map<string, number>();
  #total = 0;

  /** The number of open connections. */
  get total(): number {
    return this.#total;
  }

  /** Returns the number of a client's open connections. */
  of(client: string): number {
    return this.#open.get(client) ?? 0;
  }

  /** Returns the client of a connection; a closed socket no longer has its address. */
  clientOf(socket: Socket): string {
    return this.#clients.get(socket) ?? 'unknown';
  }

  /** Remembers the client of a socket without counting it, such as the TLS socket of a counted connection. @returns The client. */
  name(socket: Socket): string {
    const client = clientOfAddress(socket.remoteAddress);
    this.#clients.set(socket, client);
    return client;
  }

  /** Counts a connection until it closes. @returns Its client. */
  add(socket: Socket): string {
    const client = this.name(socket);
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
