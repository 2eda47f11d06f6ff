import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`the command palette in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('the palette opens a VM by keyboard alone, and offers it first the next time', async () => {
    const { page, open } = ready();
    await open('/');
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Search or run' });
    await palette.getByRole('option', { name: 'Overview' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.type('sqlrep02');
    await palette.getByRole('option').first().getByText('SQL-REP-02').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'SQL-REP-02' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'SQL-REP-02' }).waitFor();
    await page.getByRole('button', { name: 'Search or run' }).click();
    await palette.getByRole('option').first().getByText('SQL-REP-02').waitFor();
    await page.keyboard.press('Control+k');
    await palette.waitFor({ state: 'detached' });
  });

  test('the palette runs an action on a VM, and explains one that is not possible', async () => {
    const { api, page, open } = ready();
    const { id, hostName } = api.fleet.vmNamed('LEGACY-01');
    api.fleet.changeVm(id, { state: 'Off', startedAt: null, stale: null });
    await open('/hosts');
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Search or run' });
    await palette.waitFor();
    await page.keyboard.type('pause legacy-01');
    const pause = palette.getByRole('option', { name: 'Pause LEGACY-01' });
    await pause.getByText('Possible when').waitFor();
    expect(await pause.getAttribute('aria-disabled')).toBe('true');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    expect(await palette.count()).toBe(1);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('start legacy-01');
    await palette
      .getByRole('option', { name: 'Start LEGACY-01' })
      .getByText(`on ${hostName}`, { exact: true })
      .waitFor();
    await page.keyboard.press('Enter');
    await palette.waitFor({ state: 'detached' });
    await expect.poll(() => api.requests).toContain(`POST /api/v1/vms/${id}/start`);
  });

  test('the palette keeps what is typed while its code is being loaded', async () => {
    const { page, open } = ready();
    const { promise: loaded, resolve: load } = Promise.withResolvers<undefined>();
    await page.route(/\/palette-[^/]*\.js/, async (route) => {
      await loaded;
      await route.continue();
    });
    await open('/');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('sqlx');
    await page.keyboard.press('Backspace');
    load(undefined);
    const palette = page.getByRole('dialog', { name: 'Search or run' });
    await expect.poll(() => palette.getByRole('combobox').inputValue()).toBe('sql');
    await palette.getByRole('option').first().waitFor();
  });

  test('reads nothing when it opens, and finds a VM by a word that the console has not read', async () => {
    const { api, page, open } = ready();
    await open('/jobs');
    await page.waitForTimeout(500);
    const lists = () => api.requests.filter((request) => request.startsWith('GET /api/v1/vms'));
    const before = lists();
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Search or run' });
    await palette.getByRole('option', { name: 'Overview' }).waitFor();
    await page.waitForTimeout(300);
    expect(lists()).toEqual(before);
    // A fleet that is larger than what is read for a search by letters.
    await page.route(/\/api\/v1\/vms\?.*limit=1000/, (route) =>
      route.fulfill({ json: { items: [], total: 5000, version: api.fleet.version, nextCursor: null } }),
    );
    await page.keyboard.type('vpn-gw-21');
    await palette
      .getByRole('option', { name: /^VPN-GW-21/ })
      .first()
      .waitFor();
  });

  test('the palette explains what can be typed if nothing matches', async () => {
    const { page, open } = ready();
    await open('/');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Search or run' }).waitFor();
    await page.keyboard.type('qqqqqqqq');
    await page.getByText('Actions begin with a verb').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('the palette fits a phone', async () => {
    const { api, page } = ready();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(api.url);
    await page.getByRole('button', { name: 'Search or run' }).click();
    await page.getByRole('option', { name: 'Overview' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});
