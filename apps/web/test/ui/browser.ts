import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isRequired = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('chromium');

/** Whether these tests have to be left out, and the reason as part of their title. */
export const noChromium = !isRequired && !existsSync(executablePath);
export const chromiumNote = noChromium
  ? ` (skipped: install Chromium, there is none at ${executablePath})`
  : '';

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'],
  });
}

/** The console is tested as it is built; the build is made when it is missing or older than its sources. */
export async function buildConsole(): Promise<void> {
  const { build } = await import('vite');
  await build({ root: new URL('../..', import.meta.url).pathname, logLevel: 'error' });
}
