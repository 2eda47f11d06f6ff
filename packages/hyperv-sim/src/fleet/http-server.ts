import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Windows keeps idle connections for two minutes (HTTP.sys). */
const keepAliveMs = 120_000;

/** An HTTP server on loopback. */
export interface LoopbackServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 takes any that is free. Rejects when the port is taken. */
export async function listenOnLoopback(handler: RequestListener, port: number): Promise<LoopbackServer> {
  const server: Server = createServer({ keepAliveTimeout: keepAliveMs, requestTimeout: 0 }, handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
