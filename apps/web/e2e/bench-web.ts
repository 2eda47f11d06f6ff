// `npm run bench:web [-- --json FILE]`: figures of the console in Chromium, over a simulated fleet of 5,000 VMs. No test
// asserts them.
import { printSection, quantile, writeJson, type BenchRow } from '@aether-v/tools/report';
import { Stack, until } from '@aether-v/tools/stack';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

const hosts = 100;
const vmsPerHost = 50;
/** Searches typed letter by letter; each finds some of the simulated VMs, but not all. */
const searches = ['-0042', 'web', 'sim-07', '10.1.2'];

await using stack = await Stack.start({
  simulator: { SIM_HOSTS: String(hosts), SIM_VMS_PER_HOST: String(vmsPerHost) },
});
await until(
  'all VMs are read',
  async () => (await stack.api<{ total: number }>('/vms?limit=1')).total === hosts * vmsPerHost,
  300_000,
);
await using browser = await launchBrowser();

const rows = [...(await measureLoads(browser)), ...(await measureUse(browser))];
const title = `The console in Chromium, ${hosts} hosts with ${vmsPerHost} VMs each`;
printSection(title, rows);
const jsonAt = process.argv.indexOf('--json');
const jsonFile = jsonAt < 0 ? undefined : process.argv[jsonAt + 1];
if (jsonFile !== undefined) writeJson(jsonFile, { [title]: rows });

/** Opens the list of VMs. @returns Milliseconds until its first row is visible. */
async function openList(page: Page): Promise<number> {
  const began = performance.now();
  await page.goto(`${stack.url}/vms`, { waitUntil: 'commit' });
  await firstRow(page).waitFor();
  return performance.now() - began;
}

function firstRow(page: Page): ReturnType<Page['locator']> {
  return page.locator('[role=grid] [role=row][aria-rowindex="2"]');
}

interface Transferred {
  files: number;
  answers: number;
}

/** Counts the bytes that a page receives: files of the console, and answers of the API except event streams. */
async function countBytes(context: BrowserContext, page: Page): Promise<Transferred> {
  const counted: Transferred = { files: 0, answers: 0 };
  const session = await context.newCDPSession(page);
  const isAnswer = new Map<string, boolean>();
  await session.send('Network.enable');
  session.on('Network.responseReceived', ({ requestId, response }) => {
    isAnswer.set(requestId, /\/(api|auth)\//.test(new URL(response.url).pathname));
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (isAnswer.get(requestId) === true) counted.answers += encodedDataLength;
    else counted.files += encodedDataLength;
  });
  return counted;
}

async function measureLoads(browser: Browser): Promise<BenchRow[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  let bytes: Transferred = { files: 0, answers: 0 };
  for (let i = 0; i < 5; i++) {
    await using context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const counted = await countBytes(context, page);
    cold.push(await openList(page));
    bytes = { ...counted };
    warm.push(await openList(page));
  }
  return [
    { name: 'first load: files of the console', value: bytes.files / 1000, unit: 'kB', note: 'aim: 300' },
    { name: 'first load: answers of the API', value: bytes.answers / 1000, unit: 'kB' },
    { name: 'table usable, cold cache, p50 of 5', value: quantile(cold, 0.5), unit: 'ms' },
    { name: 'table usable, warm cache, p50 of 5', value: quantile(warm, 0.5), unit: 'ms' },
  ];
}

async function measureUse(browser: Browser): Promise<BenchRow[]> {
  await using context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await openList(page);
  const keys = await measureKeys(page);
  await openList(page);
  const tasks = await measureScrolling(page);
  return [
    { name: 'key in the search to new rows, p50', value: quantile(keys, 0.5), unit: 'ms' },
    { name: 'key in the search to new rows, p95', value: quantile(keys, 0.95), unit: 'ms' },
    {
      name: 'long tasks while scrolling all rows',
      value: tasks.length,
      unit: 'tasks',
      note: 'over 50 ms; aim: 0',
    },
    { name: 'longest task while scrolling', value: Math.max(0, ...tasks), unit: 'ms' },
  ];
}

/** Types searches. @returns Milliseconds from each key that changed the rows until they show it. */
async function measureKeys(page: Page): Promise<number[]> {
  const times: number[] = [];
  const search = page.getByRole('combobox', { name: 'Search virtual machines' });
  for (const text of searches) {
    await search.fill('');
    await page.waitForTimeout(1_000);
    for (const key of text) {
      const changed = page.evaluate(watchRows);
      await search.press(key === '-' ? 'Minus' : key === '.' ? 'Period' : key);
      const time = await changed;
      if (time !== null) times.push(time);
    }
  }
  return times;
}

/**
 * In the page: resolves with the time from the next key until the rows last changed; null if they did not change. Live
 * values in the rows do not count, so only names are compared.
 */
function watchRows(): Promise<number | null> {
  const names = (): string =>
    [...document.querySelectorAll('[role=grid] [role=row] a')].map((link) => link.textContent).join();
  return new Promise((resolve) => {
    let pressed = 0;
    let changed: number | null = null;
    let shown = names();
    window.addEventListener('keydown', () => (pressed = performance.now()), { once: true, capture: true });
    const look = (): void => {
      const now = performance.now();
      const seen = names();
      if (pressed > 0 && seen !== shown) changed = now;
      shown = seen;
      if (pressed > 0 && now - pressed > 800) resolve(changed === null ? null : changed - pressed);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

/** Scrolls from the first row to the last with the wheel. @returns The durations of tasks over 50 ms. */
async function measureScrolling(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { benchTasks: tasks });
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ entryTypes: ['longtask'] });
  });
  await firstRow(page).hover();
  for (let i = 0; i < 200; i++) {
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(30);
  }
  return page.evaluate(() => (window as unknown as { benchTasks: number[] }).benchTasks);
}
