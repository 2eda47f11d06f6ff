import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Stack } from '@aether-v/tools/stack';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityViolations } from '../test/ui/axe.ts';
import { because, chromiumMissing, launchBrowser } from './browser.ts';
import { prepareStates, walk } from './shown-fleet.ts';
import type { ShownState } from './shown-states.ts';

/** The full suite opens every menu and dialog, also on a phone (`npm run test:long`). */
const isLong = process.env['AETHER_LONG'] === '1';

describe.skipIf(chromiumMissing)(`accessibility over the simulated fleet${because}`, () => {
  let stack: Stack;
  let browser: Awaited<ReturnType<typeof launchBrowser>>;
  let states: (readonly [string, ShownState])[];

  beforeAll(async () => {
    stack = await Stack.start({ api: { CONNECT_TIMEOUT: '3' } });
    states = Object.entries(await prepareStates(stack));
    browser = await launchBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });

  const violations = async (width: number, shown: readonly (readonly [string, ShownState])[]) => {
    await using context = await browser.newContext({ viewport: { width, height: 800 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const found: string[] = [];
    await walk(stack, page, shown, async (name) => {
      for (const violation of await accessibilityViolations(page)) found.push(`${name}: ${violation}`);
    });
    return found;
  };

  test('every address of the console is among the states', async () => {
    const router = await readFile(fileURLToPath(new URL('../src/app/router.tsx', import.meta.url)), 'utf8');
    const addresses = [...router.matchAll(/path: '([^']+)'/g)].map(([, path = '']) => path);
    expect(addresses.length).toBeGreaterThan(10);
    const isShown = (address: string): boolean => {
      const pattern = new RegExp(`^${address.replaceAll(/\$\w+/g, '[^/?]+')}(?:\\?|$)`);
      return states.some(([, { path }]) => pattern.test(path));
    };
    expect(addresses.filter((address) => !isShown(address))).toEqual([]);
  });

  test.each(isLong ? [1280, 390] : [1280])(
    `every ${isLong ? 'page, menu and dialog' : 'page'} is without violations in both themes, %i pixels wide`,
    async (width) => {
      const shown = states.filter(([, { act, isWide }]) =>
        isLong ? width > 1000 || !isWide : act === undefined,
      );
      expect(await violations(width, shown)).toEqual([]);
    },
    900_000,
  );
});
