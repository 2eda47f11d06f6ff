import { describe, expect, test } from 'vitest';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`the console under attack in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('a tab that hears of changes before its first read still takes the stream over', async () => {
    const { api, context, page, row, open } = ready();
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
    const { api, page, row, live, open } = ready();
    api.fleet.stepMs = 0;
    await open('/vms?search=DC-16');
    await page.getByRole('button', { name: 'Shut down DC-16' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Shut down DC-16' }).click();
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
    const { page, row, open } = ready();
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
    const { page, row, open } = ready();
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
    const { api, page, open } = ready();
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
    await expect.poll(focused).toBe('Turn off APP-WEB-01 on HV-01');
    await page.getByRole('button', { name: 'More actions for APP-WEB-01' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Turn off' }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('More actions for APP-WEB-01 on HV-01');
    expect(api.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  test('a VM whose id has an @ has an address, and the tree knows it', async () => {
    const { api, page, row, open } = ready();
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
    const { api, page } = ready();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${api.url}/vms`);
    const opener = page.getByRole('button', { name: 'Open navigation' });
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
      .toBe('Open navigation');
  });
});
