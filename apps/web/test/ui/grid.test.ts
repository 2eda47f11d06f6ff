import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

const focusedIndex = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-index'));
const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
  });
const selectedRows = (page: Page) => page.locator('[role=row][aria-selected=true]');
const selectedIndexes = (page: Page): Promise<(string | undefined)[]> =>
  selectedRows(page).evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['index']).sort());

describe.skipIf(noChromium)(`the grid of VMs in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('the grid is one tab stop: Tab enters it at a row and leaves it with the next press', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    await page.getByRole('button', { name: 'Export' }).focus();
    await page.keyboard.press('Tab');
    await expect.poll(() => focusedIndex(page)).toBe('0');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('[role=grid]'))).toBeNull();
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => focusedIndex(page)).toBe('0');
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('[role=grid]'))).toBeNull();
  });

  test('arrow keys reach rows, the controls of a row and the sort buttons', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').focus();
    for (const [key, index] of [
      ['ArrowDown', '1'],
      ['j', '2'],
      ['k', '1'],
      ['End', '229'],
      ['Home', '0'],
    ]) {
      await page.keyboard.press(key ?? '');
      await expect.poll(() => focusedIndex(page)).toBe(index);
    }
    await page.keyboard.press('PageDown');
    await expect.poll(async () => Number(await focusedIndex(page))).toBeGreaterThan(5);
    await page.keyboard.press('PageUp');
    await expect.poll(() => focusedIndex(page)).toBe('0');
    for (const name of [
      'Select APP-API-01',
      'APP-API-01',
      'Shut down APP-API-01 on HV-02',
      'More actions for APP-API-01 on HV-02',
    ]) {
      await page.keyboard.press('ArrowRight');
      expect(await focusedName(page)).toBe(name);
    }
    for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowLeft');
    expect(await focusedIndex(page)).toBe('0');
    await page.keyboard.press('ArrowUp');
    expect(await focusedName(page)).toBe('Select all');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.locator('[aria-sort=descending]').waitFor();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focusedIndex(page)).not.toBeNull();
  });

  test('Space, Shift with arrows and Ctrl+A select rows, and Escape clears the selection', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    expect(await selectedIndexes(page)).toEqual(['1']);
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await expect.poll(() => selectedIndexes(page)).toEqual(['1', '2', '3']);
    await page.keyboard.press('Shift+ArrowUp');
    await expect.poll(() => selectedIndexes(page)).toEqual(['1', '2']);
    await page.keyboard.press('Control+a');
    const all = page.getByRole('checkbox', { name: 'Select all' });
    await expect.poll(() => all.isChecked()).toBe(true);
    await page.keyboard.press('End');
    await expect.poll(() => selectedIndexes(page)).toContain('229');
    await page.keyboard.press('Escape');
    await expect.poll(() => selectedRows(page).count()).toBe(0);
  });

  test('a range by Shift and click includes rows that were never on the screen', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').getByRole('checkbox').click();
    await page.locator('[data-scroll-restoration-id="vm-table"]').evaluate((element) => {
      element.scrollTo({ top: element.scrollHeight });
    });
    await row('VPN-GW-23')
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await expect.poll(() => page.getByRole('checkbox', { name: 'Select all' }).isChecked()).toBe(true);
  });

  test('the selection is kept while the list is sorted, filtered and updated, and loses deleted VMs', async () => {
    const { api, page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').click({ modifiers: ['Control'] });
    await row('APP-API-02').getByRole('checkbox').click();
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await row('VPN-GW-23').waitFor();
    await page.getByRole('combobox', { name: 'Search virtual machines' }).fill('app-api-0');
    await expect.poll(() => selectedRows(page).count()).toBe(2);
    api.fleet.changeVm(api.fleet.vmNamed('APP-API-01').id, { state: 'Paused' });
    await row('APP-API-01').getByText('Paused').waitFor();
    expect(await selectedRows(page).count()).toBe(2);
    api.fleet.deleteVm(api.fleet.vmNamed('APP-API-02').id);
    await expect.poll(() => selectedRows(page).count()).toBe(1);
    expect(
      await page
        .getByRole('checkbox', { name: 'Select all' })
        .evaluate((box) => (box as HTMLInputElement).indeterminate),
    ).toBe(true);
  });

  test('the right mouse button and Shift+F10 open the menu of the row, which gives the focus back', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-02').getByRole('gridcell').nth(3).click({ button: 'right' });
    await page.getByRole('menu', { name: 'More actions for APP-API-02' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focusedIndex(page)).toBe('1');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu', { name: 'More actions for APP-API-01' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focusedIndex(page)).toBe('0');
  });

  test('columns with numbers sort in descending order first, and the arrow of Uptime follows the uptime', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    const header = (name: string) => page.getByRole('columnheader', { name, exact: true });
    for (const [name, sort] of [
      ['Memory', '-memory'],
      ['Uptime', 'startedAt'],
      ['Host', 'host'],
    ] as const) {
      await header(name).getByRole('button').click();
      await expect.poll(() => new URL(page.url()).searchParams.get('sort')).toBe(sort);
      expect(await header(name).getAttribute('aria-sort')).toBe(name === 'Host' ? 'ascending' : 'descending');
    }
  });
});
