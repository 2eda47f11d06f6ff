import { Stack, until } from '@aether-v/tools/stack';
import { startTcpProxy } from '@aether-v/tools/tcp-proxy';
import type { VmSummary } from '@aether-v/types';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because, chromiumMissing, launchBrowser } from './browser.ts';

// Tall enough for every row: the table renders only what is in view.
const viewport = { width: 1280, height: 4000 };

describe.skipIf(chromiumMissing)(`a live fleet in the browser${because}`, () => {
  let stack: Stack;
  let browser: Browser;

  beforeAll(async () => {
    // Rules out polling: every change within the tests arrives by the event stream.
    stack = await Stack.start({ api: { INVENTORY_REFRESH_INTERVAL: '300' } });
    await stack.settled();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });

  const total = async (): Promise<number> => (await stack.api<{ total: number }>('/vms?limit=1')).total;

  const showAll = async (page: Page, url = stack.url): Promise<void> => {
    await page.goto(`${url}/vms`);
    const rows = await total();
    await until('all rows are there', async () => (await page.getByRole('row').count()) === rows + 1);
  };

  const open = async (): Promise<Page> => {
    const page = await browser.newPage({ viewport });
    await showAll(page);
    return page;
  };

  const rowOf = (page: Page, name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

  const runningVm = async (skip = 0): Promise<VmSummary> => {
    const vm = (await stack.vms()).filter(({ state, stale }) => state === 'Running' && stale === null)[skip];
    if (vm === undefined) throw new Error('no running VM');
    return vm;
  };

  test('there are as many rows as the service counts', async () => {
    const page = await open();
    expect(await page.getByRole('row').count()).toBe((await total()) + 1);
    expect(await total()).toBeGreaterThan(50);
    await page.close();
  });

  test('a change on a host appears in its row without a request to the service', async () => {
    const page = await open();
    const vm = await runningVm();
    await rowOf(page, vm.name).getByText('Running').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await quiet(page);

    // Only the service's data counts: code of pages is preloaded whenever the browser is idle.
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/api/')) asked.push(`${request.method()} ${pathname}`);
    });
    const began = Date.now();
    await stack.simulator('POST', `/hosts/${vm.hostId}/vms/${vm.vmId}/pause`);
    await rowOf(page, vm.name)
      .getByText(/Pausing|Paused/)
      .waitFor();
    console.log(`change on the host to the browser's row: ${Date.now() - began} ms`);
    await rowOf(page, vm.name).getByText('Paused').waitFor();
    expect(asked).toEqual([]);
    await page.close();
  });

  test('the console shows that the service was killed, and recovers automatically', async () => {
    const page = await open();
    const rows = await page.getByRole('row').count();
    await stack.killApi();
    await page
      .getByText(/Reconnecting… since/)
      .first()
      .waitFor();
    expect(await page.getByRole('row').count()).toBe(rows);

    await stack.restartApi();
    await page
      .getByText(/Reconnecting… since/)
      .first()
      .waitFor({ state: 'hidden' });
    await stack.settled();
    const vm = await runningVm(1);
    await stack.simulator('POST', `/hosts/${vm.hostId}/vms/${vm.vmId}/pause`);
    await rowOf(page, vm.name).getByText('Paused').waitFor();
    await page.close();
  });

  test('a second client that was disconnected for a minute ends with the same rows', async () => {
    await using proxy = await startTcpProxy(Number(new URL(stack.url).port));
    const first = await open();
    // Another browser context: it shares neither the stream nor a leader with the first.
    const context = await browser.newContext({ viewport });
    const second = await context.newPage();
    await showAll(second, `http://127.0.0.1:${proxy.port}`);

    proxy.cut();
    const lostAt = Date.now();
    await second
      .getByText(/Reconnecting… since/)
      .first()
      .waitFor();
    const [paused, deleted, renamed] = [await runningVm(2), await runningVm(3), await runningVm(4)];
    await stack.simulator('POST', `/hosts/${paused.hostId}/vms/${paused.vmId}/pause`);
    await stack.simulator('POST', `/hosts/${renamed.hostId}/vms/${renamed.vmId}/rename`, {
      name: 'RENAMED-MEANWHILE',
    });
    await stack.simulator('POST', `/hosts/${deleted.hostId}/vms/${deleted.vmId}/stop?wait=true`);
    await stack.simulator('POST', `/hosts/${deleted.hostId}/vms/${deleted.vmId}/delete`);
    await rowOf(first, 'RENAMED-MEANWHILE').waitFor();
    // A clustered VM that left its node may be moving to another, so its row stays for half a minute.
    await rowOf(first, deleted.name).waitFor({ state: 'detached', timeout: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 60_000 - (Date.now() - lostAt))));
    expect(await rowOf(second, deleted.name).count()).toBe(1);
    proxy.heal();

    await second
      .getByText(/Reconnecting… since/)
      .first()
      .waitFor({ state: 'hidden' });
    await until('both clients show the same rows', async () => {
      const [mine, theirs] = [await versionedCells(first), await versionedCells(second)];
      return mine.length > 10 && JSON.stringify(mine) === JSON.stringify(theirs);
    });
    await context.close();
    await first.close();
  }, 180_000);
});

/** Waits until the page has made no request for a second: it has loaded everything and registered its interest. */
async function quiet(page: Page): Promise<void> {
  for (;;) {
    const next = await page.waitForRequest(() => true, { timeout: 1_000 }).catch(() => undefined);
    if (next === undefined) return;
  }
}

/** Returns the versioned parts of the rows: name, state, host and processors. Usage and ages change on their own. */
async function versionedCells(page: Page): Promise<string[][]> {
  const rows = await page.getByRole('row').all();
  return Promise.all(
    rows.slice(1).map(async (row) => (await row.getByRole('gridcell').allInnerTexts()).slice(0, 4)),
  );
}
