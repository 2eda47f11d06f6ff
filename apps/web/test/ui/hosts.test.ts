import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`the page of all hosts in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('lists hosts from the fullest, can be searched with chips, and opens a host by keyboard', async () => {
    const { page, open } = ready();
    await open('/');
    await page.getByRole('treeitem', { name: 'Hosts', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Hosts' }).waitFor();
    const grid = page.getByRole('grid', { name: 'Hosts' });
    await grid.getByText('332 of 512 GB').first().waitFor();
    await expect.poll(() => grid.getByRole('row').nth(1).innerText()).toContain('Storage 73%');
    await expect.poll(() => grid.getByRole('row').last().innerText()).toContain('HV-BRANCH');
    expect(await accessibilityViolations(page)).toEqual([]);

    await page.keyboard.press('/');
    await page.keyboard.type('clu');
    const options = page.getByRole('option');
    await options.filter({ hasText: 'cluster:' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('prod');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('search')).toBe('cluster:PROD-CL01');
    await expect.poll(() => grid.getByRole('row').count()).toBe(4);
    await page.getByRole('listitem').filter({ hasText: 'cluster: PROD-CL01' }).waitFor();
    await page.keyboard.press('Backspace');
    await expect.poll(() => grid.getByRole('row').count()).toBe(8);
    await page.keyboard.type('branch');
    await expect.poll(() => grid.getByRole('row').count()).toBe(2);
    await grid.getByRole('row').last().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'HV-BRANCH' }).waitFor();
  });

  test('a search without a match explains the prefixes', async () => {
    const { page, open } = ready();
    await open('/hosts?search=nothing-like-this');
    await page.getByText('a prefix limits them').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await page.getByRole('row').filter({ hasText: 'HV-01' }).waitFor();
  });

  test('columns are chosen by keyboard, kept after a reload, and reset', async () => {
    const { page, open } = ready();
    await open('/hosts');
    const heading = (name: string) => page.getByRole('columnheader', { name });
    await heading('Cluster').waitFor();
    await page.getByRole('button', { name: 'Columns' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemcheckbox', { name: 'Cluster' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Space');
    await page.getByRole('menuitemcheckbox', { name: 'Address' }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await heading('Cluster').waitFor({ state: 'detached' });
    await heading('Address').waitFor();
    await page.reload();
    await heading('Address').waitFor();
    expect(await heading('Cluster').count()).toBe(0);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitem', { name: 'Reset columns' }).click();
    await heading('Cluster').waitFor();
    expect(await heading('Address').count()).toBe(0);
  });

  test('exports the matching hosts with the shown columns', async () => {
    const { page, open } = ready();
    await open('/hosts?search=cluster:PROD-CL01&sort=name');
    await page.getByText('332 of 512 GB').first().waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^hosts-\d{4}-\d{2}-\d{2}\.csv$/);
    const lines = (await readFile(await file.path(), 'utf8')).split('\r\n');
    expect(lines[0]).toBe(
      '\uFEFFName,Cluster,State,Fullest (%),Fullest resource,CPU (%),Memory in use (GB),Memory (GB),Free storage (GB),Storage (GB),VMs,Running VMs,Agent,Last heard',
    );
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 3))).toEqual([
      ['HV-01', 'PROD-CL01', 'Connected'],
      ['HV-02', 'PROD-CL01', 'Connected'],
      ['HV-03', 'PROD-CL01', 'Connected'],
      [''],
    ]);
  });

  test('fits a phone, where a menu sorts the cards', async () => {
    const { api, page } = ready();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${api.url}/hosts`);
    await page.getByRole('button', { name: 'Sort' }).click();
    await page.getByRole('menuitemradio', { name: 'Name' }).click();
    await expect.poll(() => page.getByRole('row').first().innerText()).toContain('HV-01');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});
