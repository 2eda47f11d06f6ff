import { readFile } from 'node:fs/promises';
import { Stack, until } from '@aether-v/tools/stack';
import type { Job, Vm, VmSummary } from '@aether-v/types';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityViolations } from '../test/ui/axe.ts';
import { because, chromiumMissing, launchBrowser } from './browser.ts';
import { Hands } from './hands.ts';

/** The tab stops from the list, where the palette was opened, to the tabs of the page of a running VM. */
const tabStops = 6;

describe.skipIf(chromiumMissing)(`tasks with lists in the browser, in clicks and keys${because}`, () => {
  let stack: Stack;
  let browser: Browser;
  let target: Vm;

  beforeAll(async () => {
    stack = await Stack.start();
    await stack.settled();
    browser = await launchBrowser();
    const details = await Promise.all(
      (await stack.vms()).map(({ id }) => stack.api<Vm>(`/vms/${encodeURIComponent(id)}`)),
    );
    const found = details.find(
      ({ addresses, networkAdapters: [adapter] }) =>
        addresses.some((address) => !address.includes(':')) &&
        adapter?.macAddress != null &&
        adapter.vlan.accessVlanId !== null,
    );
    if (!found) throw new Error('The simulated fleet has no VM with an address, a MAC address and a VLAN.');
    target = found;
  });

  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });

  /** Runs a task on the page of all VMs, and prints and returns what it took. */
  async function take(name: string, task: (page: Page, hands: Hands) => Promise<void>): Promise<Hands> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${stack.url}/vms`);
    await page.getByRole('row').nth(5).waitFor();
    const hands = new Hands(page);
    await task(page, hands);
    await page.close();
    console.log(`${name}: ${hands.clicks} clicks, ${hands.keys} keys`);
    return hands;
  }

  const rowOf = (page: Page, name: string): Locator =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  const field = (page: Page): Locator => page.getByRole('combobox', { name: 'Search virtual machines' });
  const opened = (page: Page, name: string): Promise<void> =>
    page.getByRole('heading', { level: 1, name }).waitFor();

  /** The ways to find one VM: its address, its MAC address in the notation of Unix, its VLAN and a part of its name. */
  const searches = (): Record<string, string> => {
    const { addresses, networkAdapters, name } = target;
    const [adapter] = networkAdapters;
    const mac = (adapter?.macAddress ?? '').toLowerCase().match(/../g)?.join(':') ?? '';
    return {
      address: addresses.find((address) => !address.includes(':')) ?? '',
      'MAC address': mac,
      VLAN: `vlan:${adapter?.vlan.accessVlanId ?? ''} ${name.toLowerCase()}`,
    };
  };

  test.each(['address', 'MAC address', 'VLAN'])('finds a VM by its %s', async (by) => {
    const text = searches()[by] ?? '';
    const mouse = await take(`Find a VM by its ${by}, by mouse`, async (page, hands) => {
      await hands.click(field(page));
      await hands.type(text);
      await until('one row is left', async () => (await page.getByRole('row').count()) === 2);
      await hands.click(page.getByRole('link', { name: target.name, exact: true }).last());
      await opened(page, target.name);
    });
    expect(mouse).toMatchObject({ clicks: 2, keys: text.length });
    const keyboard = await take(`Find a VM by its ${by}, by keyboard`, async (page, hands) => {
      await hands.press('/');
      await hands.type(text);
      await until('one row is left', async () => (await page.getByRole('row').count()) === 2);
      // The search, then the buttons for columns and export, then the table.
      await hands.press('Tab', 'Tab', 'Tab', 'Enter');
      await opened(page, target.name);
    });
    expect(keyboard).toMatchObject({ clicks: 0, keys: text.length + 5 });
  });

  /** Five running VMs whose rows follow each other when only running VMs are listed. */
  async function fiveRunning(): Promise<readonly VmSummary[]> {
    const all = (await stack.api<{ items: VmSummary[] }>('/vms?state=Running&sort=name&limit=50')).items;
    const start = all.findIndex((_, at) =>
      all
        .slice(at, at + 5)
        .every(({ stale, critical, activity, moving }) => !stale && !critical && !activity && !moving),
    );
    return all.slice(start, start + 5);
  }

  async function areStopped(vms: readonly VmSummary[]): Promise<void> {
    await until('the hosts say that all five are off', async () => {
      const states = await Promise.all(
        vms.map(({ hostId, vmId }) =>
          stack.simulator<{ state: string }>('GET', `/hosts/${hostId}/vms/${vmId}`),
        ),
      );
      return states.every(({ state }) => state === 'Off');
    });
    const parents = (await stack.jobs()).filter(({ children }) => children !== null);
    expect(parents[0]).toMatchObject({
      command: 'vm.stop',
      state: 'succeeded',
      children: { total: 5, succeeded: 5 },
    });
  }

  test('stops five VMs as one job', async () => {
    const first = await fiveRunning();
    const mouse = await take('Stop five VMs, by mouse', async (page, hands) => {
      await page.goto(`${stack.url}/vms?state=Running`);
      await rowOf(page, first[0]?.name ?? '')
        .first()
        .waitFor();
      for (const { name } of first) await hands.click(rowOf(page, name).getByRole('checkbox'));
      await hands.click(page.getByRole('button', { name: 'Turn off', exact: true }));
      expect(await accessibilityViolations(page)).toEqual([]);
      await hands.click(page.getByRole('button', { name: 'Turn off 5 VMs' }));
      await page.getByText('Turn off: 5 of 5 virtual machines succeeded', { exact: true }).waitFor();
      await areStopped(first);
    });
    expect(mouse).toMatchObject({ clicks: 7, keys: 0 });

    const second = await fiveRunning();
    const before = (await stack.jobs()).length;
    const keyboard = await take('Stop five VMs, by keyboard', async (page, hands) => {
      await page.goto(`${stack.url}/vms?state=Running`);
      const firstRow = rowOf(page, second[0]?.name ?? '').first();
      await firstRow.waitFor();
      const all = (await stack.api<{ items: VmSummary[] }>('/vms?state=Running&sort=name&limit=50')).items;
      const skipped = all.findIndex(({ id }) => id === second[0]?.id);
      await hands.press('j', ...Array.from({ length: skipped }, () => 'j'), ' ');
      await hands.press('Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown');
      await page.getByText('5 selected').waitFor();
      // Start, shut down, then turn off.
      await hands.press('Tab', 'Tab', 'Tab', 'Enter');
      await page.getByRole('alertdialog').waitFor();
      await hands.press('Shift+Tab', 'Enter');
      await page.getByText('Turn off: 5 of 5 virtual machines succeeded', { exact: true }).waitFor();
      await areStopped(second);
      expect(hands.keys).toBe(12 + skipped);
    });
    expect(keyboard.clicks).toBe(0);
    expect((await stack.jobs()).length).toBeGreaterThan(before);
  });

  test('shows what was done to a VM', async () => {
    const { job } = await stack.api<{ job: Job }>(
      `/vms/${encodeURIComponent(target.id)}/checkpoints`,
      'POST',
      {
        name: 'Before the test',
      },
    );
    const mouse = await take('See what was done to a VM, by mouse', async (page, hands) => {
      await hands.click(field(page));
      await hands.type(target.name);
      await until('its row is there', async () => (await rowOf(page, target.name).count()) > 0);
      await hands.click(page.getByRole('link', { name: target.name, exact: true }).last());
      await hands.click(page.getByRole('tab', { name: 'Activity' }));
      const grid = page.getByRole('grid', { name: 'Activity' });
      await grid.getByRole('link', { name: job.title }).first().waitFor();
      expect(await accessibilityViolations(page)).toEqual([]);
    });
    expect(mouse).toMatchObject({ clicks: 3, keys: target.name.length });
    const keyboard = await take('See what was done to a VM, by keyboard', async (page, hands) => {
      await hands.press('Control+k');
      await page.getByRole('dialog', { name: 'Search or run' }).waitFor();
      await hands.type(target.name.toLowerCase());
      await page.getByRole('option', { name: target.name }).first().waitFor();
      await hands.press('Enter');
      await opened(page, target.name);
      const tab = page.getByRole('tab', { name: 'Summary' });
      const hasFocus = (): Promise<boolean> => tab.evaluate((element) => element === document.activeElement);
      while (!(await hasFocus()) && hands.keys < 60) await hands.press('Tab');
      await hands.press('ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter');
      await page
        .getByRole('grid', { name: 'Activity' })
        .getByRole('link', { name: job.title })
        .first()
        .waitFor();
    });
    expect(keyboard.clicks).toBe(0);
    // The number of tab stops depends on where the new page begins.
    expect(keyboard.keys).toBeLessThanOrEqual(1 + target.name.length + 1 + tabStops + 4);
  });

  test('exports a list', async () => {
    const total = (await stack.api<{ total: number }>('/vms?limit=1')).total;
    const save = async (page: Page, act: () => Promise<void>): Promise<string[]> => {
      const download = page.waitForEvent('download');
      await act();
      const text = await readFile(await (await download).path(), 'utf8');
      return text.trimEnd().split('\r\n');
    };
    const mouse = await take('Export a list, by mouse', async (page, hands) => {
      const lines = await save(page, () => hands.click(page.getByRole('button', { name: 'Export' })));
      expect(lines).toHaveLength(total + 1);
      expect(lines[0]).toMatch(/^\uFEFFName,State,Host,/);
    });
    expect(mouse).toMatchObject({ clicks: 1, keys: 0 });
    const keyboard = await take('Export a list, by keyboard', async (page, hands) => {
      await hands.press('/');
      const lines = await save(page, () => hands.press('Tab', 'Tab', 'Enter'));
      expect(lines).toHaveLength(total + 1);
    });
    expect(keyboard).toMatchObject({ clicks: 0, keys: 4 });
  });
});
