import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`actions on VMs in Chromium${chromiumNote}`, () => {
  const ready = useConsole();
  const posts = (): string[] =>
    ready().api.requests.filter((request) => request.startsWith('POST /api/v1/vms'));

  test('an action that interrupts asks once in a row and names VM and host; Cancel sends nothing', async () => {
    const { page, row, open } = ready();
    await open('/vms?search=APP-WEB-01');
    const button = page.getByRole('button', { name: 'Shut down APP-WEB-01 on HV-01' });
    await button.click();
    const dialog = page.getByRole('alertdialog', { name: 'Shut down APP-WEB-01 on HV-01?' });
    await dialog.waitFor();
    // A second Enter by accident presses Cancel.
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(posts()).toEqual([]);
    await button.click();
    await dialog.getByRole('button', { name: 'Shut down APP-WEB-01 on HV-01' }).click();
    await row('APP-WEB-01').getByText('Off').waitFor();
    expect(posts()).toHaveLength(1);
  });

  test('the dialog disables its button when the action becomes impossible meanwhile', async () => {
    const { api, page, open } = ready();
    await open('/vms?search=APP-WEB-01');
    await page.getByRole('button', { name: 'Shut down APP-WEB-01' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.waitFor();
    api.fleet.changeVm(api.fleet.vmNamed('APP-WEB-01').id, { state: 'Off', startedAt: null });
    await dialog.getByText('Possible when the virtual machine is running; it is off.').waitFor();
    await dialog
      .getByRole('button', { name: 'Shut down' })
      .and(page.locator('[aria-disabled=true]'))
      .waitFor();
  });

  test('a double click on Start starts the VM once and shows no error', async () => {
    const { api, page, row, open } = ready();
    await open('/vms?search=DC-16');
    api.fleet.changeVm(api.fleet.vmNamed('DC-16').id, { state: 'Off', startedAt: null });
    await page.getByRole('button', { name: 'Start DC-16' }).dblclick();
    await row('DC-16').getByText('Running').waitFor();
    expect(posts()).toHaveLength(1);
    expect(await page.getByText('not possible').count()).toBe(0);
  });

  test('a command that another tab has sent already is followed instead of refused', async () => {
    const { api, page, row, open } = ready();
    api.fleet.stepMs = 0;
    await open('/vms?search=DC-16');
    const { id } = api.fleet.vmNamed('DC-16');
    api.fleet.changeVm(id, { state: 'Off', startedAt: null });
    await row('DC-16').getByText('Off').waitFor();
    // The other tab's request arrives while this one is on its way.
    await page.route('**/start', async (route) => {
      api.fleet.act(api.fleet.vmNamed('DC-16'), 'start');
      api.fleet.step();
      await route.continue();
    });
    await page.getByRole('button', { name: 'Start DC-16' }).click();
    await row('DC-16').getByText('Starting…').waitFor();
    api.fleet.step();
    await row('DC-16').getByText('Running').waitFor();
    expect(await page.getByText('not possible').count()).toBe(0);
  });

  test('an action that could not be sent within 3 s is withdrawn, and the user is told', async () => {
    const { page, row, open } = ready();
    await open('/vms?search=APP-API-02');
    const held = Promise.withResolvers<null>();
    await page.route('**/start', async (route) => {
      await held.promise;
      await route.continue().catch(() => undefined);
    });
    await page.getByRole('button', { name: 'Start APP-API-02' }).click();
    await page.getByText('It will not be sent later').first().waitFor();
    held.resolve(null);
    await page.waitForTimeout(500);
    expect(posts()).toEqual([]);
    await row('APP-API-02').getByText('Off').waitFor();
  });

  test('messages cover neither rows nor buttons, can be dismissed, and at most three are open', async () => {
    const { api, page, open } = ready();
    await open('/vms?search=app-web');
    const message = { code: 'agent-error', message: 'Hyper-V said no.', remedy: null } as const;
    const reachable = [...api.fleet.vms.values()].filter(({ stale }) => stale === null);
    const four = reachable.filter(({ name }) => name.startsWith('APP-WEB')).slice(0, 4);
    expect(four).toHaveLength(4);
    for (const { name } of four) {
      api.fleet.changeVm(api.fleet.vmNamed(name).id, { state: 'Off', startedAt: null });
      api.fleet.failNext('start', message);
      await page.getByRole('button', { name: `Start ${name}` }).click();
      await page
        .getByText(new RegExp(`Start ${name} on .*: failed`))
        .first()
        .waitFor();
    }
    const dismiss = page.getByRole('button', { name: 'Dismiss' });
    await expect.poll(() => dismiss.count()).toBe(3);
    const boxOf = async (selector: string) => {
      const box = await page.locator(selector).first().boundingBox();
      if (!box) throw new Error(`${selector} is not on the screen`);
      return box;
    };
    const [table, toasts, dock] = [
      await boxOf('[data-scroll-restoration-id="vm-table"]'),
      await boxOf('.fui-Toaster'),
      await boxOf('section[aria-label="Jobs"]'),
    ];
    expect(toasts.y).toBeGreaterThanOrEqual(table.y + table.height - 1);
    expect(dock.y).toBeGreaterThanOrEqual(toasts.y + toasts.height - 1);
    expect(await accessibilityViolations(page)).toEqual([]);
    for (let n = 3; n > 0; n--) {
      await dismiss.first().click();
      await expect.poll(() => dismiss.count()).toBe(n - 1);
    }
  });

  test('a success repeats nothing that the row and the dock show', async () => {
    const { api, page, row, open } = ready();
    await open('/vms?search=DC-16');
    await page.getByRole('button', { name: 'Shut down DC-16' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Shut down DC-16' }).click();
    await row('DC-16').getByText('Off').waitFor();
    expect(api.fleet.vmNamed('DC-16').state).toBe('Off');
    expect(await page.locator('.fui-Toast').count()).toBe(0);
  });

  test('a critical VM is offered Turn off in its row, and the confirmation is red', async () => {
    const { api, page, row, open } = ready();
    const { id } = api.fleet.vmNamed('APP-WEB-01');
    api.fleet.changeVm(id, { state: 'Paused', critical: true, health: 'MajorFailure' });
    await open('/vms?search=APP-WEB-01');
    await row('APP-WEB-01').getByText('Critical').waitFor();
    await row('APP-WEB-01').getByRole('button', { name: 'Turn off APP-WEB-01' }).click();
    const confirm = page
      .getByRole('alertdialog')
      .getByRole('button', { name: 'Turn off APP-WEB-01 on HV-01' });
    const [red] = await confirm.evaluate(
      (button) => getComputedStyle(button).backgroundColor.match(/\d+/g) ?? [],
    );
    expect(Number(red)).toBeGreaterThan(150);
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  test('a replica is marked in the list and the tree, and has no Start button', async () => {
    const { api, page, row, open } = ready();
    const { id } = api.fleet.vmNamed('APP-WEB-01');
    api.fleet.changeVm(id, { state: 'Off', startedAt: null, replication: 'Replica' });
    await open('/vms?search=APP-WEB-01');
    await row('APP-WEB-01').getByText('Replica').waitFor();
    expect(
      await row('APP-WEB-01')
        .getByRole('button', { name: /^Start/ })
        .count(),
    ).toBe(0);
    await page.getByRole('button', { name: 'More actions for APP-WEB-01' }).click();
    const start = page.getByRole('menuitem', { name: 'Start', exact: true });
    expect(await start.getAttribute('aria-disabled')).toBe('true');
    expect(await start.getAttribute('title')).toMatch(/replica/);
    await page.keyboard.press('Escape');
    await page.getByRole('treeitem', { name: 'HV-01' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('treeitem', { name: 'APP-WEB-01' }).getByText('Replica').waitFor();
  });

  test.each([
    ['1280 px', 1280, 32],
    ['a phone', 390, 44],
  ])('the buttons of a row are large enough on %s', async (_, width, size) => {
    const { api, page, row } = ready();
    await page.setViewportSize({ width, height: 844 });
    await page.goto(`${api.url}/vms`);
    await row('APP-API-01').waitFor();
    for (const button of await row('APP-API-01').getByRole('button').all()) {
      const box = await button.boundingBox();
      expect(box?.width).toBeGreaterThanOrEqual(size);
      expect(box?.height).toBeGreaterThanOrEqual(size);
    }
  });
});
