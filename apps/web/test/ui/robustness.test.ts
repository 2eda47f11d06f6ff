import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakeApi } from '../fake-api/server.ts';
import { buildConsole, chromiumNote, launch, noChromium } from './browser.ts';

describe.skipIf(noChromium)(`the console under attack in Chromium${chromiumNote}`, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let api: FakeApi;
  const problems: string[] = [];

  beforeAll(async () => {
    await buildConsole();
    browser = await launch();
  }, 120_000);
  afterAll(() => browser.close());

  beforeEach(async () => {
    api = new FakeApi(230);
    await api.start(0);
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    context.setDefaultTimeout(15_000);
    page = await context.newPage();
    problems.length = 0;
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      const expected = /Failed to load resource|ERR_/.test(message.text());
      if (message.type() === 'error' && !expected) problems.push(message.text());
    });
  });
  afterEach(async () => {
    await context.close();
    await api.stop();
    expect(problems).toEqual([]);
  });

  const row = (name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const live = () => page.getByRole('status').filter({ hasText: 'Live' }).waitFor();

  async function open(path: string): Promise<void> {
    await page.goto(api.url + path);
    await live();
  }

  test('a tab that hears of changes before its first read still takes the stream over', async () => {
    await open('/vms');
    await row('APP-API-01').waitFor();
    const second = await context.newPage();
    const read = Promise.withResolvers<null>();
    await second.route('**/api/v1/inventory', async (route) => {
      await read.promise;
      await route.continue();
    });
    const asked = second.waitForRequest('**/api/v1/inventory');
    await second.goto(`${api.url}/vms?search=APP-API-02`);
    await asked;
    const heard = await second.evaluateHandle(() => ({
      message: new Promise((resolve) => {
        const channel = new BroadcastChannel('aether-v.events');
        channel.onmessage = ({ data }: MessageEvent<{ type: string }>) => {
          if (data.type === 'messages') resolve(null);
        };
      }),
    }));
    api.fleet.changeVm(api.fleet.vmNamed('APP-API-01').id, { state: 'Paused' });
    await heard.evaluate(({ message }) => message);
    read.resolve(null);
    await second.getByRole('link', { name: 'APP-API-02' }).waitFor();
    await page.close();
    await expect.poll(() => api.openStreams).toBe(1);
    api.fleet.changeVm(api.fleet.vmNamed('APP-API-02').id, { state: 'Saved' });
    await second.getByRole('row').getByText('Saved').waitFor();
  });

  test('a job of a service that was restarted and forgot it does not run for ever', async () => {
    api.fleet.stepMs = 0;
    await open('/vms?search=DC-16');
    await page.getByRole('button', { name: 'Shut down DC-16' }).click();
    await page.getByRole('link', { name: 'Jobs (1 running)' }).waitFor();
    await api.stop();
    api.fleet.jobs.clear();
    api.fleet.restart();
    await api.start();
    await live();
    await page.getByText('no longer knows this job').last().waitFor();
    await page.getByRole('banner').getByRole('link', { name: 'Jobs', exact: true }).waitFor();
    await row('DC-16').getByText('Running').waitFor();
  });

  test('the row with the focus exists also where it is not on the screen', async () => {
    await open('/vms');
    await row('APP-API-01').focus();
    const scroller = page.locator('[data-scroll-restoration-id="vm-table"]');
    await scroller.evaluate((element) => element.scrollTo({ top: 4000 }));
    await page.locator('[data-index="130"]').waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-index'));
    expect(await focused()).toBe('0');
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('1');
    for (let n = 0; n < 30; n++) await page.keyboard.press('j');
    await expect.poll(focused).toBe('31');
    const [rowBox, viewBox] = [
      await page.locator('[data-index="31"]').boundingBox(),
      await scroller.boundingBox(),
    ];
    if (!rowBox || !viewBox) throw new Error('the row or the table is not on the screen');
    expect(rowBox.y + rowBox.height).toBeLessThanOrEqual(viewBox.y + viewBox.height + 1);
  });

  test('going back shows the list where it was', async () => {
    await open('/vms');
    await row('APP-API-01').waitFor();
    const scroller = page.locator('[data-scroll-restoration-id="vm-table"]');
    await scroller.evaluate((element) => element.scrollTo({ top: 4000 }));
    await page.locator('[data-index="130"]').getByRole('link').click();
    await page
      .getByRole('heading', { level: 1 })
      .and(page.locator(':not(:text("Virtual machines"))'))
      .waitFor();
    await page.goBack();
    await page.locator('[data-index="130"]').getByRole('link').waitFor();
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(4000);
  });

  test('a dialog and a menu give the focus back, and Enter alone loses no data', async () => {
    await open(`/vms/${api.fleet.vmNamed('APP-WEB-01').id}`);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    const turnOff = page.getByRole('button', { name: 'Turn off APP-WEB-01' });
    await turnOff.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('alertdialog');
    await dialog.waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('Turn off APP-WEB-01');
    await page.getByRole('button', { name: 'More actions for APP-WEB-01' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Turn off' }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('More actions for APP-WEB-01');
    expect(api.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  test('a VM whose id has an @ has an address, and the tree knows it', async () => {
    const { id, ...vm } = api.fleet.vmNamed('APP-WEB-01');
    api.fleet.deleteVm(id);
    api.fleet.putVm({ ...vm, id: `${id}@hv-01` });
    await open('/vms?search=APP-WEB-01');
    const tree = page.getByRole('tree');
    await tree.getByRole('treeitem', { name: 'HV-01' }).focus();
    await page.keyboard.press('ArrowRight');
    await row('APP-WEB-01').getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'APP-WEB-01' }).waitFor();
    await tree.locator('[aria-current="page"]', { hasText: 'APP-WEB-01' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'APP-WEB-01' }).waitFor();
    await tree.locator('[aria-current="page"]', { hasText: 'APP-WEB-01' }).waitFor();
  });

  test('closing the drawer gives the focus back', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${api.url}/vms`);
    const opener = page.getByRole('button', { name: 'Open the navigation' });
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('treeitem', { name: 'Overview' }).waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('role')))
      .toBe('treeitem');
    await page.keyboard.press('Escape');
    await page.getByRole('tree').waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('Open the navigation');
  });
});
