import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { abortable } from '../core/abortable.ts';
import type { TlsPolicy } from './tls-policy.ts';

/** Request that belongs to a closed socket; none of it was sent. */
export class SocketGoneError extends Error {
  override readonly name = 'SocketGoneError';
}

/**
 * Opens the sockets of one connection. A mechanism that binds its tokens to the host's certificate needs it before the
 * first request, but undici connects only with a request: a socket can therefore be opened ahead and handed to undici.
 */
export class Dialer {
  readonly #dial: buildConnector.connector;
  readonly #target: buildConnector.Options;
  #ahead: Socket | undefined;
  /**
   * True if the current request belongs to the existing socket. If that socket has closed, undici would open another
   * one, on which a sealed message or a later leg of a handshake is invalid.
   */
  bound = false;
  #certificate: Buffer | undefined;

  constructor(url: URL, timeoutMs: number, tls: TlsPolicy) {
    const dial = buildConnector({
      ...tls.connect,
      timeout: timeoutMs,
      allowH2: false,
      // In a resumed TLS session the host need not present its certificate again.
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

  /** Certificate (DER) that the host presented on the latest socket; undefined without TLS. */
  get certificate(): Buffer | undefined {
    return this.#certificate;
  }

  /** Connector for undici. */
  readonly connect: buildConnector.connector = (options, callback) => {
    if (this.bound) {
      queueMicrotask(() => callback(new SocketGoneError('The connection was closed'), null));
      return;
    }
    const ahead = this.#ahead;
    this.#ahead = undefined;
    // Deferred: undici ignores a socket that a connector returns synchronously.
    if (ahead !== undefined && !ahead.destroyed) queueMicrotask(() => callback(null, ahead));
    else {
      this.#dial(options, callback);
    }
  };

  /** Opens the socket that `connect` will hand out. Rejects with the connection error, or with the signal's reason. */
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

  /** Closes a socket that was opened ahead and not handed out. */
  discard(): void {
    this.#ahead?.destroy();
    this.#ahead = undefined;
  }

  #objection(socket: TLSSocket, tls: TlsPolicy): Error | undefined {
    // Called once: Node removes the certificate from the chain, and a second call would return the issuer's.
    const shown = socket.getPeerX509Certificate();
    this.#certificate = shown?.raw;
    return tls.objection(socket, shown);
  }
}
