import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { abortable } from '../core/abortable.ts';
import type { TlsPolicy } from './tls-policy.ts';

/** What is being sent belongs to a socket that is gone; none of it went out. */
export class SocketGoneError extends Error {
  override readonly name = 'SocketGoneError';
}

/**
 * Makes the sockets of one connection. A mechanism that binds its tokens to the host's certificate has to know it before the
 * first request, while undici connects with the request: so a socket can be made ahead, for undici to take.
 */
export class Dialer {
  readonly #dial: buildConnector.connector;
  readonly #target: buildConnector.Options;
  #ahead: Socket | undefined;
  /**
   * Whether what is being sent belongs to the socket that there is. undici makes another one by itself where that has gone
   * meanwhile, and a sealed message or the later leg of a handshake has nothing to say there.
   */
  bound = false;
  #certificate: Buffer | undefined;

  constructor(url: URL, timeoutMs: number, tls: TlsPolicy) {
    const dial = buildConnector({
      ...tls.connect,
      timeout: timeoutMs,
      allowH2: false,
      // A resumed TLS session need not show the certificate again.
      maxCachedSessions: 0,
    });
    this.#dial = (options, callback) => {
      dial(options, (...result) => {
        const [, socket] = result;
        this.#certificate = undefined;
        const objection = socket instanceof TLSSocket ? this.#objection(socket, tls) : undefined;
        if (objection === undefined) callback(...result);
        else {
          socket?.destroy();
          callback(objection, null);
        }
      });
    };
    const { host, protocol, port } = url;
    this.#target = { host, hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), protocol, port };
  }

  /** The certificate (DER) that the host showed on the latest socket; undefined without TLS. */
  get certificate(): Buffer | undefined {
    return this.#certificate;
  }

  /** For undici, when it needs a socket. */
  readonly connect: buildConnector.connector = (options, callback) => {
    if (this.bound) {
      queueMicrotask(() => callback(new SocketGoneError('The connection has gone'), null));
      return;
    }
    const ahead = this.#ahead;
    this.#ahead = undefined;
    // Later, as undici expects of a connector: it would not notice a socket that it has at once.
    if (ahead !== undefined && !ahead.destroyed) queueMicrotask(() => callback(null, ahead));
    else {
      this.#dial(options, callback);
    }
  };

  /** Makes the socket that `connect` will hand out. Rejects with why there is none, or with the signal's reason. */
  async prepare(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const made = Promise.withResolvers<undefined>();
    this.#dial(this.#target, (error, socket) => {
      if (error !== null) {
        made.reject(error);
        return;
      }
      if (signal.aborted) socket.destroy();
      else this.#ahead = socket;
      made.resolve(undefined);
    });
    await abortable(made.promise, signal);
  }

  /** Closes the socket that was made ahead and not handed out. */
  discard(): void {
    this.#ahead?.destroy();
    this.#ahead = undefined;
  }

  #objection(socket: TLSSocket, tls: TlsPolicy): Error | undefined {
    // Once: Node takes the certificate off the chain that came, and the next call would give the issuer's.
    const shown = socket.getPeerX509Certificate();
    this.#certificate = shown?.raw;
    return tls.objection(socket, shown);
  }
}
