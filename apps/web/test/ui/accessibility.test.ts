import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

const dialogOf = (page: Page) => page.getByRole('dialog').or(page.getByRole('alertdialog'));

describe.skipIf(noChromium)(`accessibility in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test.each(['/', '/vms', '/jobs', '/hosts/hv-01', '/audit'])(
    '%s has no violation in either theme',
    async (path) => {
      const { page, open } = ready();
      await open(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    },
  );

  const openVm = async (tab: string): Promise<string> => {
    const { api, open } = ready();
    const { id } = api.fleet.vmNamed('APP-WEB-01');
    await open(`/vms/${id}?tab=${tab}`);
    return id;
  };
  const choose = async (page: Page, part: string, item: string | RegExp): Promise<void> => {
    await page.getByRole('button', { name: `Actions for ${part}` }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  const expectDialogWithoutViolation = async (page: Page): Promise<void> => {
    await dialogOf(page).waitFor();
    await dialogOf(page).getByText('No problems found.').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  };

  test('the open menu of a VM has no violation in either theme', async () => {
    const { page } = ready();
    await openVm('summary');
    await page.getByRole('button', { name: /^More actions for APP-WEB-01/ }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  test('the dialog for a new checkpoint has no violation in either theme', async () => {
    const { page } = ready();
    await openVm('checkpoints');
    await page.getByRole('button', { name: 'Take checkpoint' }).click();
    await expectDialogWithoutViolation(page);
  });

  test('the deletion of a checkpoint with its children has no violation in either theme', async () => {
    const { page } = ready();
    await openVm('checkpoints');
    await choose(page, 'checkpoint Before patching', /^Delete with/);
    await expectDialogWithoutViolation(page);
  });

  test.each([
    ['deletion of a disk', 'APP-WEB-01-os.vhdx', 'Delete…'],
    ['removal of a network adapter', 'Network Adapter', 'Remove…'],
    ['ejection of a medium', 'SCSI 0:1', 'Eject…'],
  ])('the %s has no violation in either theme', async (_, part, item) => {
    const { api, page } = ready();
    const vm = api.fleet.vmNamed('APP-WEB-01');
    const path = 'D:\\ISO\\drivers.iso';
    const dvdDrives = vm.dvdDrives.map((drive) => ({ ...drive, path }));
    api.fleet.changeVm(vm.id, { dvdDrives, state: 'Off', startedAt: null });
    api.plans.set('disk.delete', {
      deletes: vm.disks.map((disk) => disk.path),
      remaining: [{ path: 'C:\\base.vhdx', reason: 'parent-of-others', message: 'DC-16 needs it.' }],
    });
    await openVm('hardware');
    await choose(page, part, item);
    await expectDialogWithoutViolation(page);
  });

  test.each(['Remove from cluster', 'Add to cluster'])(
    'the dialog %j has no violation in either theme',
    async (button) => {
      const { api, page } = ready();
      const { id } = api.fleet.vmNamed('APP-WEB-01');
      if (button.startsWith('Add')) api.fleet.changeVm(id, { clusterRole: null });
      await openVm('settings');
      await page.getByRole('button', { name: button }).click();
      await expectDialogWithoutViolation(page);
    },
  );
});
