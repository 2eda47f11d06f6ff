import { Stack, until } from '@aether-v/tools/stack';
import type { VmSummary } from '@aether-v/types';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because, chromiumMissing, launchBrowser } from './browser.ts';

describe.skipIf(chromiumMissing)(`the console over a simulated fleet${because}`, () => {
  let stack: Stack;
  let browser: Browser;

  beforeAll(async () => {
    stack = await Stack.start({
      simulator: { SIM_HOSTS: '3', SIM_VMS_PER_HOST: '10' },
    });
    await stack.settled();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });

  const vmIn = async (state: VmSummary['state']): Promise<VmSummary> => {
    const vm = (await stack.vms()).find((each) => each.state === state && !each.critical);
    if (vm === undefined) throw new Error(`no VM is ${state}`);
    return vm;
  };
  const rowOf = (page: Page, { name }: VmSummary) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const openVms = async (page: Page): Promise<void> => {
    await page.goto(`${stack.url}/vms`);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('row').nth(1).getByRole('link').waitFor();
  };
  const starts = async (): Promise<number> =>
    (await stack.jobs()).filter(({ command }) => command === 'vm.start').length;

  test('seven tabs without Web Locks show rows, and a click in the last one starts a VM at once', async () => {
    const vm = await vmIn('Off');
    const context = await browser.newContext();
    // As over plain HTTP with a name, by which this service would ask for a sign-in.
    await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'));
    const tabs: Page[] = [];
    for (let n = 0; n < 7; n++) {
      const tab = await context.newPage();
      await openVms(tab);
      tabs.push(tab);
    }
    const last = tabs.at(-1);
    if (last === undefined) throw new Error('there is no tab');
    expect(await last.evaluate(() => 'locks' in navigator)).toBe(false);
    const before = await starts();
    await last.getByRole('button', { name: `Start ${vm.name} on ${vm.hostName}` }).click();
    await until('the job was accepted', async () => (await starts()) > before, 3_000);
    for (const tab of tabs) await rowOf(tab, vm).getByText('Running').waitFor();
    await context.close();
  });

  test('a shutdown from a row asks once, by mouse and by keyboard', async () => {
    const page = await browser.newPage();
    const vm = await vmIn('Running');
    const name = `Shut down ${vm.name} on ${vm.hostName}`;
    await openVms(page);
    await page.getByRole('button', { name }).click();
    const dialog = page.getByRole('alertdialog', { name: `${name}?` });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('combobox', { name: 'Search virtual machines' }).fill(vm.name);
    await page.keyboard.press('Tab');
    await rowOf(page, vm).focus();
    // The checkbox, the name, the button.
    for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await until(
      'the VM is off',
      async () => (await stack.vms()).find(({ id }) => id === vm.id)?.state === 'Off',
    );
    await rowOf(page, vm).getByText('Off').waitFor();
    const shutdowns = (await stack.jobs()).filter(({ command }) => command === 'vm.shutdown');
    expect(shutdowns).toHaveLength(1);
    await page.close();
  });

  test('the console survives an outage: pages open, rows can be filtered, and actions say why not', async () => {
    const page = await browser.newPage();
    const vm = await vmIn('Running');
    await openVms(page);
    // The code of the other pages is loaded while nothing else happens.
    await page.waitForTimeout(8_000);
    await stack.killApi();
    await page
      .getByText(/Reconnecting… since/)
      .first()
      .waitFor();
    await page.getByRole('treeitem', { name: 'Overview' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.getByRole('navigation').getByRole('treeitem', { name: 'Virtual machines' }).click();
    await page.getByRole('combobox', { name: 'Search virtual machines' }).fill(vm.name);
    await page.getByText('among the virtual machines that this console has read').waitFor();
    const button = rowOf(page, vm).getByRole('button', { name: /^Shut down/ });
    expect(await button.getAttribute('title')).toMatch(/service is not responding/);
    await stack.restartApi();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByText('among the virtual machines').waitFor({ state: 'detached' });
    await page.close();
  });
});
