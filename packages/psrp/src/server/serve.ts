import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import { systemClock, type Clock } from './clock.ts';

/** Options of {@link serveListener}. */
export interface ServeOptions {
  /** TCP port. Default 0: any free port. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  readonly address?: string;
  /** Private key and certificate (PEM). Present: HTTPS. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** Clock that measures idle connections. Pass the listener's clock. Default: {@link systemClock}. */
  readonly clock?: Clock;
  /** Milliseconds after which an idle connection is closed. Default 120,000, as HTTP.sys of real hosts. */
  readonly idleConnectionMs?: number;
}

const serveRules: OptionRules<ServeOptions> = {
  port: {
    expected: 'a port from 0 to 65535',
    allows: (port) => Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65_535,
  },
  address: rules.text,
  tls: rules.object,
  clock: rules.with('a Clock', 'now', 'schedule'),
  idleConnectionMs: rules.durationFrom(1),
};

/** Running HTTP server of a handler. */
export interface ServedHandler extends AsyncDisposable {
  /** Origin, for example `http://127.0.0.1:5985`. */
  readonly origin: string;
  readonly port: number;
  /** Stops listening and closes all connections. Close the listener first: it closes the shells. Idempotent. */
  close(): Promise<void>;
}

/**
 * Serves one listener, or several with `routeByPath`, over HTTP or HTTPS. Idle connections are closed as on real hosts.
 *
 * Rejects with Node's error if the address is unavailable (for example `EADDRINUSE`), and with an OptionError if an
 * option is unusable.
 *
 * @example
 * ```ts
 * await using served = await serveListener(listener.handle, { port: 5985 });
 * ```
 */
export async function serveListener(
  handler: RequestListener,
  options: ServeOptions = {},
): Promise<ServedHandler> {
  checkOptions({ handler }, { handler: rules.call }, ['handler']);
  checkOptions(options, serveRules);
  const { port = 0, address = '127.0.0.1', tls, clock = systemClock, idleConnectionMs = 120_000 } = options;
  // Node's own limit on idle connections uses the system clock.
  const server: Server = tls === undefined ? createServer() : createTlsServer(tls);
  server.keepAliveTimeout = 0;
  closeIdle(server, tls === undefined ? 'connection' : 'secureConnection', clock, idleConnectionMs);
  server.on('request', handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: actual } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }));
  const host = address.includes(':') ? `[${address}]` : address;
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://${host}:${actual}`,
    port: actual,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function closeIdle(server: Server, event: 'connection' | 'secureConnection', clock: Clock, ms: number): void {
  const cancels = new Map<Socket, () => void>();
  const busy = (socket: Socket): void => {
    cancels.get(socket)?.();
    cancels.delete(socket);
  };
  const idle = (socket: Socket): void => {
    if (socket.destroyed) return;
    busy(socket);
    cancels.set(
      socket,
      clock.schedule(ms, () => socket.destroy()),
    );
  };
  server.on(event, (socket: Socket) => {
    idle(socket);
    socket.once('close', () => busy(socket));
  });
  server.on('request', ({ socket }, response) => {
    busy(socket);
    response.once('close', () => idle(socket));
  });
}
