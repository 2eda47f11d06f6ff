import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

const hour = 3_600_000;

/** Makes every page of the context believe that it is this much later. */
function shiftDate(ahead: number): void {
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...parts: number[]) {
      super(...((parts.length === 0 ? [Real.now() + ahead] : parts) as [number]));
    }
    static override now(): number {
      return Real.now() + ahead;
    }
  } as DateConstructor;
}

/** For how long the tree says that the host is unreachable which is so for four minutes. */
const unreachableFor = (page: Page): Promise<string> =>
  page
    .getByRole('treeitem', { name: /HV-BRANCH/ })
    .getByRole('time')
    .first()
    .innerText();

describe.skipIf(noChromium)(`ages on the screen in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test.each([
    ['ahead', hour],
    ['behind', -hour],
  ])('a browser whose clock is an hour %s shows ages by the service’s clock', async (_, ahead) => {
    const { api, context, page, open } = ready();
    await context.addInitScript(shiftDate, ahead);
    await open('/vms');
    expect(await page.evaluate(() => Date.now())).toSatisfy(
      (now: number) => Math.abs(now - Date.now() - ahead) < 60_000,
    );
    await expect.poll(() => unreachableFor(page)).toMatch(/^[45] min/);

    // A second tab reads no stream: it asks the first one.
    const second = await context.newPage();
    await second.goto(`${api.url}/vms`);
    await expect.poll(() => unreachableFor(second)).toMatch(/^[45] min/);
    expect(api.openStreams).toBe(1);
  });

  test('the page of a host with a wrong clock shows the problem and its remedy, and the overview links to it', async () => {
    const { api, page, open } = ready();
    const message = 'The host’s clock is 60 minutes ahead of the service’s clock.';
    const warning = page.getByText('The host’s clock is wrong.');
    api.fleet.changeHost('hv-01', {
      clockOffsetMs: hour,
      problems: [
        { part: 'clock', message },
        { part: 'switches', message: 'Out of range.' },
      ],
    });
    await open('/');
    await page.getByRole('listitem').filter({ hasText: 'The clock is wrong' }).getByRole('link').click();
    await warning.waitFor();
    await page.getByText(message).waitFor();
    await page.getByText('1 value could not be reported').waitFor();
    await page.getByRole('tab', { name: 'Host', exact: true }).click();
    await page.getByText('1 hr ahead of the service').waitFor();

    api.fleet.changeHost('hv-01', { clockOffsetMs: 0, problems: [] });
    await page.getByText('In sync with the service').waitFor();
    expect(await warning.count()).toBe(0);
  });
});
