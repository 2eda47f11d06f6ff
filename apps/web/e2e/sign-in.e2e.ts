import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from '@aether-v/tools/stack';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { because, chromiumMissing, launchBrowser } from './browser.ts';

const root = join(import.meta.dirname, '../../..');
const password = 'correct horse battery';

/** Adds a local account as `npm run user:add` does. */
function addAccount(file: string, name: string, role: string): void {
  const command = ['--conditions=@aether-v/source', 'apps/api/src/auth/accounts/cli/main.ts', file];
  const { status, stderr } = spawnSync(
    process.execPath,
    [...command, 'add', name, '--role', role, '--name', `${name} Example`],
    { cwd: root, input: `${password}\n`, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
}

describe.skipIf(chromiumMissing)(`sign-in with local accounts in the browser${because}`, () => {
  let stack: Stack;
  let browser: Browser;
  let folder: string;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sign-in-e2e-'));
    const accounts = join(folder, 'accounts.json');
    addAccount(accounts, 'ada', 'admin');
    addAccount(accounts, 'rob', 'reader');
    stack = await Stack.start({
      simulator: { SIM_HOSTS: '1', SIM_VMS_PER_HOST: '3' },
      api: { ACCOUNTS_FILE: accounts, LOG_DIR: join(folder, 'logs') },
    });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    return () => context.close();
  });

  async function signIn(on: Page, user: string, given = password): Promise<void> {
    await on.getByLabel('User name').fill(user);
    await on.getByLabel('Password').fill(given);
    await on.keyboard.press('Enter');
  }

  const row = (on: Page) => on.getByRole('grid').getByRole('row').nth(1);
  const live = (on: Page) => on.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  const ended = (on: Page) => on.getByText('Your session has ended.');

  test('a stranger sees no data, a wrong password is explained, and the right one opens the page', async () => {
    await page.goto(`${stack.url}/vms`);
    await page.getByRole('heading', { name: 'Sign in to Aether-V' }).waitFor();
    expect((await context.request.get(`${stack.url}/api/v1/inventory`)).status()).toBe(401);
    await signIn(page, 'ada', 'wrong horse battery');
    await page.getByText('The user name or the password is wrong.').waitFor();
    await signIn(page, 'ada');
    await row(page).waitFor();
    await live(page);
    expect(new URL(page.url()).pathname).toBe('/vms');
    await page.reload();
    await row(page).waitFor();
  });

  test('a reader cannot change the power state, and the service agrees', async () => {
    await page.goto(`${stack.url}/vms`);
    await signIn(page, 'rob');
    const button = row(page).getByRole('button').first();
    await button.waitFor();
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('title')).toContain('(permission power)');
    const answer = await context.request.get(`${stack.url}/api/v1/audit/records`);
    expect(answer.status()).toBe(403);
  });

  test('an ended session keeps the page in each window; a second window renews it, and changes arrive again', async () => {
    await page.goto(`${stack.url}/vms`);
    await signIn(page, 'ada');
    await row(page).waitFor();
    const other = await context.newPage();
    await other.goto(`${stack.url}/jobs`);
    await other.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    // The session ends at the service; each window learns it from the end of its stream.
    const answer = await context.request.post(`${stack.url}/auth/logout`, { data: {} });
    expect(answer.status()).toBe(200);
    await ended(page).waitFor();
    await ended(other).waitFor();
    await row(page).waitFor();
    const opened = context.waitForEvent('page');
    await page.getByRole('button', { name: 'Sign in again' }).click();
    const second = await opened;
    const closed = second.waitForEvent('close');
    await signIn(second, 'ada');
    await closed;
    await ended(page).waitFor({ state: 'detached' });
    await ended(other).waitFor({ state: 'detached' });
    await live(page);
  });

  test('a person ends a session of another browser, and signs out of this one', async () => {
    await page.goto(stack.url);
    await signIn(page, 'ada');
    await live(page);
    const elsewhere = await browser.newContext();
    const theirs = await elsewhere.newPage();
    await theirs.goto(`${stack.url}/vms`);
    await signIn(theirs, 'ada');
    await live(theirs);
    await page.getByRole('button', { name: 'Account of ada Example' }).click();
    await page.getByRole('menuitem', { name: 'My sessions' }).click();
    const sessions = page.getByRole('table', { name: 'My sessions' }).getByRole('row');
    await page.getByText('This session').waitFor();
    const before = await sessions.count();
    const newest = page.getByRole('button', { name: /^End the session of Chrome/ }).first();
    await newest.click();
    await ended(theirs).waitFor();
    await expect.poll(() => sessions.count()).toBe(before - 1);
    await page.getByRole('button', { name: 'Account of ada Example' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Aether-V' }).waitFor();
    expect((await context.request.get(`${stack.url}/api/v1/inventory`)).status()).toBe(401);
    await elsewhere.close();
  });

  test('the audit log shows an admin who has signed in and who was refused', async () => {
    await page.goto(`${stack.url}/audit`);
    await signIn(page, 'ada');
    const records = page.getByRole('table', { name: 'Audit records' });
    await records
      .getByRole('row')
      .filter({ hasText: 'Sign in' })
      .filter({ hasText: 'Refused' })
      .first()
      .waitFor();
    await records
      .getByRole('row')
      .filter({ hasText: 'Sign in' })
      .filter({ hasText: 'Accepted' })
      .first()
      .waitFor();
  });
});
