import { roles } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { makeMe, noOne, signedIn } from '../fake-api/me.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`sign-in and sessions in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('a sign-in with a local account leads to the page that was wanted', async () => {
    const { api, page, row } = ready();
    api.signOut(null);
    await page.goto(`${api.url}/vms?search=APP-WEB-01`);
    await page.getByRole('heading', { name: 'Sign in to Aether-V' }).waitFor();
    expect(api.requests.filter((request) => request.includes('/api/v1/'))).toEqual([]);
    await page.getByLabel('User name').fill('ada');
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The user name or the password is wrong.').waitFor();
    await page.getByLabel('Password').fill('s3cret');
    await page.keyboard.press('Enter');
    await row('APP-WEB-01').waitFor();
    expect(new URL(page.url()).search).toBe('?search=APP-WEB-01');
  });

  test('the provider’s button returns to the page that was wanted', async () => {
    const { api, page } = ready();
    api.me = makeMe({ ...noOne, signIn: ['oidc'], provider: 'login.example.org' });
    await page.goto(`${api.url}/vms?state=Off&search=a%26b`);
    const link = page.getByRole('link', { name: 'Sign in with login.example.org' });
    const target = new URL((await link.getAttribute('href')) ?? '', api.url);
    expect(target.pathname).toBe('/auth/login');
    const returnTo = new URL(target.searchParams.get('returnTo') ?? '', api.url);
    expect([returnTo.pathname, returnTo.searchParams.get('search')]).toEqual(['/vms', 'a&b']);
  });

  test('a session that ends keeps the page and what was typed; a second window renews it', async () => {
    const { api, page, context, row, open, live } = ready();
    await open('/vms?search=APP-WEB-01');
    await row('APP-WEB-01').waitFor();
    const before = api.requests.length;
    api.signOut('idle');
    await page.getByText('Your session has ended.').waitFor();
    await page.getByText('It was idle for too long.').waitFor();
    await row('APP-WEB-01').waitFor();
    const opened = context.waitForEvent('page');
    await page.getByRole('button', { name: 'Sign in again' }).click();
    const second = await opened;
    const closed = second.waitForEvent('close');
    await second.getByLabel('User name').fill('ada');
    await second.getByLabel('Password').fill('s3cret');
    await second.keyboard.press('Enter');
    await closed;
    await page.getByText('Your session has ended.').waitFor({ state: 'detached' });
    await live();
    api.fleet.changeVm(api.fleet.vmNamed('APP-WEB-01').id, { state: 'Off', startedAt: null });
    await row('APP-WEB-01').getByText('Off').waitFor();
    // One that was refused and one after the sign-in: the stream was not requested in a loop.
    const streams = api.requests.slice(before).filter((request) => request.includes('/events?'));
    expect(streams).toHaveLength(2);
  });

  test('another person who signs in does not see the page of the one before', async () => {
    const { api, page, open } = ready();
    await open('/');
    api.me = makeMe({
      principal: {
        ...signedIn,
        id: 'account:bob',
        name: 'Bob Example',
        permissions: [...roles.reader],
        role: 'reader',
      },
    });
    const loaded = page.waitForEvent('load');
    api.cutStreams();
    const other = await ready().context.newPage();
    await other.goto(api.url);
    await loaded;
    await page.getByRole('button', { name: 'Account of Bob Example' }).waitFor();
    await other.close();
  });

  test('a reader sees disabled actions with the reason, and the audit log explained', async () => {
    const { api, page, open } = ready();
    api.me = makeMe({ principal: { ...signedIn, permissions: [...roles.reader], role: 'reader' } });
    await open('/vms?search=APP-WEB-01');
    const button = page.getByRole('button', { name: 'Shut down APP-WEB-01' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('title')).toBe(
      'You are not permitted to change the power state of virtual machines (permission power). This requires the role Writer or Administrator; you have the role Reader.',
    );
    await page.getByRole('button', { name: 'Account of Ada Example' }).click();
    const item = page.getByRole('menuitem', { name: 'Audit log' });
    expect(await item.getAttribute('aria-disabled')).toBe('true');
    await page.goto(`${api.url}/audit`);
    await page
      .getByRole('main')
      .getByText(/permission audit/)
      .waitFor();
    expect(api.requests.filter((request) => request.includes('/audit/records'))).toEqual([]);
  });

  test('someone without a role learns why nothing is shown', async () => {
    const { api, page } = ready();
    api.me = makeMe({
      principal: { ...signedIn, permissions: [], role: null, notice: 'groups-omitted' },
    });
    await page.goto(api.url);
    await page.getByText(/in too many groups/).waitFor();
    expect(api.requests.filter((request) => request.includes('/api/v1/'))).toEqual([]);
  });

  test('signing out leaves nothing on the page', async () => {
    const { api, page, open } = ready();
    await open('/');
    await page.getByRole('button', { name: 'Account of Ada Example' }).click();
    await page.getByText('Signed in with a local account').waitFor();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Aether-V' }).waitFor();
    expect(api.requests).toContain('POST /auth/logout');
    await page.getByText('DC-16').waitFor({ state: 'detached' });
  });

  test('the absolute end of a session is announced before it comes', async () => {
    const { api, page, open } = ready();
    const session = makeMe().session;
    api.me = makeMe({
      session: session && { ...session, endsAt: new Date(Date.now() + 5.5 * 60_000).toISOString() },
    });
    await open('/');
    await page.getByText(/Your session ends in 5 min/).waitFor();
    await page.getByRole('button', { name: 'Sign in again' }).waitFor();
  });
});
