import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

const tree = (page: Page) => page.getByRole('treegrid', { name: 'Checkpoints' });
const treeRow = (page: Page, name: string) =>
  tree(page)
    .getByRole('row')
    .filter({ has: page.getByText(name, { exact: true }) });
const namesOf = (page: Page): Promise<string[]> =>
  tree(page)
    .locator('[data-row]')
    .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).innerText.split('\n')[0] ?? ''));
const levelOf = (page: Page, name: string) => treeRow(page, name).first().getAttribute('aria-level');
const focusedRow = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => (document.activeElement as HTMLElement).innerText.split('\n')[0]);
const choose = async (page: Page, checkpoint: string, item: RegExp): Promise<void> => {
  await page.getByRole('button', { name: `Actions for checkpoint ${checkpoint}` }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

describe.skipIf(noChromium)(`checkpoints in Chromium${chromiumNote}`, () => {
  const ready = useConsole();
  /** A running VM with the checkpoints `Before patching` and, based on it, `After patching`. */
  const openVm = async (): Promise<string> => {
    const { api, open } = ready();
    const { id } = api.fleet.vmNamed('APP-WEB-01');
    await open(`/vms/${id}?tab=checkpoints`);
    return id;
  };

  test('the tree ends with the current state, below the checkpoint it is based on', async () => {
    const { api, page } = ready();
    const id = await openVm();
    await treeRow(page, 'Now').waitFor();
    expect(await namesOf(page)).toEqual(['Before patching', 'After patching', 'Now']);
    expect([
      await levelOf(page, 'Before patching'),
      await levelOf(page, 'After patching'),
      await levelOf(page, 'Now'),
    ]).toEqual(['1', '2', '3']);
    await treeRow(page, 'After patching').getByText('2.0 GB').waitFor();
    const { checkpoints } = api.fleet.vmNamed('APP-WEB-01');
    api.fleet.changeVm(id, {
      checkpoints: checkpoints.map((one) => ({ ...one, current: one.name === 'Before patching' })),
    });
    await expect.poll(() => levelOf(page, 'Now')).toBe('2');
    expect(await namesOf(page)).toEqual(['Before patching', 'After patching', 'Now']);
  });

  test('a checkpoint is taken with a name, and the button gets the focus back', async () => {
    const { api, page } = ready();
    await openVm();
    const button = page.getByRole('button', { name: 'Take checkpoint' });
    await button.click();
    const dialog = page.getByRole('dialog', { name: 'Take a checkpoint of APP-WEB-01 on HV-01' });
    await dialog.getByText('No problems found.').waitFor();
    await page.keyboard.type('Before upgrade');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await treeRow(page, 'Before upgrade').waitFor();
    expect(await levelOf(page, 'Before upgrade')).toBe('3');
    expect(api.changes.at(-1)).toMatchObject({ method: 'POST', body: { name: 'Before upgrade' } });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Take checkpoint');
  });

  test('what stands in the way is shown before the command is sent, and disables it', async () => {
    const { api, page } = ready();
    await openVm();
    const message = 'The volume CSV01 has 1 GB free.';
    api.plans.set('checkpoint.create', {
      refusals: [{ code: 'out-of-space', message, remedy: 'Free up 4 GB on CSV01.' }],
    });
    await page.getByRole('button', { name: 'Take checkpoint' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('1 problem found.').waitFor();
    await dialog.getByText(message).waitFor();
    await dialog.getByText('Free up 4 GB on CSV01.').waitFor();
    const submit = dialog.getByRole('button', { name: 'Take checkpoint' });
    expect(await submit.getAttribute('aria-disabled')).toBe('true');
    await dialog.getByRole('textbox').focus();
    await page.keyboard.press('Enter');
    api.plans.clear();
    await dialog.getByRole('button', { name: 'Check again' }).click();
    await dialog.getByText('No problems found.').waitFor();
    expect(api.changes.every(({ query }) => query.get('dryRun') === 'true')).toBe(true);
    await submit.click();
    await dialog.waitFor({ state: 'detached' });
  });

  test('applying to a running VM requires turning it off, and takes a checkpoint first on request', async () => {
    const { api, page } = ready();
    await openVm();
    await choose(page, 'Before patching', /^Apply/);
    const dialog = page.getByRole('dialog', { name: 'Apply Before patching to APP-WEB-01 on HV-01' });
    await dialog.getByText('APP-WEB-01 is running. It must be off or saved').waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByRole('checkbox', { name: /^Turn APP-WEB-01 off first/ }).check();
    await dialog.getByRole('button', { name: 'Take checkpoint, turn off, apply Before patching' }).click();
    await expect.poll(() => levelOf(page, 'Now')).toBe('2');
    await page.getByText('Off', { exact: true }).first().waitFor();
    const sent = api.changes.filter(({ query }) => !query.has('dryRun'));
    expect(sent.map(({ parts, body }) => [parts.at(-1), body])).toEqual([
      ['checkpoints', { name: null }],
      ['apply', { force: true }],
    ]);
    expect(await tree(page).locator('[data-row]').count()).toBe(4);
  });

  test('a failed checkpoint of the current state keeps the other from being applied, and says so', async () => {
    const { api, page } = ready();
    const id = await openVm();
    api.fleet.changeVm(id, { state: 'Off' });
    api.fleet.failNext('checkpoint.create', { code: 'out-of-space', message: 'No space.', remedy: null });
    await choose(page, 'Before patching', /^Apply/);
    await page.getByRole('button', { name: 'Take checkpoint, then apply Before patching' }).click();
    await page.getByText('Before patching was not applied, because').last().waitFor();
    await page.getByText('Take a checkpoint of APP-WEB-01: failed').first().waitFor();
    expect(api.changes.filter(({ parts, query }) => parts.includes('apply') && !query.has('dryRun'))).toEqual(
      [],
    );
  });

  test('F2 renames and Delete deletes the row with the focus, which then goes to its neighbour', async () => {
    const { api, page } = ready();
    await openVm();
    await treeRow(page, 'Now').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('F2');
    await page
      .getByRole('dialog', { name: 'Rename checkpoint Before patching of APP-WEB-01 on HV-01' })
      .waitFor();
    await page.keyboard.type('Baseline');
    await page.keyboard.press('Enter');
    await treeRow(page, 'Baseline').waitFor();
    await expect.poll(() => focusedRow(page)).toBe('Baseline');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('alertdialog', {
      name: 'Delete checkpoint After patching of APP-WEB-01 on HV-01',
    });
    await dialog.getByText('No problems found.').waitFor();
    // A second Enter by accident deletes nothing.
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await treeRow(page, 'After patching').waitFor({ state: 'detached' });
    await expect.poll(() => focusedRow(page)).toBe('Now');
    expect(api.changes.at(-1)).toMatchObject({ method: 'DELETE' });
  });

  test('a checkpoint is deleted with its descendants', async () => {
    const { api, page } = ready();
    await openVm();
    await choose(page, 'Before patching', /^Delete with 1 descendant/);
    const dialog = page.getByRole('alertdialog');
    expect(await dialog.getByRole('listitem').allInnerTexts()).toEqual(['Before patching', 'After patching']);
    await dialog.getByRole('button', { name: 'Delete 2 checkpoints' }).click();
    await page.getByText('There are no checkpoints.').waitFor();
    expect(api.changes.at(-1)?.query.get('subtree')).toBe('true');
  });

  test('during an activity that blocks them, actions are disabled with the reason', async () => {
    const { api, page } = ready();
    const id = await openVm();
    await treeRow(page, 'Now').waitFor();
    api.fleet.changeVm(id, { activity: { kind: 'Migrating', percent: 10 } });
    const take = page.getByRole('button', { name: 'Take checkpoint' });
    await take.and(page.locator('[aria-disabled=true]')).waitFor();
    expect(await take.getAttribute('title')).toMatch(/migrating to another host/);
    await treeRow(page, 'Before patching').focus();
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    const items = page.getByRole('menuitem');
    await items.first().waitFor();
    for (const item of await items.all()) expect(await item.getAttribute('aria-disabled')).toBe('true');
    expect(await page.getByRole('alertdialog').count()).toBe(0);
  });

  test('tree, menu and forms have no accessibility violation in either theme', async () => {
    const { page } = ready();
    await openVm();
    await treeRow(page, 'Now').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Actions for checkpoint Before patching' }).click();
    await page.getByRole('menuitem').first().waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
    for (const item of [/^Apply/, /^Rename/, /^Delete…/]) {
      await choose(page, 'Before patching', item);
      const dialog = page.getByRole('dialog').or(page.getByRole('alertdialog'));
      await dialog.waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
  });
});
