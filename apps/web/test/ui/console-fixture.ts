import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { FakeApi } from '../fake-api/server.ts';
import { buildConsole, launch } from './browser.ts';

/** What a test of the console works with; each test has its own. */
export interface Console {
  readonly api: FakeApi;
  readonly context: BrowserContext;
  readonly page: Page;
  /** The row of the VM with this name. */
  readonly row: (name: string) => Locator;
  /** Waits until the stream is live. */
  readonly live: () => Promise<void>;
  /** Opens a path of the console and waits until it is live. */
  readonly open: (path: string) => Promise<void>;
}

const vmCount = 230;
const patienceMs = 15_000;

/** Builds the console once and gives each test a service with 230 VMs and a page; any error in the page fails the test. */
export function useConsole(): () => Console {
  let browser: Awaited<ReturnType<typeof launch>>;
  let current: Console;
  const problems: string[] = [];

  beforeAll(async () => {
    await buildConsole();
    browser = await launch();
  }, 120_000);
  afterAll(() => browser.close());

  beforeEach(async () => {
    const api = new FakeApi(vmCount);
    await api.start(0);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    problems.length = 0;
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      const isExpected = /Failed to load resource|ERR_|PageNotLoaded/.test(message.text());
      if (message.type() === 'error' && !isExpected) problems.push(message.text());
    });
    const live = () => page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    current = {
      api,
      context,
      page,
      row: (name) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) }),
      live,
      open: async (path) => {
        await page.goto(api.url + path);
        await live();
      },
    };
  });
  afterEach(async () => {
    await current.context.close();
    await current.api.stop();
    expect(problems).toEqual([]);
  });
  return () => current;
}
