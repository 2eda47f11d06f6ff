import type { Socket } from 'node:net';
import type { Authenticator, ConnectionAuthentication } from '../../../src/client/index.ts';
import type { MessageSession, ServerAuthentication } from '../../../src/server/index.ts';
import type { MessageBody } from '../../../src/wsman/index.ts';

/** Reverses bodies and counts them: a seal that only works in order, with the keys of its own connection. */
class Seal implements MessageSession {
  readonly #key: string;
  #sealed = 0;
  #opened = 0;

  constructor(key: string) {
    this.#key = key;
  }

  seal({ body }: MessageBody): MessageBody {
    this.#sealed += 1;
    return {
      contentType: `multipart/x-sealed;key="${this.#key}-${this.#sealed}"`,
      body: Buffer.from(body).reverse(),
    };
  }

  open({ contentType, body }: MessageBody): Buffer {
    this.#opened += 1;
    if (contentType !== `multipart/x-sealed;key="${this.#key}-${this.#opened}"`)
      throw new Error('wrong seal');
    return Buffer.from(body).reverse();
  }
}

/** A mechanism of two legs that seals and authenticates a connection, as Negotiate does. */
export function twoLegs() {
  const seals = new Map<Socket, Seal>();
  const state = { contexts: 0, disposed: 0, bodiesBefore: 0, accept: true };
  const server: ServerAuthentication = (http) => {
    const seal = seals.get(http.socket);
    const token = http.headers.authorization;
    if (token === undefined && seal !== undefined) {
      return Promise.resolve({ kind: 'accepted', principal: 'operator', session: seal });
    }
    if (http.headers['content-length'] !== '0') state.bodiesBefore += 1;
    if (token?.startsWith('Two second') === true && state.accept) {
      const key = token.slice('Two second '.length);
      seals.set(http.socket, new Seal(key));
      return Promise.resolve({
        kind: 'accepted',
        principal: 'operator',
        wwwAuthenticate: [`Two done-${key}`],
      });
    }
    const reply = token === undefined ? 'Two' : `Two challenge-${seals.size}`;
    return Promise.resolve({ kind: 'challenge', wwwAuthenticate: ['Other', reply] });
  };
  const authenticator: Authenticator = {
    exposesSecret: false,
    forConnection: () => {
      state.contexts += 1;
      return new Context(() => (state.disposed += 1));
    },
  };
  return { server, authenticator, state, forget: () => seals.clear() };
}

class Context implements ConnectionAuthentication {
  readonly #onDispose: () => void;
  #key = '';
  #seal = new Seal('');

  constructor(onDispose: () => void) {
    this.#onDispose = onDispose;
  }

  step(
    challenge: Parameters<ConnectionAuthentication['step']>[0],
  ): ReturnType<ConnectionAuthentication['step']> {
    if (challenge === undefined) return Promise.resolve({ kind: 'leg', authorization: 'Two first' });
    const token = challenge.wwwAuthenticate.find((value) => value.startsWith('Two '))?.slice(4) ?? '';
    if (token.startsWith('challenge-')) {
      this.#key = token;
      this.#seal = new Seal(token);
      if (challenge.status === 401) {
        return Promise.resolve({ kind: 'leg', authorization: `Two second ${token}` });
      }
    }
    if (challenge.status !== 401 && token === `done-${this.#key}`) return Promise.resolve({ kind: 'ready' });
    return Promise.resolve({ kind: 'refused', reason: 'the host could not prove itself' });
  }

  wrap(message: MessageBody): MessageBody {
    return this.#seal.seal(message);
  }

  unwrap(message: MessageBody): Buffer {
    return this.#seal.open(message);
  }

  dispose(): void {
    this.#onDispose();
  }
}
