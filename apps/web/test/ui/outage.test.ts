import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`an outage of the service in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('pages that were never opened open during an outage, because their code was preloaded', async () => {
    const { api, page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    const chunks = () => api.requests.filter((request) => request.startsWith('GET /assets/')).length;
    let before = -1;
    await expect
      .poll(
        () => {
          const same = before === chunks();
          before = chunks();
          return same;
        },
        { interval: 700 },
      )
      .toBe(true);
    await api.stop();
    await page
      .getByText(/Reconnecting… since/)
      .first()
      .waitFor();
    for (const name of ['Overview', 'LAB-CL02', 'HV-01']) {
      await page.getByRole('treeitem', { name }).first().click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
    }
    await page.getByRole('navigation').getByRole('treeitem', { name: 'Virtual machines' }).click();
    await row('APP-API-01').waitFor();
    await api.start();
  });

  test('a page whose code could not be loaded opens by itself when the service is back, without a reload', async () => {
    const { api, page, row, open } = ready();
    await page.route(/assets\/(overview|cluster)-page/, (route) => route.abort());
    await open('/vms');
    await row('APP-API-01').waitFor();
    await page.evaluate(() => Object.assign(globalThis, { isSameDocument: true }));
    await api.stop();
    await page
      .getByText(/Reconnecting… since/)
      .first()
      .waitFor();
    await page.getByRole('treeitem', { name: 'Overview' }).click();
    await page.getByText('The page opens as soon as the console has reconnected.').waitFor();
    expect(await page.getByRole('button', { name: 'Reload' }).count()).toBe(0);
    await page.unroute(/assets\/(overview|cluster)-page/);
    await api.start();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    expect(await page.evaluate(() => Reflect.get(globalThis, 'isSameDocument') as unknown)).toBe(true);
  });

  test('during an outage known rows can be filtered and sorted, and actions are disabled with the reason', async () => {
    const { api, page, row, live, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    await api.stop();
    await page
      .getByText(/Reconnecting… since/)
      .first()
      .waitFor();
    const button = page.getByRole('button', { name: 'Shut down APP-API-01' });
    await button.and(page.locator('[aria-disabled=true]')).waitFor();
    expect(await button.getAttribute('title')).toMatch(/service is not responding/);
    await page.getByRole('combobox', { name: 'Search virtual machines' }).fill('app-api-0');
    await page.getByText('among the virtual machines that this console has read').waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(10);
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await expect.poll(() => page.getByRole('row').nth(1).textContent()).toContain('APP-API-09');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'Search virtual machines' }).fill('no such name');
    await page.getByText('No matches').waitFor();
    await page.getByRole('combobox', { name: 'Search virtual machines' }).fill('app-api-0');
    await api.start();
    await live();
    await page.getByText('among the virtual machines').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByRole('row').count()).toBe(10);
  });
});
