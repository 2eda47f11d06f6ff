import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { basic, WsmanClient, WsmanError } from '../../src/client/index.ts';
import { connectionError } from '../../src/client/errors.ts';
import type { Interceptor } from '../../src/server/index.ts';
import { bytes, contentOf, fragmentOf } from '../server/fake-backend.ts';
import { FakeClock, Harness, until, testUser } from '../server/harness.ts';
import { authenticator, clientOf, failure, never, opened, transportTo } from './connect.ts';

describe('a host that cannot be reached', () => {
  test('a wrong password is access-denied and nothing started', async () => {
    await using harness = await Harness.start();
    const client = clientOf(harness, { authenticator: basic(testUser, 'wrong') });
    const error = await failure(client.identify());
    expect(error).toMatchObject({ code: 'access-denied', status: 401, started: false });
    expect(harness.listener.traffic.requests).toBe(0);
    await client.close();
  });

  test('a different path is no-endpoint', async () => {
    await using harness = await Harness.start();
    const client = clientOf(harness, { url: harness.url.replace('/wsman', '/other') });
    expect(await failure(client.identify())).toMatchObject({ code: 'no-endpoint', status: 404 });
    await client.close();
  });

  test('a closed port is refused, and nothing started', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const client = new WsmanClient({ url: `http://127.0.0.1:${port}/wsman`, authenticator });
    expect(await failure(client.identify())).toMatchObject({ code: 'refused', started: false });
    await client.close();
  });

  test.each([
    ['ENOTFOUND', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
    ['ECONNREFUSED', 'refused'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ])('%s while connecting is %s, and nothing started', (cause, code) => {
    const raw = Object.assign(new Error('raw'), { code: cause });
    expect(connectionError(raw, false, 'host')).toMatchObject({ code, started: false, cause: raw });
    const both = new AggregateError([raw, new Error('other')]);
    expect(connectionError(both, false, 'host')).toMatchObject({ code, started: false });
  });

  test('plain HTTP where TLS is expected is tls', async () => {
    await using harness = await Harness.start();
    const client = clientOf(harness, { url: harness.url.replace('http:', 'https:') });
    expect(await failure(client.identify())).toMatchObject({ code: 'tls', started: false });
    await client.close();
  });

  test.each(['http://host01.example.net:5985/wsman', 'http://127.0.0.1.example.net/wsman'])(
    'Basic to %s is refused before anything is sent',
    (url) => {
      const make = (options: { allowPlainCredentials?: boolean }) =>
        new WsmanClient({ url, authenticator, ...options });
      expect(() => make({})).toThrow(expect.objectContaining({ code: 'insecure', started: false }));
      expect(make({ allowPlainCredentials: true })).toBeInstanceOf(WsmanClient);
    },
  );

  test.each(['ftp://host/wsman', 'http://user:secret@127.0.0.1/wsman'])('the URL %s is refused', (url) => {
    expect(() => new WsmanClient({ url, authenticator })).toThrow(TypeError);
  });

  test('secrets do not appear in errors, inspection or serialization', async () => {
    await using harness = await Harness.start();
    const secret = 'correct horse battery';
    const client = clientOf(harness, { authenticator: basic(testUser, secret) });
    const error = await failure(client.identify());
    const { inspect } = await import('node:util');
    const seen = [
      error.stack,
      inspect(error, { depth: 10 }),
      inspect(client, { depth: 10, showHidden: true }),
    ];
    for (const text of seen) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(`${testUser}:${secret}`).toString('base64'));
    }
    await client.close();
  });
});

describe('a failure during a request', () => {
  const cases: readonly [string, WsmanError['code'], Interceptor][] = [
    [
      'a cut connection',
      'connection-lost',
      ({ http }) => (http.socket.destroy(), Promise.resolve(undefined)),
    ],
    [
      'a cut in the middle of the body',
      'connection-lost',
      async ({ response }, next) => {
        const reply = await next();
        if (reply === undefined) return undefined;
        response.writeHead(200, { ...reply.headers, 'content-length': reply.body.length });
        response.write(reply.body.subarray(0, 100), () => response.destroy());
        return undefined;
      },
    ],
    ['silence', 'timeout', () => Promise.resolve(undefined)],
    [
      'silence in the middle of the body',
      'timeout',
      async ({ response }, next) => {
        const reply = await next();
        response.writeHead(200, { ...reply?.headers, 'content-length': 10_000 });
        response.write('<s:Envelope');
        return undefined;
      },
    ],
    ['an answer without end', 'protocol', () => Promise.resolve(reply(200, 'x'.repeat(1_000_000)))],
    ['an answer that is not XML', 'protocol', () => Promise.resolve(reply(200, 'It works!'))],
    ['a web page', 'protocol', () => Promise.resolve(reply(503, '<html>busy</html>'))],
    ['an empty 400', 'protocol', () => Promise.resolve(reply(400, ''))],
    ['a document type', 'protocol', () => Promise.resolve(reply(200, '<!DOCTYPE a><a/>'))],
  ];

  test.each(cases)('%s is %s', async (_, code, intercept) => {
    await using harness = await Harness.start({ intercept });
    const client = clientOf(harness, { operationTimeoutMs: 100, timeoutSlackMs: 200 });
    expect(await failure(client.identify())).toMatchObject({ code });
    await client.close();
  });

  test('an aborted call rejects with its reason, and the next one works', async () => {
    let silent = true;
    await using harness = await Harness.start({
      intercept: (_, next) => (silent ? Promise.resolve(undefined) : next()),
    });
    const client = clientOf(harness);
    const controller = new AbortController();
    const call = client.identify(controller.signal);
    await until(() => harness.listener.traffic.requests === 1);
    const reason = new Error('changed my mind');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(client.identify(controller.signal)).rejects.toBe(reason);
    silent = false;
    await client.identify();
    await client.close();
  });

  test('closing rejects pending and later calls', async () => {
    await using harness = await Harness.start({ intercept: () => Promise.resolve(undefined) });
    const client = clientOf(harness, { maxConnections: 2 });
    const calls = [client.identify(), client.identify(), client.identify()].map(failure);
    await until(() => harness.listener.traffic.requests === 2);
    await client.close();
    for (const error of await Promise.all(calls)) expect(error.code).toBe('closed');
    expect((await failure(client.identify())).code).toBe('closed');
  });

  test('a request is never sent again when it may have started', async () => {
    await using harness = await Harness.start({
      intercept: async ({ http, action }, next) => {
        const answer = await next();
        if (action === 'command') http.socket.destroy();
        return action === 'command' ? undefined : answer;
      },
    });
    const { transport } = await opened(harness);
    const error = await failure(transport.createCommand(randomUUID(), bytes('once'), never));
    expect(error).toMatchObject({ code: 'connection-lost', started: true });
    expect(harness.backend.shells[0]?.commands).toHaveLength(1);
    await transport.close();
  });

  test('closing a transport whose host is silent ends within its limit, with an error', async () => {
    await using harness = await Harness.start({
      intercept: ({ action }, next) => (action === 'delete' ? Promise.resolve(undefined) : next()),
    });
    const { transport } = await opened(harness, { closeTimeoutMs: 50 });
    await expect(transport.close()).rejects.toThrow();
    expect(harness.sockets.size).toBeLessThanOrEqual(1);
  });

  test('a transport that failed to open before anything began sends nothing more', async () => {
    await using harness = await Harness.start();
    const transport = transportTo(harness, { authenticator: basic(testUser, 'wrong') });
    const open = transport.open({ poolId: randomUUID(), creation: bytes('x') }, never);
    expect((await failure(open)).code).toBe('access-denied');
    await transport.close();
  });

  test('a shell whose Create got no response is deleted all the same', async () => {
    await using harness = await Harness.start({
      intercept: async ({ http, action }, next) => {
        const answer = await next();
        if (action !== 'create') return answer;
        http.socket.destroy();
        return undefined;
      },
    });
    const transport = transportTo(harness);
    const open = transport.open({ poolId: randomUUID(), creation: bytes('x') }, never);
    expect((await failure(open)).code).toBe('connection-lost');
    expect(harness.listener.shellCount).toBe(1);
    await transport.close();
    expect(harness.listener.shellCount).toBe(0);
  });

  test('a transport that never opened closes without a request', async () => {
    await using harness = await Harness.start();
    await transportTo(harness).close();
    expect(harness.connections).toBe(0);
  });
});

describe('refusals of a host', () => {
  test('an unknown resource URI is no-endpoint', async () => {
    await using harness = await Harness.start();
    const resourceUri = 'http://schemas.microsoft.com/powershell/Other';
    const error = await failure(opened(harness, { resourceUri }));
    expect(error.code).toBe('no-endpoint');
    expect(error.fault?.known).toBe('resourceNotFound');
  });

  test('an idle timeout below a minute', async () => {
    await using harness = await Harness.start();
    const error = await failure(opened(harness, { idleTimeoutMs: 59_000 }));
    expect(error.fault?.known).toBe('idleTimeoutBounds');
  });

  test('a repeated CommandId, an unknown one, a second Receive', async () => {
    await using harness = await Harness.start();
    const { transport } = await opened(harness);
    const id = randomUUID();
    await transport.createCommand(id, bytes('a'), never);
    const again = await failure(transport.createCommand(id, bytes('a'), never));
    expect([again.code, again.fault?.known]).toEqual(['fault', 'commandExists']);
    const unknown = await failure(transport.signal(randomUUID(), 'stop', never));
    expect(unknown.fault?.isShellNotFound).toBe(true);
    const stop = new AbortController();
    const first = transport.receive(id, stop.signal)[Symbol.asyncIterator]().next();
    await until(() => harness.listener.traffic.byAction.receive === 1);
    const second = await failure(transport.receive(id, never)[Symbol.asyncIterator]().next());
    expect(second.fault?.known).toBe('receiveInProgress');
    stop.abort(new Error('done'));
    await expect(first).rejects.toThrow('done');
    await transport.close();
  });

  test('more shells than a user may have', async () => {
    await using harness = await Harness.start({ quotas: { shellsPerUser: 2 } });
    const one = await opened(harness);
    const two = await opened(harness);
    const error = await failure(opened(harness));
    expect(error).toMatchObject({ code: 'quota', started: false, fault: { known: 'endpointShellQuota' } });
    await two.transport.close();
    const three = await opened(harness);
    await Promise.all([one.transport.close(), three.transport.close()]);
  });

  test('more commands than a shell may have, unless they are signalled to terminate', async () => {
    await using harness = await Harness.start({ quotas: { commandsPerShell: 2 } });
    const { transport } = await opened(harness);
    const ids = Array.from({ length: 4 }, () => randomUUID());
    const [a = '', b = '', c = '', d = ''] = ids;
    await transport.createCommand(a, bytes('a'), never);
    await transport.createCommand(b, bytes('b'), never);
    const error = await failure(transport.createCommand(c, bytes('c'), never));
    expect(error).toMatchObject({ code: 'quota', started: false, fault: { known: 'commandQuota' } });
    await transport.signal(a, 'terminate', never);
    await transport.createCommand(d, bytes('d'), never);
    await transport.close();
  });

  test('what a backend rejects is a fault with its message', async () => {
    await using harness = await Harness.start();
    harness.backend.onOpen = () => Promise.reject(new Error('no runspace left'));
    const error = await failure(opened(harness));
    expect(error.code).toBe('fault');
    expect(error.message).toContain('no runspace left');
    expect(harness.listener.shellCount).toBe(0);
  });

  test('the shell of another account does not exist', async () => {
    await using harness = await Harness.start({
      authentication: (http) =>
        Promise.resolve({ kind: 'accepted', principal: http.headers.authorization ?? '' }),
    });
    const { transport, poolId } = await opened(harness);
    const client = clientOf(harness, { authenticator: basic('mallory', 'x') });
    const shell = {
      resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
      shellId: poolId,
    };
    const error = await failure(client.request({ action: 'delete', ...shell }));
    expect(error.fault?.isShellNotFound).toBe(true);
    expect(await client.shells()).toEqual([]);
    await client.close();
    await transport.close();
  });
});

describe('a shell without requests', () => {
  test('is Disconnected after a minute, can be reconnected, and answers 400 after two', async () => {
    const clock = new FakeClock();
    await using harness = await Harness.start({ clock });
    const { poolId } = await opened(harness);
    const client = clientOf(harness);
    const shell = {
      resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
      shellId: poolId,
    };
    const send = () => client.request({ action: 'send', ...shell, stream: 'stdin', data: bytes('x') });

    clock.advance(59_999);
    await send();
    clock.advance(60_000);
    expect(await client.shells()).toMatchObject([{ state: 'Disconnected' }]);
    expect((await failure(send())).fault?.known).toBe('shellDisconnected');
    await client.request({ action: 'reconnect', ...shell });
    await send();
    clock.advance(120_000);
    expect(await failure(send())).toMatchObject({ code: 'protocol', status: 400 });
    await client.close();
  });

  test('is reconnected by its transport, which then continues', async () => {
    const clock = new FakeClock();
    await using harness = await Harness.start({ clock });
    const { transport } = await opened(harness);
    clock.advance(60_000);
    await transport.send('stdin', bytes('back'), undefined, never);
    expect(harness.backend.shells[0]?.sent).toEqual([{ stream: 'stdin', data: 'back' }]);
    expect(harness.listener.traffic.byAction.reconnect).toBe(1);
    await transport.close();
  });

  test('stays while a Receive is pending', async () => {
    const clock = new FakeClock();
    await using harness = await Harness.start({ clock });
    const { transport } = await opened(harness, { operationTimeoutMs: 600_000 });
    const stop = new AbortController();
    const pending = transport.receive(undefined, stop.signal)[Symbol.asyncIterator]().next();
    await until(() => harness.listener.traffic.byAction.receive === 1);
    clock.advance(300_000);
    await transport.send('stdin', bytes('x'), undefined, never);
    await transport.close();
    expect(await pending).toEqual({ done: true, value: undefined });
  });

  test('is deleted after its idle timeout, and its backend closed', async () => {
    const clock = new FakeClock();
    await using harness = await Harness.start({ clock });
    const { transport } = await opened(harness, { idleTimeoutMs: 600_000 });
    clock.advance(599_999);
    expect(harness.listener.shellCount).toBe(1);
    clock.advance(1);
    expect(harness.listener.shellCount).toBe(0);
    await until(() => harness.backend.shells[0]?.closed === 1);
    const error = await failure(transport.send('stdin', bytes('x'), undefined, never));
    expect(error.fault?.isShellNotFound).toBe(true);
    await transport.close();
  });

  test('keeps output for a client that disconnects and returns', async () => {
    await using harness = await Harness.start();
    const { poolId } = await opened(harness);
    const client = clientOf(harness);
    const shell = {
      resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
      shellId: poolId,
    };
    const pending = failure(client.request({ action: 'receive', ...shell, streams: 'stdout' }));
    await until(() => harness.listener.traffic.byAction.receive === 1);
    await client.request({ action: 'disconnect', ...shell });
    expect((await pending).fault?.known).toBe('streamDisconnected');
    void harness.backend.shells[0]?.opening.output.write(fragmentOf('kept'));
    await client.request({ action: 'reconnect', ...shell });
    const answer = await client.request({ action: 'receive', ...shell, streams: 'stdout' });
    expect(answer.chunks.map(({ data }) => contentOf(data).toString())).toEqual(['kept']);
    await client.close();
  });
});

function reply(status: number, body: string) {
  return { status, headers: {}, body: Buffer.from(body) };
}
