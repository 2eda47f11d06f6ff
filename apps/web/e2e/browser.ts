import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const executablePath = '/usr/bin/chromium';
const required = (process.env.AETHER_REQUIRE ?? '').split(',').includes('chromium');

/** Whether these tests must be skipped; `AETHER_REQUIRE=chromium` makes them run and fail instead. */
export const chromiumMissing = !existsSync(executablePath) && !required;

/** The reason, appended to the titles of skipped tests. */
export const because = chromiumMissing ? ' (skipped: no Chromium; install the package chromium)' : '';

/** Starts the system's Chromium without its own background traffic. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
