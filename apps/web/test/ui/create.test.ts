import type { Page } from 'playwright-core';
import { roles } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { makeMe, signedIn } from '../fake-api/me.ts';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

const planOf = (page: Page) => page.getByRole('region', { name: 'Plan' });
const nameField = (page: Page) => page.getByRole('textbox', { name: 'Name' });
const gib = 1024 ** 3;

describe.skipIf(noChromium)(`a new VM in Chromium${chromiumNote}`, () => {
  const ready = useConsole();
  const sent = () => ready().api.changes.filter(({ query }) => !query.has('dryRun'));
  const fill = async (page: Page): Promise<void> => {
    await nameField(page).fill('APP-07');
    await page.getByRole('combobox', { name: 'Image' }).selectOption('ws2025');
  };

  test('from an image, with its plan, the chosen host and the reasons; then its page opens', async () => {
    const { page, open } = ready();
    await open('/vms');
    await page.getByRole('button', { name: 'New VM' }).click();
    await planOf(page).getByText('Enter a name.').waitFor();
    await page.getByText('The list does not include 1 unreachable host.').first().waitFor();
    await fill(page);
    await page.getByRole('combobox', { name: 'Size' }).selectOption('Large');
    await page.getByRole('button', { name: 'Add network adapter' }).click();
    await page.getByRole('button', { name: 'Add disk' }).click();
    await page.getByRole('textbox', { name: 'Size of disk 1' }).fill('200');
    await planOf(page).getByText('Creates APP-07 on HV-01, with its files in big.').waitFor();
    await planOf(page)
      .getByText(/most free memory \(180 GB\)/)
      .waitFor();
    await planOf(page).getByText('HV-02: It has no image "ws2025".').waitFor();
    await planOf(page).getByText('No problems found.').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create APP-07' }).click();
    await page.getByRole('heading', { level: 1, name: 'APP-07', exact: true }).waitFor();
    expect(sent()[0]?.body).toEqual({
      name: 'APP-07',
      processors: 4,
      memory: { dynamic: false, startup: 8 * gib },
      disks: [
        { image: 'ws2025', sizeBytes: null },
        { sizeBytes: 200 * gib, type: 'Dynamic' },
      ],
      networkAdapters: [{ network: 'Backup', macAddress: null }],
      start: true,
    });
  });

  test('what was typed survives a reload and an outage, is not shown to another person, and can be discarded', async () => {
    const { api, page, open } = ready();
    await open('/create?host=hv-02');
    await fill(page);
    await planOf(page).getByText('No problems found.').waitFor();
    await page.reload();
    await page.getByText('Your earlier input was restored.').waitFor();
    expect(await nameField(page).inputValue()).toBe('APP-07');
    // The images of the host are read again.
    await expect.poll(() => page.getByRole('combobox', { name: 'Image' }).inputValue()).toBe('ws2025');
    await api.stop();
    await page
      .getByText(/Reconnecting/)
      .first()
      .waitFor();
    await nameField(page).fill('APP-08');
    await expect
      .poll(() => page.getByRole('button', { name: 'Create APP-08' }).getAttribute('aria-disabled'))
      .toBe('true');
    await api.start();
    await planOf(page).getByText('No problems found.').waitFor();
    expect(await nameField(page).inputValue()).toBe('APP-08');
    api.me = makeMe({
      principal: { ...signedIn, permissions: [...signedIn.permissions], id: 'account:bob' },
    });
    await page.reload();
    await nameField(page).waitFor();
    expect(await nameField(page).inputValue()).toBe('');
  });

  test('creates one VM when the first response is lost, the page is reloaded and the button is pressed again', async () => {
    const { api, page, open } = ready();
    await open('/create');
    await fill(page);
    const before = api.fleet.vms.size;
    const keys: (string | undefined)[] = [];
    await page.route('**/api/v1/vms', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.fallback();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await page.getByRole('button', { name: 'Create APP-07' }).click();
    await page
      .getByText('Try again. A change that the service has already accepted is not made twice.')
      .waitFor();
    await page.reload();
    await page.getByText('Your earlier input was restored.').waitFor();
    await page
      .getByRole('button', { name: 'Create APP-07', exact: true })
      .and(page.locator(':not([aria-disabled=true])'))
      .click();
    await page.getByRole('heading', { level: 1, name: 'APP-07', exact: true }).waitFor();
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(api.fleet.vms.size).toBe(before + 1);
  });

  test('sends a new key for a changed draft and for the next VM', async () => {
    const { api, page, open } = ready();
    const keys = () => sent().map(({ key }) => key);
    const problem = { type: '', title: '', status: 409, code: 'conflict', detail: 'This name is reserved.' };
    await open('/create');
    await fill(page);
    await page.route(
      (url) => url.pathname === '/api/v1/vms' && url.search === '',
      async (route) => {
        await route.fetch();
        return route.fulfill({ status: 409, json: problem });
      },
      { times: 1 },
    );
    await page.getByRole('button', { name: 'Create APP-07' }).click();
    await page.getByText('This name is reserved.').waitFor();
    await nameField(page).fill('APP-08');
    for (const name of ['APP-08', 'APP-09']) {
      await nameField(page).fill(name);
      await page.getByRole('combobox', { name: 'Image' }).selectOption('ws2025');
      await page
        .getByRole('button', { name: `Create ${name}`, exact: true })
        .and(page.locator(':not([aria-disabled=true])'))
        .click();
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
      await page.goto(`${api.url}/create`);
    }
    expect(new Set(keys()).size).toBe(3);
  });

  test('invalid values and refusals are shown at their fields or in the plan, and disable the button', async () => {
    const { api, page, open } = ready();
    await open('/create');
    await fill(page);
    await page.getByRole('textbox', { name: 'Processors' }).fill('0');
    await page.getByText('Enter a number from 1 to 2048.').waitFor();
    await planOf(page).getByText('Correct the marked fields. The plan then appears here.').waitFor();
    await page.getByRole('textbox', { name: 'Processors' }).fill('2');
    const taken = 'A VM named APP-07 exists on HV-01.';
    const nowhere = 'None of the 7 hosts in the fleet is suitable for APP-07.';
    api.plans.set('vm.create', {
      refusals: [
        { code: 'conflict', message: taken, remedy: null },
        { code: 'no-suitable-host', message: nowhere, remedy: 'Free memory on a host.' },
      ],
      placement: null,
    });
    await page.getByRole('textbox', { name: 'Processors' }).fill('4');
    await planOf(page).getByText('2 problems found.').waitFor();
    await planOf(page).getByText(nowhere).waitFor();
    expect(await nameField(page).getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('alert').filter({ hasText: taken }).or(page.getByText(taken)).first().waitFor();
    await nameField(page).press('Enter');
    expect(sent()).toEqual([]);
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  test('the button of a host begins there, and a reader is told which permission is missing', async () => {
    const { api, page, open } = ready();
    await open('/hosts/hv-02');
    await page.getByRole('button', { name: 'New VM' }).click();
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Host or cluster' }).inputValue())
      .toBe('host hv-02');
    api.me = makeMe({ principal: { ...signedIn, permissions: [...roles.reader], role: 'reader' } });
    await open('/vms');
    expect(await page.getByRole('button', { name: 'New VM' }).getAttribute('title')).toMatch(
      /permission create/,
    );
  });

  test('the form fits on a phone', async () => {
    const { api, page } = ready();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${api.url}/create`);
    await nameField(page).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
