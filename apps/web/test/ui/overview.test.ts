import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`the overview in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('a VM that becomes critical appears under Needs attention with Turn off, and leaves its state', async () => {
    const { api, page, row, open } = ready();
    await open('/');
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention.getByRole('link', { name: 'HV-BRANCH' }).waitFor();
    await attention.getByText(/VMs in their last known state/).waitFor();
    await attention.getByText('Low on space').waitFor();
    const totals = page.getByRole('region', { name: 'Virtual machines' });
    const paused = totals.getByRole('listitem').filter({ hasText: 'Paused' }).getByRole('link');
    const before = Number(await paused.textContent());
    // The fleet has one critical VM from the start.
    const { id } = api.fleet.vmNamed('APP-WEB-01');
    api.fleet.changeVm(id, { state: 'Paused', critical: true, health: 'MajorFailure' });
    const item = attention.getByRole('listitem').filter({ hasText: 'APP-WEB-01' });
    await item.getByText('Critical').waitFor();
    await totals
      .getByRole('listitem')
      .filter({ hasText: 'Critical' })
      .getByRole('link', { name: '2' })
      .waitFor();
    await expect.poll(() => paused.textContent()).toBe(String(before));
    expect(await accessibilityViolations(page)).toEqual([]);

    await item.getByRole('button', { name: 'Turn off APP-WEB-01 on HV-01' }).click();
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: 'Turn off APP-WEB-01 on HV-01' })
      .waitFor();
    await page.keyboard.press('Escape');
    await totals.getByRole('listitem').filter({ hasText: 'Critical' }).getByRole('link').click();
    await row('APP-WEB-01').getByText('Critical').waitFor();
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('3');
    api.fleet.changeVm(id, { state: 'Off', critical: false, health: 'Ok' });
  });

  test('VMs that hosts contradict each other about are under Needs attention with what to do, also new ones', async () => {
    const { api, page, open } = ready();
    const message = 'HV-02 also has a VM with this GUID. Give the copy a new GUID (import it as a copy).';
    const conflict = { code: 'vm-id' as const, message, hostIds: ['hv-02'] };
    // Not running, so that no other part of the page reads it.
    const { id } = api.fleet.vmNamed('FILE-SRV-01');
    api.fleet.changeVm(id, { conflict });
    await open('/');
    const attention = page.getByRole('region', { name: 'Needs attention' });
    const item = attention.getByRole('listitem').filter({ hasText: 'FILE-SRV-01' });
    await item.getByText(message).waitFor();
    await item.getByText('In conflict').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    api.fleet.changeVm(api.fleet.vmNamed('LEGACY-01').id, { conflict });
    await attention.getByRole('listitem').filter({ hasText: 'LEGACY-01' }).waitFor();
    api.fleet.changeVm(id, { conflict: null });
    await item.waitFor({ state: 'detached' });
  });

  test('the capacity of the fleet and the busiest VMs appear as samples arrive', async () => {
    const { page, open } = ready();
    await open('/');
    const capacity = page.getByRole('region', { name: 'Capacity' });
    await capacity.getByText(/Room for \d+ more virtual machines with 8 GB/).waitFor();
    await capacity.getByText('Measured on 6 of 7 hosts.').waitFor();
    const busiest = page.getByRole('region', { name: 'Busiest now' });
    await expect.poll(() => busiest.getByRole('listitem').count()).toBe(5);
  });

  test('the order of the busiest VMs fits their percentages while these change', async () => {
    const { page, open } = ready();
    await open('/');
    const section = page.getByRole('region', { name: 'Busiest now' });
    await expect.poll(() => section.getByRole('listitem').count()).toBe(5);
    // In one evaluation: a locator of items finds them before it reads them, and their order may change in between.
    const texts = () =>
      section.evaluate((element) => [...element.querySelectorAll('li')].map((item) => item.innerText));
    const seen = new Set<string>();
    for (let at = 0; at < 20; at++) {
      const shown = (await texts()).map((text) => Number(/(\d+)\s*%/.exec(text)?.[1]));
      expect(shown).toEqual(shown.toSorted((a, b) => b - a));
      seen.add(shown.join());
      await page.waitForTimeout(200);
    }
    expect(seen.size).toBeGreaterThan(1);
  });
});
