import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Me } from '@aether-v/types';
import { opensslMissing } from '../support/authority.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startSignInProvider } from '../support/sign-in-provider.ts';
import { SseReader } from '../support/sse-reader.ts';
import { startTestApp } from '../support/test-app.ts';
import { TestBrowser } from '../support/test-browser.ts';

const minute = 60_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The service on a real port, which the provider calls, and the browser of a person who has signed in. */
async function start() {
  const port = await freePort();
  const peers = await startSignInProvider(`http://localhost:${port}`);
  onTestFinished(() => peers.provider.dispose());
  const clock = new FakeClock(Date.now());
  const service = await startTestApp({ clock, environment: peers.environment });
  await service.app.listen(port, '127.0.0.1');
  onTestFinished(() => service.app.close());
  const browser = new TestBrowser(service, peers);
  onTestFinished(() => browser.close());
  await browser.signIn('ann');
  return { port, peers, clock, service, browser };
}

/** Opens an event stream; `ended` tells whether it ended gracefully. */
async function follow(port: number, browser: TestBrowser): Promise<{ readonly ended: Promise<boolean> }> {
  const reader = new SseReader();
  const headers = { host: `localhost:${port}`, ...browser.jar.header };
  const request = httpRequest({ host: '127.0.0.1', port, path: '/api/v1/events', headers });
  const [response] = (await once(request.end(), 'response')) as [IncomingMessage];
  onTestFinished(() => void request.destroy());
  expect(response.statusCode).toBe(200);
  response.setEncoding('utf8').on('data', (text: string) => reader.feed(text));
  await vi.waitUntil(() => reader.events.some(({ event }) => event === 'hello'), { timeout: 60_000 });
  return { ended: new Promise((resolve) => response.once('close', () => resolve(response.complete))) };
}

describe.skipIf(opensslMissing)('the event streams of a session', () => {
  test('event streams end when the person signs out', async () => {
    const { port, browser } = await start();
    const { ended } = await follow(port, browser);
    await browser.post('/auth/logout');
    expect(await ended).toBe(true);
  });

  test('end when the session must be confirmed, so that the console resumes them with its present rights', async () => {
    const { port, clock, browser } = await start();
    const { ended } = await follow(port, browser);
    await clock.advance(10 * minute);
    expect(await ended).toBe(true);
    await follow(port, browser);
  });

  test('end when the rights change during the grace period', async () => {
    const { port, peers, clock, browser } = await start();
    await peers.provider.stop();
    await clock.advance(10 * minute);
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
    const { ended } = await follow(port, browser);
    peers.people.set('ann', { name: 'Ann', roles: ['Aether.Admin'] });
    await peers.provider.resume();
    await clock.advance(minute);
    await browser.get('/api/v1/inventory');
    expect(await ended).toBe(true);
  });

  test('end with a sign-out at the provider, also after it has rotated its keys', async () => {
    const { port, peers, clock, browser } = await start();
    for (let round = 0; round < 2; round += 1) {
      if (round > 0) await browser.signIn('ann');
      const { ended } = await follow(port, browser);
      await browser.signOutAtProvider();
      expect(await ended).toBe(true);
      const me = (await browser.get('/auth/me')).json<Me>();
      expect(me).toMatchObject({ principal: null, ended: 'signed-out' });
      await peers.provider.rotateKey({ dropOld: true });
      // Unknown keys are looked up at most every 30 seconds.
      await clock.advance(minute);
    }
  });
});

describe.skipIf(opensslMissing)('the back channel', () => {
  test.each([
    ['without a token', ''],
    ['with a text that is no token', 'logout_token=x'],
    ['with an unsigned token', `logout_token=${unsigned()}`],
  ])('refuses a request %s, and accepts it from any Host and Origin', async (_, body) => {
    const { service } = await start();
    const answer = await service.send({
      method: 'POST',
      url: '/auth/backchannel-logout',
      headers: {
        host: 'aether.internal',
        origin: 'https://elsewhere.example.org',
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: body,
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.json()).toMatchObject({ error: 'invalid_request' });
  });

  test('does not take JSON', async () => {
    const { service } = await start();
    expect((await service.post('/auth/backchannel-logout', { logout_token: 'x' })).statusCode).toBe(400);
  });
});

function unsigned(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'logout+jwt' })}.${part({ sub: 'ann' })}.`;
}
