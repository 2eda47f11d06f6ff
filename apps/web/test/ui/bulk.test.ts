import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`commands for several VMs in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('the bar says for how many a command is possible, asks once, and reports one job with its failures', async () => {
    const { api, page, row, open } = ready();
    const names = ['APP-API-01', 'APP-API-02', 'APP-API-04'];
    const states = ['Running', 'Off', 'Running'] as const;
    for (const [at, name] of names.entries()) {
      const { id } = api.fleet.vmNamed(name);
      api.fleet.changeVm(id, { state: states[at] ?? 'Off', stale: null, activity: null, critical: false });
    }
    await open('/vms?search=app-api');
    for (const name of names) await row(name).getByRole('checkbox').click();
    const bar = page.getByRole('region', { name: 'Actions for the selection' });
    await bar.getByText('3 selected').waitFor();
    expect(await bar.getByRole('button', { name: 'Start 1' }).getAttribute('title')).toBe(
      'Start 1 of 3: 2 already running',
    );
    expect(await bar.getByRole('button', { name: 'Shut down 2' }).getAttribute('title')).toBe(
      'Shut down 2 of 3: 1 already off',
    );
    expect(await accessibilityViolations(page)).toEqual([]);
    await bar.getByRole('button', { name: 'More actions for the selection' }).click();
    await page.getByRole('menuitem', { name: 'Save 2 of 3: 1 off' }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');

    const { id: failing } = api.fleet.vmNamed('APP-API-01');
    const error = { code: 'guest-timeout', message: 'The guest did not shut down.', remedy: null } as const;
    api.fleet.failNext(api.fleet.vms.get(failing) ? 'shutdown' : 'stop', error);
    await bar.getByRole('button', { name: 'Shut down 2' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Shut down 2 virtual machines?' });
    expect(await dialog.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^APP-API-01 on HV-/),
      expect.stringMatching(/^APP-API-04 on HV-/),
    ]);
    await dialog.getByText('Left out: 1 already off.').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Shut down 2 VMs' }).click();
    await page.getByText('Shut down: 1 of 2 virtual machines done, 1 failed', { exact: true }).waitFor();
    expect(api.requests.filter((request) => request.startsWith('POST'))).toEqual(['POST /api/v1/vms/bulk']);
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Select failed' }).click();
    await bar.getByText('1 selected').waitFor();
    await page.keyboard.press('Escape');
  });
});
