import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { limitRates } from '../../src/http/rate-limits.ts';
import { ProblemError } from '../../src/problems/problem-error.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** Returns a server that counts requests with the credential of their header `credential`. */
async function serve(): Promise<FastifyInstance> {
  const server = fastify();
  const count = limitRates(server, { perAddress: 3, perCredential: 5 });
  server.addHook('onRequest', async (request) => {
    const { credential } = request.headers;
    await count(request, typeof credential === 'string' ? credential : null);
  });
  server.setErrorHandler((error, _, reply) =>
    error instanceof ProblemError
      ? reply.status(429).send({ seconds: error.extras.retryAfterSeconds, detail: error.message })
      : reply.status(500).send(String(error)),
  );
  server.get('/', () => 'ok');
  await server.ready();
  onTestFinished(() => server.close());
  return server;
}

async function statuses(server: FastifyInstance, count: number, from: object): Promise<number[]> {
  const found: number[] = [];
  for (let n = 0; n < count; n += 1) found.push((await server.inject({ url: '/', ...from })).statusCode);
  return found;
}

describe('rate limits', () => {
  test('rate limits refuse strangers per address, with the time to wait, until the minute ends', async () => {
    const server = await serve();
    const stranger = { remoteAddress: '192.0.2.1' };
    expect(await statuses(server, 4, stranger)).toEqual([200, 200, 200, 429]);
    vi.setSystemTime(Date.now() + 20_000);
    const refused = await server.inject({ url: '/', ...stranger });
    expect(refused.json()).toEqual({
      seconds: 40,
      detail: 'More than 3 requests per minute (RATE_LIMIT_PER_ADDRESS). Try again in 40 seconds.',
    });
    expect(await statuses(server, 1, { remoteAddress: '192.0.2.2' })).toEqual([200]);
    vi.setSystemTime(Date.now() + 40_000);
    expect(await statuses(server, 1, stranger)).toEqual([200]);
  });

  test('count all addresses of an IPv6 network as one', async () => {
    const server = await serve();
    expect(await statuses(server, 3, { remoteAddress: '2001:db8::1' })).toEqual([200, 200, 200]);
    expect(await statuses(server, 1, { remoteAddress: '2001:db8::2' })).toEqual([429]);
    expect(await statuses(server, 1, { remoteAddress: '2001:db8:0:1::2' })).toEqual([200]);
  });

  test('rate limits count each credential separately, and separately from strangers at the same address', async () => {
    const server = await serve();
    const remoteAddress = '192.0.2.1';
    await statuses(server, 10, { remoteAddress });
    const one = { remoteAddress, headers: { credential: 'one' } };
    expect(await statuses(server, 6, one)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await statuses(server, 1, { ...one, remoteAddress: '192.0.2.9' })).toEqual([429]);
    expect(await statuses(server, 1, { remoteAddress, headers: { credential: 'two' } })).toEqual([200]);
  });
});
