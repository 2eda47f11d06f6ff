import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** The time in milliseconds within which an animation starts after a change. */
const startMs = 100;

/** Fluent fades dialogs, menus and toasts in; colors are compared only when they are final. */
async function animationsEnd(page: Page): Promise<void> {
  await page.waitForTimeout(startMs);
  await page.evaluate(async () => {
    const isFinite = ({ effect }: Animation): boolean => effect?.getComputedTiming().endTime !== Infinity;
    const ends = document
      .getAnimations()
      .filter(isFinite)
      .map(({ finished }) => finished);
    await Promise.allSettled(ends);
  });
}

/** Invisible elements of Fluent's focus management: they pass the focus on at once. */
const focusSentinels = '[data-tabster-dummy]';

async function violationsNow(page: Page): Promise<string[]> {
  // An evaluation instead of a script element, which the console's content security policy would block.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(${JSON.stringify({ exclude: [focusSentinels] })}, { resultTypes: ['violations'] })`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`,
    ),
  );
}

/** Returns the accessibility violations of the page as it is, in the light and the dark theme. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await animationsEnd(page);
    for (const violation of await violationsNow(page)) found.push(`${colorScheme}: ${violation}`);
  }
  return found;
}
