import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`the keyboard in Chromium${chromiumNote}`, () => {
  const ready = useConsole();
  const heading = (name: string) => ready().page.getByRole('heading', { level: 1, name, exact: true });

  test('g and a letter open the pages, except in a field', async () => {
    const { page, open } = ready();
    await open('/');
    await heading('Overview').waitFor();
    for (const [key, name] of [
      ['v', 'Virtual machines'],
      ['h', 'Hosts'],
      ['j', 'Jobs'],
      ['o', 'Overview'],
      ['v', 'Virtual machines'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await heading(name).waitFor();
    }
    await page.keyboard.press('/');
    await page.keyboard.type('gj?');
    expect(await page.getByRole('combobox', { name: 'Search virtual machines' }).inputValue()).toBe('gj?');
    await heading('Virtual machines').waitFor();
  });

  test('? lists the shortcuts, and Escape closes the list', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').focus();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await dialog.getByText('Menu of all actions').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index')))
      .toBe('0');
  });

  test('j enters the list from anywhere', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    await page.keyboard.press('j');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index')))
      .toBe('0');
    await page.keyboard.press('j');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index')))
      .toBe('1');
  });

  test('a VM that is opened gets the focus, and Back gives it to its row again', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').focus();
    await page.keyboard.press('End');
    await row('VPN-GW-23').waitFor();
    await page.keyboard.press('ArrowUp');
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await expect.poll(focused).toContain('VPN-GW-22');
    await page.keyboard.press('Enter');
    await heading('VPN-GW-22').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.goBack();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index')))
      .toBe('228');
    await page.keyboard.press('Enter');
    await heading('VPN-GW-22').waitFor();
  });

  test('the skip link leads into the page and leaves the address alone', async () => {
    const { page, open } = ready();
    await open('/vms');
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to content' });
    await expect.poll(() => skip.evaluate((link) => link === document.activeElement)).toBe(true);
    const [box, logo] = [
      await skip.boundingBox(),
      await page.getByRole('link', { name: 'Aether-V' }).boundingBox(),
    ];
    if (!box || !logo) throw new Error('the link is not on the screen');
    expect(
      await page.evaluate(([x, y]) => document.elementFromPoint(x, y)?.textContent, [
        logo.x + 4,
        logo.y + 8,
      ] as const),
    ).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    expect(new URL(page.url()).hash).toBe('');
  });

  test('a list in order of CPU is read again while it is not used', async () => {
    const { api, page, open } = ready();
    await open('/vms?sort=-cpu');
    await page.getByRole('row').nth(5).getByRole('link').waitFor();
    const reads = () => api.requests.filter((request) => request.includes('sort=-cpu')).length;
    const before = reads();
    await expect.poll(reads, { timeout: 12_000 }).toBeGreaterThan(before);
    expect(await page.locator('[aria-sort=descending]').textContent()).toBe('CPU');
  });

  test('a state in the address is accepted in any case, and an unknown one is named', async () => {
    const { page, open } = ready();
    await open('/vms?state=paused,runing');
    await page.getByText('The address names states that do not exist: runing.').waitFor();
    await page.getByRole('row').getByText('Paused').first().waitFor();
    expect(await page.getByRole('row').getByText('Running').count()).toBe(0);
  });
});
