import { once } from 'node:events';
import { connect } from 'node:net';

const identify =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>';

/** One Identify on a connection of its own, seen as bytes. */
export class RawExchange implements Disposable {
  /** Everything that came so far. */
  received = '';
  readonly #socket;
  readonly #closed: Promise<unknown>;

  constructor(url: string, user: string, password: string) {
    const { hostname, port, pathname, host } = new URL(url);
    this.#socket = connect(Number(port), hostname);
    this.#closed = new Promise((resolve) => this.#socket.once('close', resolve));
    this.#socket.on('error', () => undefined); // a reset shows as the close that follows
    this.#socket.on('data', (bytes) => (this.received += bytes.toString('latin1')));
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const head = `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${authorization}\r\nContent-Type: application/soap+xml;charset=UTF-8\r\nContent-Length: ${identify.length}\r\n\r\n`;
    this.#socket.write(head + identify);
  }

  /** Whether the server still holds the connection. */
  get open(): boolean {
    return !this.#socket.destroyed && !this.#socket.readableEnded;
  }

  /** Resolves when something has come. */
  async data(): Promise<void> {
    if (this.received === '') await once(this.#socket, 'data');
  }

  /** Resolves when the connection is over. */
  async closed(): Promise<void> {
    await this.#closed;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
