import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

const dialogOf = (page: Page) => page.getByRole('dialog').or(page.getByRole('alertdialog'));
const table = (page: Page, name: string) => page.getByRole('table', { name });
const choose = async (page: Page, part: string, item: string): Promise<void> => {
  await page.getByRole('button', { name: `Actions for ${part}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

describe.skipIf(noChromium)(`hardware of a VM in Chromium${chromiumNote}`, () => {
  const ready = useConsole();
  const openVm = async (): Promise<string> => {
    const { api, open } = ready();
    const { id } = api.fleet.vmNamed('APP-WEB-01');
    await open(`/vms/${id}?tab=hardware`);
    return id;
  };
  const lastSent = () => ready().api.changes.findLast(({ query }) => !query.has('dryRun'));

  test('a disk grows, and a size that is not larger is refused at its field', async () => {
    const { page } = ready();
    await openVm();
    await choose(page, 'APP-WEB-01-os.vhdx', 'Grow…');
    const dialog = dialogOf(page);
    await dialog.getByRole('textbox', { name: 'New size' }).fill('100');
    await dialog.getByText('The new size must be more than 127.0 GB.').waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByRole('textbox', { name: 'New size' }).fill('200 GB');
    await dialog.getByText('No problems found.').waitFor();
    await dialog.getByRole('button', { name: 'Grow to 200.0 GB' }).click();
    await table(page, 'Disks').getByText('200.0 GB').waitFor();
    expect(lastSent()).toMatchObject({
      parts: ['disks', 'scsi-0-0', 'grow'],
      body: { sizeBytes: 200 * 1024 ** 3 },
    });
  });

  test('a disk is made from an image of the host, in a storage class with its free space', async () => {
    const { page } = ready();
    await openVm();
    await page.getByRole('button', { name: 'New disk' }).click();
    const dialog = dialogOf(page);
    await dialog.getByRole('radio', { name: 'From an image' }).check();
    await dialog
      .getByRole('combobox', { name: 'Image' })
      .selectOption({ label: 'Windows Server 2025 (40.0 GB)' });
    await dialog.getByRole('combobox', { name: 'Storage' }).selectOption({ label: 'big: 2.8 TB free' });
    await dialog.getByRole('button', { name: 'Add disk' }).click();
    await table(page, 'Disks').getByText('new.vhdx').waitFor();
    expect(lastSent()?.body).toEqual({ disk: { image: 'ws2025', sizeBytes: null }, storageClass: 'big' });
  });

  test('the VLAN of an adapter is changed, with the network’s own as the default', async () => {
    const { page } = ready();
    await openVm();
    await choose(page, 'Network Adapter', 'Change network…');
    const dialog = dialogOf(page);
    const vlan = dialog.getByRole('textbox', { name: 'VLAN' });
    await dialog.getByText('Leave empty for VLAN 120, the default of this network.').waitFor();
    expect(await dialog.getByRole('combobox', { name: 'Network' }).inputValue()).toBe('Servers');
    await vlan.fill('5000');
    await dialog.getByText('Enter a number from 1 to 4094, or leave the field empty.').waitFor();
    await vlan.fill('200');
    await dialog.getByRole('button', { name: 'Connect to Servers, VLAN 200' }).click();
    await table(page, 'Network').getByText('Access 200').waitFor();
    expect(lastSent()?.body).toEqual({ network: 'Servers', vlanId: 200 });
  });

  test('a MAC address in any notation is sent in that of the API, and a group address is refused', async () => {
    const { page } = ready();
    await openVm();
    await choose(page, 'Network Adapter', 'Change MAC address…');
    const dialog = dialogOf(page);
    const field = dialog.getByRole('textbox', { name: 'Fixed MAC address' });
    await field.fill('01:15:5d:00:00:09');
    await dialog.getByText('This is a group address.').waitFor();
    await field.fill('02:15:5d:00:00:09');
    await dialog.getByRole('button', { name: 'Set to 02-15-5D-00-00-09' }).click();
    await table(page, 'Network').getByText('02-15-5D-00-00-09 (static)').waitFor();
    expect(lastSent()?.body).toEqual({ macAddress: '02155D000009' });
  });

  test('a medium is inserted and ejected', async () => {
    const { page } = ready();
    await openVm();
    await page.getByRole('button', { name: 'Insert medium' }).click();
    await dialogOf(page).getByRole('button', { name: 'Insert drivers.iso' }).click();
    await table(page, 'DVD drives').getByText('drivers.iso').waitFor();
    await choose(page, 'SCSI 0:1', 'Eject…');
    await dialogOf(page).getByRole('button', { name: 'Eject drivers.iso' }).click();
    await table(page, 'DVD drives').getByText('Empty').waitFor();
  });

  test('deleting a disk shows what goes and what stays with the reason, and begins at Cancel', async () => {
    const { api, page } = ready();
    await openVm();
    const path = 'C:\\ClusterStorage\\Volume1\\APP-WEB-01\\APP-WEB-01-os.vhdx';
    const message = 'DC-16 needs it.';
    api.plans.set('disk.delete', {
      deletes: [path],
      remaining: [{ path: 'C:\\base.vhdx', reason: 'parent-of-others', message }],
    });
    await choose(page, 'APP-WEB-01-os.vhdx', 'Delete…');
    const dialog = dialogOf(page);
    const goes = dialog.getByRole('list', { name: 'Will be deleted' }).getByRole('listitem');
    await goes.filter({ hasText: path }).getByText('(20.0 GB)').waitFor();
    await dialog.getByRole('list', { name: 'Will be kept' }).getByText(message).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel');
    await dialog.getByRole('button', { name: 'Delete APP-WEB-01-os.vhdx' }).click();
    await page.getByText('No disks are attached.').waitFor();
  });

  test('no form has an accessibility violation in either theme', async () => {
    const { page } = ready();
    await openVm();
    expect(await accessibilityViolations(page)).toEqual([]);
    for (const button of ['New disk', 'Attach disk', 'Insert medium', 'New network adapter']) {
      await page.getByRole('button', { name: button }).click();
      await dialogOf(page).waitFor();
      expect(await accessibilityViolations(page), button).toEqual([]);
      await page.keyboard.press('Escape');
      await dialogOf(page).waitFor({ state: 'detached' });
    }
    for (const [part, item] of [
      ['APP-WEB-01-os.vhdx', 'Grow…'],
      ['APP-WEB-01-os.vhdx', 'Detach…'],
      ['Network Adapter', 'Change network…'],
      ['Network Adapter', 'Change MAC address…'],
    ] as const) {
      await choose(page, part, item);
      await dialogOf(page).waitFor();
      expect(await accessibilityViolations(page), item).toEqual([]);
      await page.keyboard.press('Escape');
      await dialogOf(page).waitFor({ state: 'detached' });
    }
  }, 120_000);
});
