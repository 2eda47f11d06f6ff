import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Authenticator, ConnectionAuthentication } from '../../src/client/index.ts';
import { Harness, until } from '../server/harness.ts';
import { clientOf, failure } from './connect.ts';
import { twoLegs } from './support/two-legs.ts';

describe('a mechanism that authenticates connections', () => {
  test('authenticates with empty bodies, then seals every message', async () => {
    const mechanism = twoLegs();
    await using harness = await Harness.start({ authentication: mechanism.server });
    const client = clientOf(harness, { authenticator: mechanism.authenticator });
    for (let round = 0; round < 3; round += 1) {
      expect(await client.identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
    }
    expect(mechanism.state).toMatchObject({ contexts: 1, disposed: 0, bodiesBefore: 0 });
    expect(harness.connections).toBe(1);
    await client.close();
    expect(mechanism.state.disposed).toBe(1);
  });

  test('each connection has its own context', async () => {
    const mechanism = twoLegs();
    let held = 0;
    const release = Promise.withResolvers<undefined>();
    await using harness = await Harness.start({
      authentication: mechanism.server,
      intercept: async ({ action }, next) => {
        if (action === 'identify') {
          held += 1;
          if (held === 3) release.resolve(undefined);
          await release.promise;
        }
        return next();
      },
    });
    const client = clientOf(harness, { authenticator: mechanism.authenticator });
    await Promise.all([client.identify(), client.identify(), client.identify()]);
    expect(mechanism.state).toMatchObject({ contexts: 3, bodiesBefore: 0 });
    await client.close();
    expect(mechanism.state.disposed).toBe(3);
  });

  test('a lost connection loses its context; the next request authenticates again', async () => {
    const mechanism = twoLegs();
    await using harness = await Harness.start({ authentication: mechanism.server });
    const client = clientOf(harness, { authenticator: mechanism.authenticator });
    await client.identify();
    for (const socket of harness.sockets) socket.destroy();
    await until(() => mechanism.state.disposed === 1);
    await client.identify();
    expect(mechanism.state).toMatchObject({ contexts: 2, disposed: 1, bodiesBefore: 0 });
    await client.close();
  });

  test('a sealed message is never sent on an unauthenticated connection', async () => {
    const mechanism = twoLegs();
    await using harness = await Harness.start({ authentication: mechanism.server });
    const client = clientOf(harness, { authenticator: mechanism.authenticator });
    for (let round = 1; round <= 50; round += 1) {
      await client.identify();
      // The host closes; the next request is made before the client may have noticed.
      for (const socket of harness.sockets) socket.destroy();
      for (let turn = 0; turn < round % 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await client.identify().catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'connection-lost' });
      });
    }
    expect(mechanism.state.bodiesBefore).toBe(0);
    await client.close();
  });

  test('a host that forgot the connection receives the request again on a fresh context, once', async () => {
    const mechanism = twoLegs();
    await using harness = await Harness.start({ authentication: mechanism.server });
    const client = clientOf(harness, { authenticator: mechanism.authenticator });
    await client.identify();
    mechanism.forget();
    await client.identify();
    expect(mechanism.state).toMatchObject({ contexts: 2, disposed: 1 });
    mechanism.forget();
    mechanism.state.accept = false;
    expect((await failure(client.identify())).code).toBe('access-denied');
    await client.close();
  });

  test('a connection lost between two legs is not a refusal', async () => {
    const mechanism = twoLegs();
    const started = new Set<Socket>();
    await using harness = await Harness.start({
      authentication: (http) => {
        if (http.headers.authorization === 'Two first') started.add(http.socket);
        // The second leg means nothing on another socket than the first.
        if (http.headers.authorization !== undefined && !started.has(http.socket)) {
          return Promise.resolve({ kind: 'challenge', wwwAuthenticate: ['Two'] });
        }
        return mechanism.server(http);
      },
    });
    harness.server.on('request', (_, response) => {
      if (harness.connections === 1) response.setHeader('connection', 'close');
    });
    const client = clientOf(harness, { authenticator: mechanism.authenticator });
    expect(await failure(client.identify())).toMatchObject({ code: 'connection-lost', started: false });
    await client.identify();
    await client.close();
  });

  test.each<[string, Partial<ConnectionAuthentication>, object]>([
    [
      'a step that fails is access-denied',
      { step: () => Promise.reject(new Error('no ticket')) },
      { code: 'access-denied', started: false, message: 'Access denied: no ticket' },
    ],
    [
      'a message that cannot be sealed never started',
      {
        wrap: () => {
          throw new Error('no key');
        },
      },
      { code: 'protocol', started: false },
    ],
    [
      'an answer whose seal does not fit is protocol',
      {
        unwrap: () => {
          throw new Error('forged');
        },
      },
      { code: 'protocol', started: true },
    ],
    [
      'a step that never ends is bounded by the call',
      { step: () => new Promise(() => undefined) },
      { code: 'timeout' },
    ],
  ])('%s', async (_, parts, expected) => {
    await using harness = await Harness.start({
      authentication: () => Promise.resolve({ kind: 'accepted', principal: 'operator' }),
    });
    let disposed = 0;
    const authenticator: Authenticator = {
      exposesSecret: false,
      forConnection: () => ({
        step: () => Promise.resolve({ kind: 'ready' }),
        wrap: (message) => message,
        unwrap: ({ body }) => body,
        dispose: () => (disposed += 1),
        ...parts,
      }),
    };
    const client = clientOf(harness, { authenticator, operationTimeoutMs: 100, timeoutSlackMs: 100 });
    expect(await failure(client.identify())).toMatchObject(expected);
    await client.close();
    expect(disposed).toBe(1);
  });

  /** A client whose mechanism takes every connection for authenticated, at a host that refuses them all. */
  async function refused(told: () => Promise<never>, signal?: AbortSignal): Promise<unknown> {
    await using harness = await Harness.start({
      authentication: () => Promise.resolve({ kind: 'challenge', wwwAuthenticate: ['One'] }),
    });
    const mechanism: Authenticator = {
      exposesSecret: false,
      forConnection: () => ({
        step: (challenge) =>
          challenge === undefined ? Promise.resolve({ kind: 'ready', authorization: 'One' }) : told(),
        wrap: (message) => message,
        unwrap: ({ body }) => body,
        dispose: () => undefined,
      }),
    };
    const client = clientOf(harness, { authenticator: mechanism });
    const error: unknown = await client.identify(signal).catch((reason: unknown) => reason);
    await client.close();
    return error;
  }

  test('a mechanism that fails when notified of a refusal does not change the refusal', async () => {
    const error = await refused(() => Promise.reject(new Error('no words for this')));
    expect(error).toMatchObject({ code: 'access-denied', started: false });
  });

  test('a mechanism that hangs when notified of a refusal does not outlast the call', async () => {
    const stop = new AbortController();
    const enough = new Error('enough');
    const told = (): Promise<never> => {
      stop.abort(enough);
      return new Promise<never>(() => undefined);
    };
    expect(await refused(told, stop.signal)).toBe(enough);
  });

  test('an endless handshake is abandoned', async () => {
    const mechanism = twoLegs();
    mechanism.state.accept = false;
    await using harness = await Harness.start({ authentication: mechanism.server });
    const client = clientOf(harness, { authenticator: mechanism.authenticator });
    expect(await failure(client.identify())).toMatchObject({ code: 'access-denied', started: false });
    expect(harness.listener.traffic.requests).toBe(0);
    await client.close();
  });
});
