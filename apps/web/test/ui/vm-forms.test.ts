import type { Page } from 'playwright-core';
import { roles } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { makeMe, signedIn } from '../fake-api/me.ts';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

const dialogOf = (page: Page) => page.getByRole('dialog').or(page.getByRole('alertdialog'));
const menuOf = async (page: Page, item: string): Promise<void> => {
  await page.getByRole('button', { name: /^More actions for APP-WEB-01/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

describe.skipIf(noChromium)(`forms of a VM in Chromium${chromiumNote}`, () => {
  const ready = useConsole();
  const vmId = () => ready().api.fleet.vmNamed('APP-WEB-01').id;
  const sent = () => ready().api.changes.filter(({ query }) => !query.has('dryRun'));

  test('deleting a running VM turns it off only on request, needs its name, and then leads to the list', async () => {
    const { api, page, open } = ready();
    await open(`/vms/${vmId()}`);
    const path = 'C:\\ClusterStorage\\Volume1\\APP-WEB-01\\APP-WEB-01-os.vhdx';
    const message = 'It is an image of this host.';
    api.plans.set('vm.delete', {
      deletes: [path],
      remaining: [{ path: 'D:\\Images\\base.vhdx', reason: 'in-use', message }],
    });
    await menuOf(page, 'Delete…');
    const dialog = dialogOf(page);
    await dialog.getByText('APP-WEB-01 is running. It must be off').waitFor();
    await dialog.getByRole('checkbox', { name: /^Turn APP-WEB-01 off first/ }).check();
    const goes = dialog.getByRole('list', { name: 'Will be deleted' });
    await goes.getByText('2 checkpoints: Before patching, After patching').waitFor();
    await goes.getByText('(20.0 GB)').waitFor();
    await dialog.getByRole('list', { name: 'Will be kept' }).getByText(message).waitFor();
    const submit = dialog.getByRole('button', { name: 'Turn off and delete APP-WEB-01 and 1 disk' });
    expect(await submit.getAttribute('aria-disabled')).toBe('true');
    await dialog.getByRole('textbox').fill('app-web-01');
    await page.keyboard.press('Enter');
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('textbox').fill('APP-WEB-01');
    await submit.click();
    await page.getByRole('heading', { level: 1, name: 'Virtual machines' }).waitFor();
    expect(sent()).toHaveLength(1);
    expect(Object.fromEntries(sent()[0]?.query ?? [])).toEqual({
      name: 'APP-WEB-01',
      force: 'true',
      deleteDisks: 'true',
    });
  });

  test('settings that need the VM off are marked at their fields, and only the others can be sent', async () => {
    const { page, open } = ready();
    await open(`/vms/${vmId()}?tab=settings`);
    await page.getByRole('button', { name: 'Edit settings' }).click();
    const dialog = dialogOf(page);
    await dialog.getByRole('textbox', { name: 'Notes' }).fill('Patched.');
    await dialog.getByRole('textbox', { name: 'Processors' }).fill('16');
    await dialog.getByText('The virtual machine must be off for this change; it is running.').waitFor();
    await dialog
      .getByRole('button', { name: 'Save 2 changes' })
      .and(page.locator('[aria-disabled=true]'))
      .waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Undo these changes' }).click();
    await dialog.getByRole('button', { name: 'Save 1 change' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(sent().map(({ body }) => body)).toEqual([{ notes: 'Patched.' }]);
  });

  test('the boot order is changed by keyboard', async () => {
    const { api, page, open } = ready();
    api.fleet.changeVm(vmId(), { state: 'Off' });
    await open(`/vms/${vmId()}?tab=settings`);
    await page.getByRole('button', { name: 'Edit settings' }).click();
    const order = page.getByRole('list', { name: 'Boot order' });
    await order.getByRole('button', { name: '1. Disk APP-WEB-01-os.vhdx' }).focus();
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowDown');
    await order.getByRole('button', { name: '3. Disk APP-WEB-01-os.vhdx' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toBe('2. Network Adapter');
    const { bootOrder } = api.fleet.vmNamed('APP-WEB-01');
    await page.getByRole('button', { name: 'Save 1 change' }).click();
    await expect
      .poll(() => sent()[0]?.body)
      .toEqual({ bootOrder: [...(bootOrder?.slice(1) ?? []), bootOrder?.[0]] });
  });

  test('changes by another person appear in the form: apart from mine at once, on mine after a choice', async () => {
    const { api, page, open } = ready();
    api.fleet.changeVm(vmId(), { state: 'Off' });
    await open(`/vms/${vmId()}?tab=settings`);
    await page.getByRole('button', { name: 'Edit settings' }).click();
    const dialog = dialogOf(page);
    const processors = dialog.getByRole('textbox', { name: 'Processors' });
    await processors.fill('16');
    api.fleet.changeVm(vmId(), { notes: 'Written by another person.' });
    await expect
      .poll(() => dialog.getByRole('textbox', { name: 'Notes' }).inputValue())
      .toBe('Written by another person.');
    await dialog.getByText('These settings were changed while the form was open.').waitFor();
    api.fleet.changeVm(vmId(), { processors: 4 });
    await dialog.getByText('Processors: it was 2, is now 4, and you entered 16.').waitFor();
    await dialog.getByRole('button', { name: 'Keep mine' }).click();
    expect(await processors.inputValue()).toBe('16');
    api.fleet.changeVm(vmId(), { processors: 6 });
    await dialog.getByRole('button', { name: 'Take theirs' }).click();
    await expect.poll(() => processors.inputValue()).toBe('6');
    await dialog
      .getByRole('button', { name: 'Save', exact: true })
      .and(page.locator('[aria-disabled=true]'))
      .waitFor();
    expect(sent()).toEqual([]);
  });

  test('a 412 keeps what was typed, shows what was changed meanwhile, and a second attempt names the new ETag', async () => {
    const { api, page, open } = ready();
    await open(`/vms/${vmId()}?tab=settings`);
    await page.getByRole('button', { name: 'Edit settings' }).click();
    const dialog = dialogOf(page);
    await dialog.getByRole('textbox', { name: 'Notes' }).fill('Mine');
    const tags: (string | undefined)[] = [];
    const path = `**/api/v1/vms/${vmId()}`;
    await page.route(path, async (route) => {
      if (route.request().method() !== 'PATCH') return route.fallback();
      tags.push(route.request().headers()['if-match']);
      if (tags.length > 1) return route.fallback();
      api.fleet.changeVm(vmId(), { notes: 'Theirs' });
      const problem = {
        type: '',
        title: '',
        status: 412,
        code: 'precondition-failed',
        detail: 'It has changed.',
      };
      return route.fulfill({ status: 412, json: problem });
    });
    await dialog.getByRole('button', { name: 'Save 1 change' }).click();
    await dialog.getByText(/Notes: .* is now “Theirs”, and you entered “Mine”/).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Keep mine' }).click();
    await dialog.getByRole('button', { name: 'Save 1 change' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(sent().map(({ body }) => body)).toEqual([{ notes: 'Mine' }]);
    expect(tags[0]).toMatch(/^".+"$/);
    expect(tags[1]).toMatch(/^".+"$/);
    expect(tags[1]).not.toBe(tags[0]);
  });

  test('a move offers the nodes of the cluster with their free memory, and says why not', async () => {
    const { page, open } = ready();
    await open(`/vms/${vmId()}`);
    await menuOf(page, 'Move…');
    const dialog = dialogOf(page);
    await dialog.getByRole('radio', { name: 'HV-02: 180.0 GB of memory free' }).waitFor();
    const here = dialog.getByRole('radio', { name: /^HV-01.*\(it is here\)/ });
    expect(await here.isDisabled()).toBe(true);
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('radio', { name: /^HV-02/ }).check();
    await dialog.getByRole('button', { name: 'Move APP-WEB-01 to HV-02' }).click();
    await page.getByText('on HV-02', { exact: true }).waitFor();
    expect(sent()[0]).toMatchObject({ parts: ['move'], body: { targetHostId: 'hv-02' } });
  });

  test('a VM leaves the cluster and joins it again', async () => {
    const { page, open } = ready();
    await open(`/vms/${vmId()}?tab=settings`);
    await page.getByRole('button', { name: 'Remove from cluster' }).click();
    await dialogOf(page).getByRole('button', { name: 'Remove from PROD-CL01' }).click();
    await page.getByRole('button', { name: 'Add to cluster' }).click();
    await dialogOf(page).getByRole('button', { name: 'Add to PROD-CL01' }).click();
    await page.getByRole('button', { name: 'Remove from cluster' }).waitFor();
  });

  test('a refusal keeps the form open with its values, says what to do, and gives the focus back on Cancel', async () => {
    const { page, open } = ready();
    await open(`/vms/${vmId()}`);
    await page.route('**/checkpoints', (route) =>
      route.fulfill({
        status: 409,
        json: { type: '', title: '', status: 409, code: 'already-running', detail: 'A backup is running.' },
      }),
    );
    await menuOf(page, 'Take checkpoint…');
    const dialog = dialogOf(page);
    await dialog.getByRole('textbox').fill('Before');
    await dialog.getByRole('button', { name: 'Take checkpoint' }).click();
    await dialog.getByText('A backup is running.').waitFor();
    await dialog.getByText('Wait for that job to end, or cancel it.').waitFor();
    expect(await dialog.getByRole('textbox').inputValue()).toBe('Before');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toMatch(/^More actions for APP-WEB-01/);
  });

  test('takes one checkpoint when the first response is lost and the button is pressed again', async () => {
    const { api, page, open } = ready();
    const before = api.fleet.vmNamed('APP-WEB-01').checkpoints.length;
    await open(`/vms/${vmId()}`);
    await menuOf(page, 'Take checkpoint…');
    const dialog = dialogOf(page);
    await dialog.getByRole('textbox').fill('Before');
    await page.route(
      (url) => url.pathname.endsWith('/checkpoints') && url.search === '',
      async (route) => {
        await route.fetch();
        return route.abort('connectionreset');
      },
      { times: 1 },
    );
    const take = dialog
      .getByRole('button', { name: 'Take checkpoint' })
      .and(page.locator(':not([aria-disabled=true])'));
    await take.click();
    await dialog.getByText('The service did not confirm the change.').waitFor();
    await take.click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => [...api.fleet.jobs.values()].every(({ state }) => state !== 'queued')).toBe(true);
    expect(sent()).toHaveLength(2);
    expect(api.fleet.vmNamed('APP-WEB-01').checkpoints).toHaveLength(before + 1);
  });

  test('a reader sees the forms disabled with the permission that they need', async () => {
    const { api, page, open } = ready();
    api.me = makeMe({ principal: { ...signedIn, permissions: [...roles.reader], role: 'reader' } });
    await open(`/vms/${vmId()}?tab=hardware`);
    const button = page.getByRole('button', { name: 'New disk' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('title')).toMatch(/permission edit/);
    await page.getByRole('button', { name: /^More actions/ }).click();
    const item = page.getByRole('menuitem', { name: 'Delete…' });
    expect(await item.getAttribute('aria-description')).toMatch(/permission delete/);
  });

  test('forms fit on a phone', async () => {
    const { page, open } = ready();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${ready().api.url}/vms/${vmId()}?tab=settings`);
    await page.getByRole('button', { name: 'Edit settings' }).click();
    await dialogOf(page).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const box = await dialogOf(page).boundingBox();
    expect(box?.width).toBeLessThanOrEqual(390);
    expect(open).toBeDefined();
  });
});
