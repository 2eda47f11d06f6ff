import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
const executablePath = '/usr/bin/chromium';
const required = (process.env.AETHER_REQUIRE ?? '').split(',').includes('chromium');
/** Whether these tests cannot run here; `AETHER_REQUIRE=chromium` makes them run and fail instead. */
export const chromiumMissing = !existsSync(executablePath) && !required;
/** The reason in the title of what is skipped. */
export const because = chromiumMissing ? ' (skipped: no Chromium; install the package chromium)' : '';
/** Starts the system's Chromium without any of its own traffic. */
export function launchBrowser() {
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
//# sourceMappingURL=browser.js.map