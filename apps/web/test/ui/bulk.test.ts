import type { VmState } from '@aether-v/types';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole, type Console } from './console-fixture.ts';

describe.skipIf(noChromium)(`commands for several VMs in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('the bar says for how many a command is possible, asks once, and reports one job with its failures', async () => {
    const { api, page, row, open } = ready();
    const names = ['APP-API-01', 'APP-API-02', 'APP-API-04'];
    const states = ['Running', 'Off', 'Running'] as const;
    for (const [at, name] of names.entries()) {
      const { id } = api.fleet.vmNamed(name);
      api.fleet.changeVm(id, { state: states[at] ?? 'Off', stale: null, activity: null, critical: false });
    }
    await open('/vms?search=app-api');
    for (const name of names) await row(name).getByRole('checkbox').click();
    const bar = page.getByRole('region', { name: 'Actions for the selection' });
    await bar.getByText('3 selected').waitFor();
    expect(await bar.getByRole('button', { name: 'Start 1' }).getAttribute('title')).toBe(
      'Start 1 of 3: 2 already running',
    );
    expect(await bar.getByRole('button', { name: 'Shut down 2' }).getAttribute('title')).toBe(
      'Shut down 2 of 3: 1 already off',
    );
    expect(await accessibilityViolations(page)).toEqual([]);
    await bar.getByRole('button', { name: 'More actions for the selection' }).click();
    await page.getByRole('menuitem', { name: 'Save 2 of 3: 1 off' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');

    const { id: failing } = api.fleet.vmNamed('APP-API-01');
    const error = { code: 'guest-timeout', message: 'The guest did not shut down.', remedy: null } as const;
    api.fleet.failNext(api.fleet.vms.get(failing) ? 'shutdown' : 'stop', error);
    await bar.getByRole('button', { name: 'Shut down 2' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Shut down 2 virtual machines?' });
    expect(await dialog.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^APP-API-01 on HV-/),
      expect.stringMatching(/^APP-API-04 on HV-/),
    ]);
    await dialog.getByText('Left out: 1 already off.').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Shut down 2 VMs' }).click();
    await page.getByText('Shut down: 1 of 2 virtual machines succeeded, 1 failed', { exact: true }).waitFor();
    expect(api.requests.filter((request) => request.startsWith('POST'))).toEqual(['POST /api/v1/vms/bulk']);
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Select the failed VMs' }).click();
    await bar.getByText('1 selected').waitFor();
    await page.keyboard.press('Escape');
  });

  const states = (api: Console['api'], ...wanted: readonly (readonly [string, VmState])[]): void => {
    for (const [name, state] of wanted) {
      const { id } = api.fleet.vmNamed(name);
      api.fleet.changeVm(id, { state, stale: null, activity: null, critical: false, moving: false });
    }
  };
  /** Opens a form of the menu by keyboard. */
  const openForm = async (page: Page, item: RegExp): Promise<void> => {
    await page.getByRole('button', { name: 'More actions for the selection' }).focus();
    await page.keyboard.press('Enter');
    const entry = page.getByRole('menuitem', { name: item });
    await entry.waitFor();
    await entry.focus();
    await page.keyboard.press('Enter');
  };
  /** The service accepts the next command for several VMs, but its response is lost. */
  const loseNextResponse = (page: Page): Promise<unknown> =>
    page.route(
      (url) => url.pathname === '/api/v1/vms/bulk' && url.search === '',
      async (route) => {
        await route.fetch();
        return route.abort('connectionreset');
      },
      { times: 1 },
    );
  const parents = (api: Console['api']): number =>
    [...api.fleet.jobs.values()].filter(({ children }) => children !== null).length;
  const bulkRequests = (api: Console['api']) =>
    api.requests.filter((request) => request === 'POST /api/v1/vms/bulk');

  test('deletes several VMs by keyboard after their number was typed, and lists what goes and who is left out', async () => {
    const { api, page, row, open } = ready();
    states(api, ['APP-API-01', 'Off'], ['APP-API-02', 'Off'], ['APP-API-04', 'Running']);
    await open('/vms?search=app-api');
    for (const name of ['APP-API-01', 'APP-API-02', 'APP-API-04'])
      await row(name).getByRole('checkbox').click();
    await openForm(page, /^Delete 3 virtual machines/);
    const dialog = page.getByRole('alertdialog', { name: 'Delete 3 virtual machines' });
    const goes = dialog.getByRole('list', { name: 'Will be deleted' });
    await goes.getByText('APP-API-01-os.vhdx').waitFor();
    await dialog.getByRole('list', { name: 'Left out' }).getByText('APP-API-04 is running.').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('textbox', { name: 'Type 2 to confirm' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    expect(bulkRequests(api)).toEqual([]);
    await page.keyboard.press('Backspace');
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    await page.getByText('Delete: 2 of 2 virtual machines succeeded', { exact: true }).waitFor();
    expect(bulkRequests(api)).toHaveLength(1);
    expect(() => api.fleet.vmNamed('APP-API-01')).toThrow();
    expect(api.fleet.vmNamed('APP-API-04').state).toBe('Running');
  });

  test('turns VMs off before their deletion only on request', async () => {
    const { api, page, row, open } = ready();
    states(api, ['APP-API-01', 'Off'], ['APP-API-04', 'Running']);
    await open('/vms?search=app-api');
    for (const name of ['APP-API-01', 'APP-API-04']) await row(name).getByRole('checkbox').click();
    await openForm(page, /^Delete 2 virtual machines/);
    const dialog = page.getByRole('alertdialog', { name: 'Delete 2 virtual machines' });
    // One VM is left, so its name is asked for.
    await dialog.getByRole('textbox', { name: 'Type APP-API-01 to confirm' }).waitFor();
    await dialog.getByRole('checkbox', { name: /^Turn off 1 VM first/ }).check();
    await dialog.getByRole('textbox', { name: 'Type 2 to confirm' }).fill('2');
    await dialog.getByRole('button', { name: 'Turn off and delete 2 VMs' }).click();
    await page.getByText('Delete: 2 of 2 virtual machines succeeded', { exact: true }).waitFor();
    // The bar is gone with the selection.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content');
  });

  test('a restart that is chosen again after a lost response is one job', async () => {
    const { api, page, row, open } = ready();
    states(api, ['APP-API-01', 'Running'], ['APP-API-02', 'Running']);
    await open('/vms?search=app-api');
    for (const name of ['APP-API-01', 'APP-API-02']) await row(name).getByRole('checkbox').click();
    await loseNextResponse(page);
    const restart = async (): Promise<void> => {
      const bar = page.getByRole('region', { name: 'Actions for the selection' });
      await bar.getByRole('button', { name: 'Restart', exact: true }).click();
      const dialog = page.getByRole('alertdialog', { name: 'Restart 2 virtual machines?' });
      await dialog.getByRole('button', { name: 'Restart 2 VMs' }).click();
    };
    await restart();
    await page.getByText('Restart: no response', { exact: true }).waitFor();
    await expect.poll(() => parents(api)).toBe(1);
    states(api, ['APP-API-01', 'Running'], ['APP-API-02', 'Running']);
    await restart();
    await page.getByText('Restart: 2 of 2 virtual machines succeeded', { exact: true }).waitFor();
    expect(parents(api)).toBe(1);
  });

  test('takes checkpoints of several VMs, and only one of each when the first response is lost', async () => {
    const { api, page, row, open } = ready();
    states(api, ['APP-API-01', 'Off'], ['APP-API-02', 'Running']);
    const taken = (name: string): number => api.fleet.vmNamed(name).checkpoints.length;
    const before = taken('APP-API-01');
    await open('/vms?search=app-api');
    for (const name of ['APP-API-01', 'APP-API-02']) await row(name).getByRole('checkbox').click();
    await openForm(page, /^Take checkpoints of 2 virtual machines/);
    const dialog = page.getByRole('dialog', { name: 'Take checkpoints of 2 virtual machines' });
    await dialog.getByText(/^APP-API-02 on/).waitFor();
    await dialog.getByRole('textbox', { name: 'Name of the checkpoints' }).fill('Before patching');
    await loseNextResponse(page);
    const take = dialog.getByRole('button', { name: 'Take 2 checkpoints' });
    await take.click();
    await dialog.getByText('The service did not confirm the change.').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await take.click();
    await page.getByText('Take checkpoints: 2 of 2 virtual machines succeeded', { exact: true }).waitFor();
    expect(taken('APP-API-01')).toBe(before + 1);
    expect(api.fleet.vmNamed('APP-API-01').checkpoints.at(-1)?.name).toBe('Before patching');
  });

  test('moves the clustered VMs of a selection, and gives the focus back on Cancel', async () => {
    const { api, page, row, open } = ready();
    const names = ['APP-WEB-01', 'APP-WEB-06'] as const;
    states(api, ...names.map((name) => [name, 'Running'] as const));
    await open('/vms?search=app-web');
    for (const name of names) await row(name).getByRole('checkbox').click();
    await openForm(page, /^Move 2 virtual machines/);
    const dialog = page.getByRole('dialog', { name: 'Move 2 virtual machines' });
    await dialog.getByRole('list', { name: 'Will be moved' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page
      .getByRole('button', { name: 'More actions for the selection' })
      .and(page.locator(':focus'))
      .waitFor();
    await openForm(page, /^Move 2 virtual machines/);
    await dialog.getByRole('combobox', { name: 'Move to' }).selectOption('HV-03');
    await dialog.getByRole('button', { name: 'Move 2 VMs to HV-03' }).click();
    await page.getByText('Move: 2 of 2 virtual machines succeeded', { exact: true }).waitFor();
    expect(api.fleet.vmNamed('APP-WEB-06').hostName).toBe('HV-03');
  });
});
