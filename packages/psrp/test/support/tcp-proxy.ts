import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * What happens to one connection. Client and host take turns (a request, its answer, the next request); the trouble comes
 * in the turn and direction given, once so many bytes of it went through.
 */
export interface Trouble {
  /** 1 for the first request or answer of the connection. */
  readonly turn: number;
  readonly direction: 'request' | 'answer';
  readonly afterBytes: number;
  /**
   * `cut` resets both sides. `stall` passes nothing on any more, either way. `half-open` lets the host see the connection
   * end, while the client is left with a socket on which nothing ever comes.
   */
  readonly then: 'cut' | 'stall' | 'half-open';
}

/** How the proxy treats a connection. */
export type Treatment =
  | 'pass'
  /** Accepts it and resets it at once. */
  | 'reset'
  /** Passes everything on, no faster than this each way. */
  | { readonly bytesPerSecond: number }
  | Trouble;

/** A network between a client and a host on loopback that does what a test says. */
export class TcpProxy implements AsyncDisposable {
  /** How the next connection is treated; after it, connections pass. */
  next: Treatment = 'pass';
  /** Connections whose trouble has come. */
  troubled = 0;
  readonly #upstreamPort: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(upstreamPort: number) {
    this.#upstreamPort = upstreamPort;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** A proxy to a port on loopback, on a free one. */
  static async start(upstreamPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(upstreamPort);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Where clients find it. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Sockets that are open, of both sides. */
  get sockets(): number {
    return this.#sockets.size;
  }

  /** Resets all connections. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cutAll();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket): void {
    const treatment = this.next;
    this.next = 'pass';
    this.#keep(client);
    if (treatment === 'reset') {
      this.troubled += 1;
      client.resetAndDestroy();
      return;
    }
    const host = connect(this.#upstreamPort, '127.0.0.1');
    this.#keep(host);
    for (const [side, other] of [
      [client, host],
      [host, client],
    ] as const) {
      side.on('end', () => other.end());
      side.on('close', () => other.destroy());
    }
    const onTrouble = (then: Trouble['then']): void => {
      this.troubled += 1;
      if (then === 'cut') {
        client.resetAndDestroy();
        host.resetAndDestroy();
      } else if (then === 'half-open') {
        host.removeAllListeners('close').removeAllListeners('end');
        host.destroy();
        this.#keep(host);
      }
    };
    new Link(client, host, treatment, onTrouble);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (socket.destroyed) this.#sockets.delete(socket);
  }
}

/** Passes the bytes of one connection on. */
class Link {
  readonly #treatment: Exclude<Treatment, 'reset'>;
  readonly #onTrouble: (then: Trouble['then']) => void;
  readonly #ends: Readonly<Record<Trouble['direction'], Socket>>;
  #direction: Trouble['direction'] = 'answer';
  #turn = 0;
  /** Bytes that went through in this turn and direction. */
  #passed = 0;
  #over = false;

  constructor(
    client: Socket,
    host: Socket,
    treatment: Exclude<Treatment, 'reset'>,
    onTrouble: (then: Trouble['then']) => void,
  ) {
    this.#treatment = treatment;
    this.#onTrouble = onTrouble;
    this.#ends = { request: host, answer: client };
    client.on('data', (data: Buffer) => this.#take('request', data, client));
    host.on('data', (data: Buffer) => this.#take('answer', data, host));
  }

  #take(direction: Trouble['direction'], data: Buffer, from: Socket): void {
    if (this.#over) return;
    if (direction !== this.#direction) {
      this.#direction = direction;
      this.#passed = 0;
      if (direction === 'request') this.#turn += 1;
    }
    const treatment = this.#treatment;
    if (treatment === 'pass') this.#ends[direction].write(data);
    else if ('bytesPerSecond' in treatment) this.#slowly(direction, data, from, treatment.bytesPerSecond);
    else this.#until(treatment, direction, data);
  }

  #slowly(direction: Trouble['direction'], data: Buffer, from: Socket, bytesPerSecond: number): void {
    this.#ends[direction].write(data);
    from.pause();
    const timer = setTimeout(() => from.resume(), (data.length / bytesPerSecond) * 1000);
    from.once('close', () => clearTimeout(timer));
  }

  #until(trouble: Trouble, direction: Trouble['direction'], data: Buffer): void {
    const isHere = trouble.turn === this.#turn && trouble.direction === direction;
    const room = isHere ? trouble.afterBytes - this.#passed : Infinity;
    this.#passed += data.length;
    const target = this.#ends[direction];
    if (data.length < room) {
      target.write(data);
      return;
    }
    this.#over = true;
    const strike = (): void => this.#onTrouble(trouble.then);
    if (room === 0) strike();
    else target.write(data.subarray(0, room), strike);
  }
}
