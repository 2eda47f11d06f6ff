import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`the usage of a VM in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('says when the chart begins until there are samples, and the page does not move then', async () => {
    const { api, page, live } = ready();
    const { promise: allowed, resolve: allow } = Promise.withResolvers<undefined>();
    // Samples are sent once the page has asked for them.
    await page.route(/\/api\/v1\/events\/[^/]+\//, async (route) => {
      await allowed;
      await route.continue();
    });
    await page.goto(`${api.url}/vms/${api.fleet.vmNamed('APP-WEB-01').id}`);
    await live();
    const usage = page.getByRole('region', { name: 'Usage' });
    await usage.getByText('Collecting samples. The chart begins in about 10 s.').waitFor();
    const before = await usage.boundingBox();
    expect(await accessibilityViolations(page)).toEqual([]);
    allow(undefined);
    await usage.getByText(/^Measured here since/).waitFor();
    await usage.getByText(/^\d+\s*%$/).waitFor();
    expect(await usage.boundingBox()).toEqual(before);
  });
});
