import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`the list of VMs in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('is searched with chips that the address holds and that mouse and Backspace remove', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    const rows = page.getByRole('row');
    const parameter = (name: string) => new URL(page.url()).searchParams.get(name);
    await page.keyboard.press('/');
    await page.keyboard.type('ho');
    await page.getByRole('option', { name: 'host:' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('branch');
    await page.getByRole('option', { name: 'HV-BRANCH' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(() => parameter('search')).toBe('host:HV-BRANCH');
    await page.keyboard.type('state:off web');
    await expect.poll(() => parameter('state')).toBe('Off');
    expect(parameter('search')).toBe('host:HV-BRANCH web');
    await page.reload();
    const chip = (text: string) => page.getByRole('listitem').filter({ hasText: text });
    await chip('host: HV-BRANCH').waitFor();
    await chip('state: Off').waitFor();
    const field = page.getByRole('combobox', { name: 'Search virtual machines' });
    expect(await field.inputValue()).toBe('web');
    await page.getByRole('button', { name: 'Remove the filter state: Off' }).click();
    await expect.poll(() => parameter('state')).toBeNull();
    await field.press('Control+a');
    await field.press('Backspace');
    await expect.poll(() => parameter('search')).toBe('host:HV-BRANCH');
    await field.press('Backspace');
    await expect.poll(() => parameter('search')).toBeNull();
    await expect.poll(() => rows.count()).toBeGreaterThan(20);
  });

  test('suggests VLANs of the hosts, and MAC addresses that match in any notation', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('vlan:');
    await page.getByRole('option', { name: '130' }).waitFor();
    await page.keyboard.type('13');
    // The typed part of a number is also a VLAN, and comes first.
    await expect.poll(() => page.getByRole('option').allInnerTexts()).toEqual(['13', '130']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('listitem').filter({ hasText: 'vlan: 130' }).waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.type('mac:00:15:5d:00:00:1e');
    await page.getByRole('option', { name: '00-15-5D-00-00-1E' }).click();
    await row('APP-WEB-04').waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
  });

  test('keeps what is typed while the service answers an earlier search', async () => {
    const { page, open } = ready();
    await open('/vms');
    await page.route('**/api/v1/vms?*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      await route.continue();
    });
    const field = page.getByRole('combobox', { name: 'Search virtual machines' });
    await field.pressSequentially('state:paused app-web-0', { delay: 90 });
    await expect.poll(() => field.inputValue()).toBe('app-web-0');
    await page.getByRole('listitem').filter({ hasText: 'state: paused' }).waitFor();
  });

  test.each([
    ['an address', '10.1.0.31', 'APP-WEB-04'],
    ['a MAC address in another notation', '00-15-5d-00-00-1e', 'APP-WEB-04'],
  ])('finds a VM by %s', async (_, typed, name) => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(typed);
    await row(name).waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
  });

  test('explains the search where nothing matches', async () => {
    const { page, open } = ready();
    await open('/vms?search=foo:bar');
    await page.getByText('foo: is not a prefix').waitFor();
    await page.getByText('vlan:120').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await page.getByRole('row').nth(5).waitFor();
  });

  test('of one host does not repeat the host', async () => {
    const { page, open } = ready();
    await open('/hosts/hv-01');
    await page.getByRole('columnheader', { name: 'State' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Host' }).count()).toBe(0);
  });

  test('shows chosen columns, and exports every VM that matches with them', async () => {
    const { page, row, open } = ready();
    await open('/vms?state=Running&search=app-web');
    await row('APP-WEB-01').waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Operating system' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Uptime' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'State' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'Operating system' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'State' }).count()).toBe(0);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    const lines = (await readFile(await (await download).path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines[0]).toBe('\uFEFFName,Host,vCPU,CPU (%),Memory (GB),IP,Operating system');
    expect(lines).toHaveLength(24);
    const [, first = ''] = lines;
    expect(first).toMatch(
      /^APP-WEB-01,HV-01,2,\d+,4,10\.1\.0\.1 fe80::215:5dff:fe00:0,Ubuntu 24\.04\.1 LTS$/,
    );
  });

  test('fits 1,024 pixels without scrolling sideways', async () => {
    const { page, row, open } = ready();
    await page.setViewportSize({ width: 1024, height: 768 });
    await open('/vms');
    await row('APP-API-01').waitFor();
    const grid = page.getByRole('grid', { name: 'Virtual machines' });
    expect(
      await grid.evaluate((element) => element.scrollWidth - (element.parentElement?.clientWidth ?? 0)),
    ).toBe(0);
  });
});
