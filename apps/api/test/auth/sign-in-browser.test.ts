import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sessionCookieName } from '../../src/auth/sessions/session-cookie.ts';
import { opensslMissing } from '../support/authority.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startSignInProvider } from '../support/sign-in-provider.ts';
import { startTestApp } from '../support/test-app.ts';

const executablePath = '/usr/bin/chromium';
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('chromium');
const missing = opensslMissing || (!existsSync(executablePath) && !required);

/** A console that shows who has signed in as its title. */
const shell = '<!doctype html><title>loading</title><script src="/main.js"></script>';
const script = `fetch('/auth/me').then((answer) => answer.json()).then((me) => {
  document.title = me.principal === null ? 'signed out' : me.principal.name;
});`;

const signOut = `fetch('/auth/logout', {
  method: 'POST', body: '{}', headers: { 'content-type': 'application/json' },
}).then(({ status }) => status)`;
const tenRequests = `Promise.all(
  Array.from({ length: 10 }, () => fetch('/api/v1/inventory').then(({ status }) => status)),
)`;

let webRoot: string;
let chrome: Browser;
beforeAll(async () => {
  if (missing) return;
  webRoot = mkdtempSync(join(tmpdir(), 'console-'));
  writeFileSync(join(webRoot, 'index.html'), shell);
  writeFileSync(join(webRoot, 'main.js'), script);
  chrome = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(async () => {
  if (missing) return;
  await chrome.close();
  rmSync(webRoot, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The service over plain HTTP at a loopback name, and a new browser profile. */
async function start(name: string) {
  const port = await freePort();
  const origin = `http://${name}:${port}`;
  const peers = await startSignInProvider(origin);
  onTestFinished(() => peers.provider.dispose());
  const clock = new FakeClock(Date.now());
  const pages: boolean[] = [];
  const service = await startTestApp({
    clock,
    environment: peers.environment,
    webRoot,
    extend: (server) =>
      void server.addHook('onRequest', (request, _reply, done) => {
        if (request.url === '/vms') pages.push(request.headers.cookie?.includes(sessionCookieName) ?? false);
        done();
      }),
  });
  await service.app.listen(port, '127.0.0.1');
  onTestFinished(() => service.app.close());
  // The certificate of the provider is the test's own.
  const context = await chrome.newContext({ ignoreHTTPSErrors: true });
  onTestFinished(() => context.close());
  return { origin, peers, clock, context, page: await context.newPage(), pages };
}

async function signIn(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/auth/login?returnTo=/vms`);
  await page.fill('input[name=login]', 'ann');
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.waitForURL(`${origin}/vms`);
}

const titled = (page: Page, title: string): Promise<unknown> =>
  page.waitForFunction(`document.title === ${JSON.stringify(title)}`);

describe.skipIf(missing)('in Chromium', () => {
  test.each(['localhost', '127.0.0.1'])(
    'a person signs in at http://%s, and the first page comes without the session cookie',
    async (name) => {
      const { origin, context, page, pages } = await start(name);
      await page.goto(origin);
      await titled(page, 'signed out');
      await signIn(page, origin);
      await titled(page, 'Ann');
      // The navigation began at the provider, so the browser withholds strict cookies (ADR 26).
      expect(pages).toEqual([false]);
      const cookies = await context.cookies(origin);
      expect(cookies.filter(({ name: one }) => one.startsWith('__Host-'))).toMatchObject([
        { name: sessionCookieName, httpOnly: true, secure: true, sameSite: 'Strict', path: '/' },
      ]);
      await page.evaluate(signOut);
      await page.reload();
      await titled(page, 'signed out');
    },
  );

  test('20 requests of two tabs at the recheck time lead to one refresh, and none fails', async () => {
    const { origin, peers, clock, context, page } = await start('localhost');
    await signIn(page, origin);
    const other = await context.newPage();
    await other.goto(origin);
    await titled(other, 'Ann');
    const tokens = (): number => peers.provider.requests.get('/token') ?? 0;
    const before = tokens();
    await clock.advance(10 * 60_000);
    const ask = (tab: Page): Promise<number[]> => tab.evaluate(tenRequests);
    const answers = (await Promise.all([ask(page), ask(other)])).flat();
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(tokens() - before).toBe(1);
  });
});
