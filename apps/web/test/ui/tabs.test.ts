import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumNote, noChromium, plainHttpName } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`seven tabs over plain HTTP in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('without Web Locks one tab reads the stream for all; each shows rows and acts at once', async () => {
    const { api, context, page } = ready();
    const url = api.url.replace('127.0.0.1', plainHttpName);
    const tabs = [page, ...(await Promise.all(Array.from({ length: 6 }, () => context.newPage())))];
    for (const tab of tabs) await tab.goto(`${url}/vms?search=app-api-0`);
    for (const tab of tabs) await tab.getByRole('link', { name: 'APP-API-02' }).waitFor();
    expect(await page.evaluate(() => 'locks' in navigator)).toBe(false);
    await expect.poll(() => api.openStreams).toBe(1);

    const last = tabs.at(-1) ?? page;
    const begun = Date.now();
    await last.getByRole('button', { name: 'Start APP-API-02' }).click();
    await expect.poll(() => api.requests.some((request) => request.endsWith('/start'))).toBe(true);
    expect(Date.now() - begun).toBeLessThan(3_000);
    for (const tab of tabs) await tab.getByRole('button', { name: 'Shut down APP-API-02' }).waitFor();

    const rowIn = (tab: Page) =>
      tab.getByRole('row').filter({ has: tab.getByRole('link', { name: 'APP-API-01' }) });
    // The tab that was opened first leads.
    await page.close();
    api.fleet.changeVm(api.fleet.vmNamed('APP-API-01').id, { state: 'Saved', startedAt: null });
    for (const tab of tabs.slice(1)) await rowIn(tab).getByText('Saved').waitFor();
    await expect.poll(() => api.openStreams).toBe(1);
  });
});
