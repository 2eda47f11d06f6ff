import type { AddressInfo, Server } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { pingInterval } from '../../src/events/event-stream.ts';
import { EventStreams } from '../../src/events/event-streams.ts';
import type { ConnectionLimits } from '../../src/http/connection-limits.ts';
import { get, openSocket } from '../support/raw-socket.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

interface Service extends TestApp {
  readonly port: number;
  /** How many requests of `/begun` the service has begun with. */
  begun(): number;
  /** Lets the oldest request of `/begun` end. */
  end(): void;
  /** How many connections are open. */
  connections(): Promise<number>;
}

/** A service with routes that end when told to, or answer much. */
async function startService(
  limits: Partial<ConnectionLimits> = {},
  environment: Record<string, string> = {},
): Promise<Service> {
  const held: (() => void)[] = [];
  let begun = 0;
  let ending = false;
  const config = { access: { public: 'test' } };
  const testApp = await startTestApp({
    limits,
    environment: { RATE_LIMIT_PER_ADDRESS: '1000000', ...environment },
    extend: (server) => {
      server.get('/begun', { config }, async () => {
        begun += 1;
        if (!ending) await new Promise<void>((resolve) => held.push(resolve));
        return 'done';
      });
      server.get('/much', { config }, (_, reply) => reply.send(Buffer.alloc(8 * 1024 * 1024, 'x')));
      server.get('/n/:n', { config }, (request, reply) => reply.send((request.params as { n: string }).n));
      server.post('/echo', { config }, (request, reply) => reply.send(request.body));
    },
  });
  await testApp.app.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    ending = true;
    for (const end of held) end();
    await testApp.app.close();
  });
  const server = testApp.app.getHttpServer() as Server;
  const { port } = server.address() as AddressInfo;
  const connections = (): Promise<number> =>
    new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
  return { ...testApp, port, begun: () => begun, end: () => held.shift()?.(), connections };
}

describe('a connection with pipelined requests', () => {
  test('has one request handled at a time', async () => {
    const service = await startService();
    const { socket, answers } = await openSocket(service.port);
    socket.write(get('/begun').repeat(50));
    await vi.waitUntil(() => service.begun() === 1, { timeout: 60_000 });
    for (let done = 1; done <= 3; done += 1) {
      service.end();
      await vi.waitUntil(() => service.begun() === done + 1 && answers() === done, { timeout: 60_000 });
    }
  });

  test('gets all responses in the order of its requests, even over many reads', async () => {
    const service = await startService();
    const { socket, text, answers } = await openSocket(service.port);
    const count = 5000;
    socket.write(Array.from({ length: count }, (_, n) => get(`/n/${n}`)).join(''));
    await vi.waitUntil(() => answers() === count, { timeout: 60_000 });
    const bodies = [...text().matchAll(/\r\n\r\n([0-9]+)/g)].map(([, body]) => Number(body));
    expect(bodies).toEqual(Array.from({ length: count }, (_, n) => n));
  });

  test('gets the responses to requests with bodies between others', async () => {
    const service = await startService();
    const { socket, text, answers } = await openSocket(service.port);
    const body = JSON.stringify({ a: 'x'.repeat(100_000) });
    const post = `POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    socket.write((get('/n/1') + post + get('/n/2')).repeat(10));
    await vi.waitUntil(() => answers() === 30, { timeout: 60_000 });
    expect(text().split(body).length - 1).toBe(10);
  });

  test('gets its responses before the error for input that is not HTTP', async () => {
    const service = await startService();
    const { socket, text, closed } = await openSocket(service.port);
    socket.write(`${get('/begun')}${get('/n/7')}this is not HTTP\r\n\r\n`);
    await vi.waitUntil(() => service.begun() === 1, { timeout: 60_000 });
    service.end();
    await closed;
    const statuses = [...text().matchAll(/HTTP\/1.1 ([0-9]+)/g)].map(([, status]) => status);
    expect(statuses).toEqual(['200', '200', '400']);
  });

  test('is closed if the body of a waiting request cannot be read', async () => {
    const service = await startService();
    const { socket, text, closed } = await openSocket(service.port);
    const head = 'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    socket.write(`${get('/begun')}${head}Transfer-Encoding: chunked\r\n\r\nthis is no chunk\r\n`);
    await vi.waitUntil(() => service.begun() === 1, { timeout: 60_000 });
    service.end();
    await closed;
    const statuses = [...text().matchAll(/HTTP\/1.1 ([0-9]+)/g)].map(([, status]) => status);
    expect(statuses).toEqual(['200', '400']);
  });

  test.each([
    [
      'expects what the service does not do',
      'GET /n/1 HTTP/1.1\r\nHost: localhost\r\nExpect: nothing\r\n\r\n',
    ],
    ['names no host', 'GET /n/1 HTTP/1.1\r\n\r\n'],
  ])('keeps its other requests waiting even if one %s', async (_, request) => {
    const service = await startService({ waitingRequests: 100 });
    const greedy = await openSocket(service.port);
    greedy.socket.write(get('/begun') + request.repeat(200));
    await vi.waitUntil(() => greedy.socket.destroyed, { timeout: 5000 });
    expect(greedy.answers()).toBe(0);
  });

  test('gets a problem for a request without a host', async () => {
    const service = await startService();
    const { socket, text, answers } = await openSocket(service.port);
    socket.write('GET /n/1 HTTP/1.1\r\n\r\n');
    await vi.waitUntil(() => answers() === 1, { timeout: 60_000 });
    expect(text()).toMatch(/^HTTP\/1.1 4[0-9]{2} /);
    expect(text()).toContain('application/problem+json');
    expect(text()).toContain('x-content-type-options');
  });

  test('is closed if more requests wait than the service allows, and others are served', async () => {
    const service = await startService({ waitingRequests: 100 });
    const greedy = await openSocket(service.port);
    greedy.socket.write(get('/begun').repeat(200));
    await greedy.closed;
    const neighbour = await openSocket(service.port);
    neighbour.socket.write(get('/n/1').repeat(50));
    await vi.waitUntil(() => neighbour.answers() === 50, { timeout: 60_000 });
  });
});

describe('connections', () => {
  test('of a trusted proxy are not limited as those of one client', async () => {
    const service = await startService({ connectionsPerClient: 2, proxies: ['127.0.0.0/30'] });
    const open = await Promise.all(Array.from({ length: 4 }, () => openSocket(service.port)));
    for (const connection of open) {
      connection.socket.write(get('/n/1'));
      await vi.waitUntil(() => connection.answers() === 1, { timeout: 60_000 });
      expect(connection.text()).toMatch(/^HTTP\/1.1 200 /);
    }
  });

  test('get 429 beyond the limit per client, and others are served', async () => {
    const service = await startService({ connectionsPerClient: 2 });
    await openSocket(service.port);
    const second = await openSocket(service.port);
    const third = await openSocket(service.port);
    await third.closed;
    expect(third.text()).toMatch(/^HTTP\/1.1 429 .*Retry-After: 5.*"code":"too-many-requests"/s);
    const neighbour = await openSocket(service.port, { from: '127.0.0.2' });
    neighbour.socket.write(get('/n/1'));
    await vi.waitUntil(() => neighbour.answers() === 1, { timeout: 60_000 });
    second.socket.destroy();
    await vi.waitUntil(
      async () => {
        const again = await openSocket(service.port);
        again.socket.write(get('/n/1'));
        await vi.waitUntil(() => again.answers() === 1, { timeout: 60_000 });
        return again.text().startsWith('HTTP/1.1 200');
      },
      { timeout: 60_000 },
    );
  });

  test('get 429 beyond the total limit', async () => {
    const service = await startService({ connections: 2 });
    await openSocket(service.port, { from: '127.0.0.2' });
    await openSocket(service.port, { from: '127.0.0.3' });
    const third = await openSocket(service.port);
    await third.closed;
    expect(third.text()).toMatch(/^HTTP\/1.1 429 /);
  });

  test('are closed if their client does not read a response', async () => {
    const service = await startService({ stallTimeoutMs: 300 });
    const { socket, closed } = await openSocket(service.port, { reads: false });
    socket.pause();
    socket.write(get('/much'));
    await vi.waitUntil(async () => (await service.connections()) === 1, { timeout: 60_000 });
    await vi.waitUntil(async () => (await service.connections()) === 0, { timeout: 60_000 });
    socket.resume();
    await closed;
  });

  test('stay open while the service itself takes long to respond', async () => {
    const service = await startService({ stallTimeoutMs: 100 });
    const { socket, text, answers } = await openSocket(service.port);
    socket.write(get('/begun'));
    await vi.waitUntil(() => service.begun() === 1, { timeout: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    service.end();
    await vi.waitUntil(() => answers() === 1, { timeout: 60_000 });
    expect(text()).toMatch(/^HTTP\/1.1 200 /);
  });

  test('are closed if no request arrives, or only a part of its headers', async () => {
    const service = await startService({ stallTimeoutMs: 300, headersTimeoutMs: 300 });
    const silent = await openSocket(service.port);
    const partial = await openSocket(service.port);
    partial.socket.write('GET / HTTP/1.1\r\nHost: loc');
    const drip = setInterval(() => partial.socket.write('a'), 100);
    onTestFinished(() => clearInterval(drip));
    await Promise.all([silent.closed, partial.closed]);
    expect(partial.text()).toMatch(/^(HTTP\/1.1 408 .*)?$/s);
  });

  test('are closed if the body of a request does not arrive in time', async () => {
    const service = await startService({ headersTimeoutMs: 300, requestTimeoutMs: 400 });
    const { socket, closed, text } = await openSocket(service.port);
    socket.write(
      'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n{',
    );
    const drip = setInterval(() => socket.write(' '), 100);
    onTestFinished(() => clearInterval(drip));
    await closed;
    expect(text()).not.toMatch(/HTTP\/1.1 200/);
  });

  test('are closed after a long idle time', async () => {
    const service = await startService({ keepAliveTimeoutMs: 200 });
    const { socket, closed, answers } = await openSocket(service.port);
    socket.write(get('/n/1'));
    await closed;
    expect(answers()).toBe(1);
  });
});

describe('unread responses', () => {
  test('cost the client that holds most its connections, without affecting others', async () => {
    const service = await startService({ unsentBytes: 20 * 1024 * 1024 });
    const neighbour = await openSocket(service.port, { from: '127.0.0.2', reads: false });
    neighbour.socket.pause();
    neighbour.socket.write(get('/much'));
    const greedy = await Promise.all(
      Array.from({ length: 6 }, () => openSocket(service.port, { reads: false })),
    );
    for (const { socket } of greedy) {
      socket.pause();
      socket.write(get('/much'));
    }
    const reader = await openSocket(service.port, { from: '127.0.0.3' });
    await vi.waitUntil(
      async () => {
        reader.socket.write(get('/n/1'));
        // The reader, the neighbour, and those of the greedy client whose answers have room.
        return (await service.connections()) <= 4;
      },
      { timeout: 60_000 },
    );
    let taken = 0;
    neighbour.socket.on('data', (piece: string) => (taken += piece.length)).resume();
    await vi.waitUntil(() => taken > 8 * 1024 * 1024, { timeout: 60_000 });
  });
});

describe('event streams', () => {
  test('cannot all be opened by pipelined requests', async () => {
    const service = await startService();
    const { socket, text } = await openSocket(service.port);
    socket.write(get('/api/v1/events').repeat(600));
    const streams = service.app.get(EventStreams);
    await vi.waitUntil(() => text().includes('event: hello'), { timeout: 60_000 });
    expect(streams.size).toBe(1);
    socket.destroy();
    // A connection on which requests wait is not read, so that its end is seen when the stream writes next.
    await vi.waitUntil(
      async () => {
        await service.clock.advance(pingInterval);
        return streams.size === 0;
      },
      { timeout: 60_000 },
    );
  });
});
