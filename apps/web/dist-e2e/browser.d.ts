import { type Browser } from 'playwright-core';
/** Whether these tests cannot run here; `AETHER_REQUIRE=chromium` makes them run and fail instead. */
export declare const chromiumMissing: boolean;
/** The reason in the title of what is skipped. */
export declare const because: string;
/** Starts the system's Chromium without any of its own traffic. */
export declare function launchBrowser(): Promise<Browser>;
//# sourceMappingURL=browser.d.ts.map