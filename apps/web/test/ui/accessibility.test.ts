import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

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
});
