import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock, WsmanListenerOptions } from '../../src/server/index.ts';
import { basicAuthentication, routeByPath, sameSecret, WsmanListener } from '../../src/server/index.ts';
import { FakeBackend } from './fake-backend.ts';

export const testUser = 'HOST01\\operator';
export const testPassword = 'pä:ss';

/** What a server shows its clients over TLS. */
interface TlsFiles {
  readonly key: string;
  readonly cert: string;
}

/** A listener with a fake backend on a real loopback port, at the path `/wsman`. */
export class Harness implements AsyncDisposable {
  readonly backend: FakeBackend;
  readonly listener: WsmanListener;
  readonly server: Server;
  readonly sockets = new Set<Socket>();
  url = '';
  #connections = 0;

  private constructor(backend: FakeBackend, options: Partial<WsmanListenerOptions>, tls?: TlsFiles) {
    this.backend = backend;
    this.listener = new WsmanListener({
      backend,
      authentication: basicAuthentication(
        (user, password) => user === testUser && sameSecret(password, testPassword),
      ),
      ...options,
    });
    const handle = routeByPath((path) => (path === '/wsman' ? this.listener : undefined));
    this.server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
    this.server.keepAliveTimeout = 120_000;
    this.server.on('connection', (socket) => {
      this.#connections += 1;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(options: Partial<WsmanListenerOptions> = {}, tls?: TlsFiles): Promise<Harness> {
    const backend = new FakeBackend();
    const harness = new Harness(backend, { backend, ...options }, tls);
    await new Promise<void>((resolve) => harness.server.listen(0, '127.0.0.1', resolve));
    const { port } = harness.server.address() as AddressInfo;
    harness.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/wsman`;
    return harness;
  }

  /** Connections accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listener.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  schedule(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = next.at;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      next.run();
    }
    this.#now = end;
  }
}

/** Waits until something holds, by turns of the event loop, not by time. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
