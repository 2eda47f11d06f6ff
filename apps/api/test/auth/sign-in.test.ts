import type { Me } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { FakeClock } from '../support/fake-clock.ts';
import { opensslMissing } from '../support/authority.ts';
import { startSignInProvider, type SignInProvider } from '../support/sign-in-provider.ts';
import { startTestApp } from '../support/test-app.ts';
import { TestBrowser } from '../support/test-browser.ts';

const minute = 60_000;

let peers: SignInProvider;
beforeAll(async () => {
  if (!opensslMissing) peers = await startSignInProvider();
});
afterAll(async () => {
  if (!opensslMissing) await peers.provider.dispose();
});

/** The service and a browser. Its time begins with that of the provider, and moves only when told to. */
async function start(environment: Record<string, string> = {}) {
  const clock = new FakeClock(Date.now());
  const service = await startTestApp({ clock, environment: { ...peers.environment, ...environment } });
  const browser = new TestBrowser(service, peers);
  onTestFinished(async () => {
    await browser.close();
    await service.app.close();
  });
  return { clock, service, browser };
}

async function me(browser: TestBrowser): Promise<Me> {
  return (await browser.get('/auth/me')).json<Me>();
}

/** Requests to the token endpoint of the provider so far. */
function tokenRequests(): number {
  return peers.provider.requests.get('/token') ?? 0;
}

describe.skipIf(opensslMissing)('the sign-in with OpenID Connect', () => {
  test('leads to the provider and back to the page where it began', async () => {
    const { browser } = await start();
    expect(await me(browser)).toMatchObject({ principal: null, ended: null, signIn: ['oidc'] });
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(401);
    const done = await browser.signIn('ann', '/vms?state=running');
    expect([done.statusCode, done.headers.location]).toEqual([302, '/vms?state=running']);
    expect(await me(browser)).toMatchObject({
      principal: {
        id: `${peers.provider.issuer}#ann`,
        name: 'Ann',
        method: 'session',
        role: 'reader',
        permissions: ['view'],
        notice: null,
      },
      session: { idleMinutes: 480 },
    });
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
    expect((await browser.post('/api/v1/hosts/x/test')).statusCode).not.toBe(401);
  });

  test('records who has signed in', async () => {
    const { service, browser } = await start();
    await browser.signIn('ann');
    expect(service.audit.entries).toMatchObject([
      { action: 'auth.sign-in', status: 'accepted', details: 'oidc', actor: { name: 'Ann' } },
    ]);
  });

  test('two tabs sign in at the same time', async () => {
    const { browser } = await start();
    const begun = [
      await browser.get('/auth/login?returnTo=/a'),
      await browser.get('/auth/login?returnTo=/b'),
    ];
    const paths = [];
    for (const answer of begun) paths.push(await browser.atProvider(String(answer.headers.location), 'ann'));
    const done = [await browser.get(String(paths[1])), await browser.get(String(paths[0]))];
    expect(done.map(({ headers }) => headers.location)).toEqual(['/b', '/a']);
  });

  test('a browser keeps at most eight attempts', async () => {
    const { browser } = await start();
    for (let at = 0; at < 12; at += 1) await browser.get('/auth/login');
    expect(browser.jar.cookies.size).toBe(8);
  });

  test.each([
    ['of another browser', { cookie: '' }, ''],
    ['with another state', {}, '&state=other'],
  ])('refuses a callback %s with a page that says what to do', async (_, headers, more) => {
    const { service, browser } = await start();
    const begun = await browser.get('/auth/login');
    const path = await browser.atProvider(String(begun.headers.location), 'ann');
    const page = await service.get(path.replace(/&state=[^&]+/, more || '$&'), {
      accept: 'text/html',
      ...headers,
    });
    expect([page.statusCode, page.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
    expect(page.body).toContain('This sign-in was not started in this browser');
    expect(page.headers['set-cookie']).toBeUndefined();
  });

  test('refuses the second use of a sign-in callback', async () => {
    const { browser } = await start();
    const begun = await browser.get('/auth/login');
    const path = await browser.atProvider(String(begun.headers.location), 'ann');
    expect((await browser.get(path)).statusCode).toBe(302);
    const again = await browser.get(path);
    expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([400, 'sign-in-failed']);
  });

  test('shows the refusal of the provider in words, and nothing of it as HTML', async () => {
    const { browser } = await start();
    const begun = await browser.get('/auth/login');
    const state = new URL(String(begun.headers.location)).searchParams.get('state');
    const refusal = new URLSearchParams({
      state: String(state),
      iss: peers.provider.issuer,
      error: 'access_denied',
      error_description: '<script>alert(1)</script>',
    });
    const page = await browser.get(`/auth/callback?${refusal.toString()}`, { accept: 'text/html' });
    expect(page.statusCode).toBe(400);
    expect(page.body).toContain('&lt;script&gt;alert(1)');
    expect(page.body).not.toContain('<script');
  });

  test('a person without a role is signed in and told so', async () => {
    const { browser } = await start();
    peers.people.set('eve', { name: 'Eve', roles: ['Other'] });
    await browser.signIn('eve');
    expect(await me(browser)).toMatchObject({
      principal: { name: 'Eve', role: null, permissions: [], notice: 'no-role' },
    });
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(403);
  });

  test('a person in 200 groups has a short cookie with the role of one of them', async () => {
    const { browser } = await start({ OIDC_WRITER_PERMISSIONS: 'group-150,group-199' });
    peers.people.set('many', { name: 'Many', groups: Array.from({ length: 200 }, (_, at) => `group-${at}`) });
    await browser.signIn('many');
    expect(browser.session?.length).toBeLessThan(1000);
    expect((await me(browser)).principal).toMatchObject({ role: 'writer' });
  });
});

describe.skipIf(opensslMissing)('a session with OpenID Connect', () => {
  test('is confirmed once for 20 parallel requests at its recheck time', async () => {
    const { clock, browser } = await start();
    await browser.signIn('ann');
    const cookie = browser.session;
    const before = tokenRequests();
    await clock.advance(10 * minute);
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.get('/api/v1/inventory')));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(tokenRequests() - before).toBe(1);
    expect(browser.session).not.toBe(cookie);
  });

  test('survives responses with new cookies that were lost, ten times', async () => {
    const { clock, browser } = await start();
    await browser.signIn('ann');
    const first = new Map(browser.jar.cookies);
    for (let round = 0; round < 10; round += 1) {
      await clock.advance(10 * minute);
      browser.jar.cookies.clear();
      for (const [name, value] of first) browser.jar.cookies.set(name, value);
      expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
    }
  });

  test('has the rights that the provider states at each check', async () => {
    const { clock, browser } = await start();
    peers.people.set('cy', { name: 'Cy', roles: ['Aether.Reader'] });
    await browser.signIn('cy');
    peers.people.set('cy', { name: 'Cy Two', roles: ['Aether.Admin'] });
    expect((await me(browser)).principal).toMatchObject({ role: 'reader' });
    await clock.advance(10 * minute);
    expect((await me(browser)).principal).toMatchObject({ role: 'admin', name: 'Cy Two' });
  });

  test('ends when the provider no longer knows the person', async () => {
    const { clock, browser } = await start();
    peers.people.set('dan', { name: 'Dan', roles: ['Aether.Reader'] });
    await browser.signIn('dan');
    peers.people.delete('dan');
    await clock.advance(10 * minute);
    const refused = await browser.get('/api/v1/inventory');
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([401, 'session-expired']);
    expect(await me(browser)).toMatchObject({ principal: null, ended: 'refused' });
  });

  test('continues for 15 minutes without the provider, then waits for it, and goes on', async () => {
    const { clock, browser } = await start();
    await browser.signIn('ann');
    await peers.provider.stop();
    try {
      await clock.advance(10 * minute);
      expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
      await clock.advance(14 * minute);
      expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
      await clock.advance(minute);
      const late = await browser.get('/api/v1/inventory');
      expect([late.statusCode, late.json<{ code: string }>().code]).toEqual([503, 'provider-unavailable']);
      expect((await browser.get('/auth/me')).statusCode).toBe(503);
    } finally {
      await peers.provider.resume();
    }
    await clock.advance(minute);
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
  });

  test('holds after a restart until its recheck time, then asks to be renewed', async () => {
    const { clock, browser } = await start();
    await browser.signIn('ann');
    const restarted = await startTestApp({ clock, environment: peers.environment });
    onTestFinished(() => restarted.app.close());
    browser.service = restarted;
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
    await clock.advance(10 * minute);
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(401);
    expect(await me(browser)).toMatchObject({ principal: null, ended: 'renew' });
    expect((await browser.signIn('ann')).statusCode).toBe(302);
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
  });

  test('changes to a new secret key while the old one is still known', async () => {
    const { clock, browser } = await start();
    await browser.signIn('ann');
    const keys = `${'n'.repeat(32)},${'k'.repeat(32)}`;
    const both = await startTestApp({
      clock,
      environment: { ...peers.environment, SESSION_SECRET_KEY: keys },
    });
    onTestFinished(() => both.app.close());
    browser.service = both;
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
    const newOnly = { ...peers.environment, SESSION_SECRET_KEY: 'n'.repeat(32) };
    const last = await startTestApp({ clock, environment: newOnly });
    onTestFinished(() => last.app.close());
    browser.service = last;
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
  });

  test('ends when it is unused for too long', async () => {
    const { clock, browser } = await start({ SESSION_IDLE_MINUTES: '10' });
    await browser.signIn('ann');
    await clock.advance(10 * minute);
    expect(await me(browser)).toMatchObject({ principal: null, ended: 'idle' });
  });

  test('is listed with the others of the person, and ended by one of them', async () => {
    const { service, browser } = await start();
    const other = new TestBrowser(service, peers);
    onTestFinished(() => other.close());
    await browser.signIn('ann');
    await other.signIn('ann');
    const { items } = (await browser.get('/auth/sessions')).json<{
      items: { id: string; current: boolean }[];
    }>();
    expect(items.map(({ current }) => current).toSorted()).toEqual([false, true]);
    const foreign = items.find(({ current }) => !current);
    expect((await browser.post(`/auth/sessions/${String(foreign?.id)}/end`)).statusCode).toBe(204);
    expect((await other.get('/api/v1/inventory')).statusCode).toBe(401);
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(200);
  });

  test('of another person cannot be ended', async () => {
    const { service, browser } = await start();
    const bob = new TestBrowser(service, peers);
    onTestFinished(() => bob.close());
    await browser.signIn('ann');
    await bob.signIn('bob');
    const { session } = await me(bob);
    expect((await browser.post(`/auth/sessions/${String(session?.id)}/end`)).statusCode).toBe(404);
    expect((await me(bob)).principal).not.toBeNull();
  });
});

describe.skipIf(opensslMissing)('the sign-out', () => {
  test('ends the session, whose copied cookie is refused, and names the sign-out page of the provider', async () => {
    const { browser } = await start();
    await browser.signIn('ann');
    const copied = new Map(browser.jar.cookies);
    const { next } = (await browser.post('/auth/logout')).json<{ next: string }>();
    const address = new URL(next);
    expect(address.origin + address.pathname).toBe(`${peers.provider.issuer}/session/end`);
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      client_id: 'aether',
      post_logout_redirect_uri: 'http://localhost:8000/',
      id_token_hint: expect.stringMatching(/^ey/) as string,
    });
    expect(browser.session).toBeUndefined();
    for (const [name, value] of copied) browser.jar.cookies.set(name, value);
    expect((await browser.get('/api/v1/inventory')).statusCode).toBe(401);
    expect(await me(browser)).toMatchObject({ principal: null, ended: 'signed-out' });
  });

  test('succeeds without a session', async () => {
    const { browser } = await start();
    const answer = await browser.post('/auth/logout');
    expect([answer.statusCode, answer.json()]).toEqual([200, { next: null }]);
  });

  test('succeeds while the session cannot be confirmed', async () => {
    const { clock, browser } = await start();
    await browser.signIn('ann');
    const copied = new Map(browser.jar.cookies);
    await peers.provider.stop();
    try {
      await clock.advance(30 * minute);
      expect((await browser.get('/api/v1/inventory')).statusCode).toBe(503);
      expect((await browser.post('/auth/logout')).statusCode).toBe(200);
      for (const [name, value] of copied) browser.jar.cookies.set(name, value);
      expect(await me(browser)).toMatchObject({ principal: null, ended: 'signed-out' });
    } finally {
      await peers.provider.resume();
    }
  });

  test('is refused from a foreign page', async () => {
    const { service, browser } = await start();
    await browser.signIn('ann');
    const headers = { ...browser.jar.header, origin: 'https://evil.example.org' };
    expect((await service.post('/auth/logout', {}, headers)).statusCode).toBe(403);
    expect((await me(browser)).principal).not.toBeNull();
  });
});

describe.skipIf(opensslMissing)('a provider that is down at the start', () => {
  test('is reported on a page, and sign-in works once it is back', async () => {
    const { clock, browser } = await start();
    await peers.provider.stop();
    try {
      const page = await browser.get('/auth/login?returnTo=/vms', { accept: 'text/html' });
      expect(page.statusCode).toBe(503);
      expect(page.body).toContain('The identity provider cannot be reached');
      expect(page.body).toContain('/auth/login?returnTo=%2Fvms');
    } finally {
      await peers.provider.resume();
    }
    await clock.advance(minute);
    expect((await browser.signIn('ann')).statusCode).toBe(302);
  });
});
