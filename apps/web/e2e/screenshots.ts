// `npm run screenshots -w @aether-v/web [-- FOLDER [PATTERN]]`: every page and state over the simulated fleet, light and
// dark, wide and narrow; with a pattern, only those whose names match.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from '@aether-v/tools/stack';
import { launchBrowser } from './browser.ts';
import { prepareStates, walk } from './shown-fleet.ts';

const [, , folder = 'test-results/screenshots', pattern = ''] = process.argv;
mkdirSync(folder, { recursive: true });

await using stack = await Stack.start({
  api: { ENVIRONMENT_NAME: 'Demo fleet (simulated)', CONNECT_TIMEOUT: '3' },
});
const only = new RegExp(pattern);
const states = Object.entries(await prepareStates(stack)).filter(([name]) => only.test(name));

await using browser = await launchBrowser();
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries({
    wide: { width: 1280, height: 800 },
    medium: { width: 1024, height: 768 },
    narrow: { width: 390, height: 844 },
  })) {
    const context = await browser.newContext({ colorScheme, viewport });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => console.error(`${size} ${colorScheme}: ${error.message}`));
    const offered = states.filter(([, { isWide }]) => !isWide || size !== 'narrow');
    await walk(stack, page, offered, async (name) => {
      // Panels and dialogs open, and the values of the event stream arrive.
      await page.waitForTimeout(1_500);
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
    });
    await context.close();
  }
}
console.log(`Screenshots are in ${folder}.`);
