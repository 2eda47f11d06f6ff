import { describe, expect, test } from 'vitest';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`the console in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('the page of a VM shows a checkpoint created while it is open', async () => {
    const { api, page, open } = ready();
    const { id } = api.fleet.vmNamed('APP-API-01');
    await open(`/vms/${id}?tab=checkpoints`);
    await page.getByText('There are no checkpoints.').waitFor();
    const checkpoint = { id, parentId: null, type: 'Standard', automatic: false, current: true } as const;
    api.fleet.changeVm(id, { checkpoints: [{ ...checkpoint, name: 'Came just now', createdAt: null }] });
    await page.getByText('Came just now').waitFor();
  });

  test('the table has as many rows as the service counts, of which only visible ones are rendered', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    const grid = page.getByRole('grid', { name: 'Virtual machines' });
    await row('APP-API-01').waitFor();
    expect(await grid.getAttribute('aria-rowcount')).toBe('231');
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    await row('APP-API-01').focus();
    await page.keyboard.press('End');
    await row('VPN-GW-23').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('VPN-GW-23');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'VPN-GW-23' }).waitFor();
  });

  test('a start shows its transition at once, then the actual state', async () => {
    const { api, page, row, open } = ready();
    api.fleet.stepMs = 0;
    await open('/vms?search=DC-16');
    await row('DC-16').getByText('Running').waitFor();
    api.fleet.changeVm(api.fleet.vmNamed('DC-16').id, { state: 'Off', startedAt: null });
    await page.getByRole('button', { name: 'Start DC-16' }).click();
    await row('DC-16').getByText('Starting…').waitFor();
    expect(api.fleet.vmNamed('DC-16').state).toBe('Off');
    api.fleet.step();
    await page.getByText('waiting for Hyper-V').first().waitFor();
    api.fleet.step();
    await row('DC-16').getByText('Running').waitFor();
  });

  test('a failure restores the old state, shows the remedy and links to the log', async () => {
    const { api, page, row, open } = ready();
    await open('/vms?search=APP-WEB-01');
    api.fleet.failNext('shutdown', {
      code: 'guest-timeout',
      message: 'The guest did not shut down.',
      remedy: null,
    });
    await page.getByRole('button', { name: 'Shut down APP-WEB-01' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Shut down APP-WEB-01' }).click();
    await page.getByText('Shut down APP-WEB-01 on HV-01: failed', { exact: true }).waitFor();
    await row('APP-WEB-01').getByText('Running').waitFor();
    await page.getByText('turn the virtual machine off').last().waitFor();
    await page.getByRole('link', { name: 'Show job log' }).click();
    await page.getByRole('log').getByText('The guest did not shut down.').waitFor();
  });

  test('an action that can lose data asks for confirmation and names the VM', async () => {
    const { api, page, open } = ready();
    const { id } = api.fleet.vmNamed('APP-WEB-01');
    await open(`/vms/${id}`);
    await page.getByRole('button', { name: 'Turn off APP-WEB-01' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Turn off APP-WEB-01 on HV-01?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(api.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    await page.getByRole('button', { name: 'Turn off APP-WEB-01' }).click();
    await dialog.getByRole('button', { name: 'Turn off APP-WEB-01' }).click();
    await page.getByRole('button', { name: 'Start APP-WEB-01' }).waitFor();
    expect(api.requests).toContain(`POST /api/v1/vms/${id}/stop`);
  });

  test('a disabled action shows the reason', async () => {
    const { page, open } = ready();
    await open('/vms?search=APP-WEB-01');
    await page.getByRole('button', { name: 'More actions for APP-WEB-01' }).click();
    const resume = page.getByRole('menuitem', { name: 'Resume' });
    await resume.waitFor();
    expect(await resume.getAttribute('aria-disabled')).toBe('true');
    expect(await resume.getAttribute('aria-description')).toBe(
      'Possible when the virtual machine is paused; it is running.',
    );
    await page.keyboard.press('Escape');
    await resume.waitFor({ state: 'detached' });
  });

  test('a migrating VM is shown as such in list, tree and page, with its actions disabled and the reason', async () => {
    const { api, page, row, open } = ready();
    const { id, hostId } = api.fleet.vmNamed('APP-WEB-01');
    await open('/vms?search=APP-WEB-01');
    await row('APP-WEB-01').getByText('Running').waitFor();
    api.fleet.changeVm(id, { activity: { kind: 'Migrating', percent: 45 } });
    await row('APP-WEB-01').getByText('Running, migrating').waitFor();
    const button = page.getByRole('button', { name: 'Shut down APP-WEB-01' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('title')).toMatch(/migrating to another host/);
    await page.getByRole('button', { name: 'More actions for APP-WEB-01' }).click();
    for (const item of await page.getByRole('menuitem').all()) {
      expect(await item.getAttribute('aria-disabled')).toBe('true');
      expect(await item.getAttribute('aria-description')).toMatch(/migrating to another host/);
    }
    await page.keyboard.press('Escape');
    await open(`/vms/${id}`);
    await page.getByRole('main').getByText('Running, migrating').first().waitFor();
    await page.getByText(/It is migrating to another host/).waitFor();
    await page
      .getByRole('button', { name: 'Turn off APP-WEB-01' })
      .and(page.locator('[aria-disabled=true]'))
      .waitFor();
    const host = page.getByRole('treeitem', { name: api.fleet.hosts.get(hostId)?.name ?? '?' });
    await host.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('treeitem').getByRole('img', { name: 'Running, migrating' }).waitFor();
    api.fleet.changeVm(id, { activity: { kind: 'MergingDisks', percent: 3 } });
    await page
      .getByRole('button', { name: 'Turn off APP-WEB-01' })
      .and(page.locator(':not([aria-disabled=true])'))
      .waitFor();
  });

  test('the page of a VM lists what its host could not report, collapsed until opened', async () => {
    const { api, page, open } = ready();
    const { id } = api.fleet.vmNamed('APP-WEB-01');
    await open(`/vms/${id}`);
    await page.getByRole('heading', { level: 1, name: 'APP-WEB-01' }).waitFor();
    const notice = page.getByText('1 value could not be reported');
    expect(await notice.count()).toBe(0);
    const part = 'disks scsi-0-1 type';
    api.fleet.changeVm(id, { problems: [{ part, message: 'Hyper-V has no disk type 9.' }] });
    await notice.waitFor();
    expect(await page.getByText('Hyper-V has no disk type 9.').isVisible()).toBe(false);
    await notice.click();
    await page
      .getByRole('listitem')
      .filter({ hasText: `${part}: Hyper-V has no disk type 9.` })
      .waitFor();
  });

  test('the overview shows the progress of reading hosts, and reports no problems only at the end', async () => {
    const { api, page, open } = ready();
    const { fleet } = api;
    for (const { id, connection } of fleet.hosts.values()) {
      fleet.changeHost(id, { connection: { ...connection, state: 'connecting', error: null }, stale: null });
    }
    for (const cluster of fleet.clusters.values()) {
      const nodes = cluster.nodes.map((node) => ({ ...node, state: 'Up' as const }));
      const sharedVolumes = cluster.sharedVolumes.map((volume) => ({ ...volume, free: volume.size }));
      fleet.clusters.set(cluster.id, { ...cluster, nodes, sharedVolumes });
    }
    fleet.jobs.clear();
    fleet.changeVm(fleet.vmNamed('LEGACY-02').id, { critical: false, health: 'Ok' });
    const hosts = [...fleet.hosts.values()];
    await open('/');
    const allWell = page.getByText('cluster nodes, volumes and recent jobs have no problems.');
    await page.getByText(`Reading hosts: 0 of ${hosts.length}`).first().waitFor();
    for (const [index, { id, connection }] of hosts.entries()) {
      expect(await allWell.count()).toBe(0);
      fleet.changeHost(id, { connection: { ...connection, state: 'connected' } });
      if (index + 1 < hosts.length)
        await page
          .getByText(`Reading hosts: ${index + 1} of ${hosts.length}`)
          .first()
          .waitFor();
    }
    await allWell.waitFor();
    expect(await page.getByText('Reading hosts').count()).toBe(0);
  });

  test('a host in conflict needs attention', async () => {
    const { api, page, open } = ready();
    const { hostId } = api.fleet.vmNamed('APP-WEB-01');
    await open('/');
    const message = 'Two hosts say that they are hv-01.';
    api.fleet.changeHost(hostId, { conflict: { code: 'host-id', message, hostIds: [] } });
    const item = page.getByRole('main').getByRole('listitem').filter({ hasText: message });
    await item.getByText('In conflict').waitFor();
    await page.getByRole('treeitem').getByRole('img', { name: 'In conflict' }).waitFor();
    await item.getByRole('link').click();
    await page.getByText(message).waitFor();
  });

  test('the tabs of a page fit on one line on a phone, and the last one can be selected', async () => {
    const { api, page } = ready();
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of [
      `/vms/${api.fleet.vmNamed('APP-WEB-01').id}`,
      `/clusters/${[...api.fleet.clusters.keys()][0] ?? ''}`,
    ]) {
      await page.goto(api.url + path);
      await page.getByRole('tab').first().waitFor();
      const tabs = await page.getByRole('tab').all();
      const boxes = await Promise.all(tabs.map((tab) => tab.boundingBox()));
      expect(new Set(boxes.map((box) => box?.y)).size).toBe(1);
      const last = page.getByRole('tab').last();
      await last.click();
      await last.and(page.locator('[aria-selected=true]')).waitFor();
      const box = await last.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    }
  });

  test('the page of a host lists its problems and those of its facts, in at most 32 lines', async () => {
    const { api, page, open } = ready();
    const { hostId } = api.fleet.vmNamed('APP-WEB-01');
    const facts = api.fleet.hosts.get(hostId)?.facts;
    if (!facts) throw new Error(`There are no facts of ${hostId}.`);
    const many = (name: string) =>
      Array.from({ length: 32 }, (_, at) => ({ part: `${name} ${at}`, message: 'It is not a name.' }));
    await open(`/hosts/${hostId}`);
    api.fleet.changeHost(hostId, { problems: many('vms'), facts: { ...facts, problems: many('switches') } });
    await page.getByText('64 values could not be reported').click();
    const lines = page.getByRole('main').getByRole('listitem');
    await lines.getByText('vms 0').waitFor();
    expect(await lines.count()).toBe(32);
    expect(await lines.last().textContent()).toBe('and 33 more');
  });

  test('a change on a host reaches its row by the stream alone', async () => {
    const { api, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    await row('APP-API-01').getByText(/%/).waitFor();
    const before = api.requests.length;
    api.fleet.changeVm(api.fleet.vmNamed('APP-API-01').id, { state: 'Paused' });
    await row('APP-API-01').getByText('Paused').waitFor();
    // The code of other pages is loaded in the background.
    expect(api.requests.slice(before).filter((request) => !request.includes('/assets/'))).toEqual([]);
  });

  test('a change of a filtered state refetches the list, and the focus stays', async () => {
    const { api, page, open } = ready();
    await open('/vms?state=Paused');
    const grid = page.getByRole('grid');
    const first = page.getByRole('row').nth(1);
    await first.getByRole('link').waitFor();
    const count = Number(await grid.getAttribute('aria-rowcount'));
    await first.focus();
    const name = await first.getByRole('link').textContent();
    api.fleet.changeVm(api.fleet.vmNamed('APP-API-01').id, { state: 'Paused' });
    await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(count + 1));
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain(name);
  });

  test('shows that it is reconnecting while the service is unreachable, and recovers automatically', async () => {
    const { api, page, row, live, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    await api.stop();
    await page
      .getByText(/Reconnecting… since \d\d:\d\d/)
      .first()
      .waitFor();
    expect(await row('APP-API-01').count()).toBe(1);
    api.fleet.restart();
    api.fleet.changeVm(api.fleet.vmNamed('APP-API-01').id, { state: 'Saved', startedAt: null });
    api.fleet.deleteVm(api.fleet.vmNamed('APP-API-02').id);
    await api.start();
    await live();
    await row('APP-API-01').getByText('Saved').waitFor();
    await row('APP-API-02').waitFor({ state: 'detached' });
    await page.getByRole('grid').and(page.locator('[aria-rowcount="230"]')).waitFor();
  });

  test('a restarted service without data is followed as its hosts respond', async () => {
    const { api, page, row, live, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    await api.stop();
    await page
      .getByText(/Reconnecting…/)
      .first()
      .waitFor();
    const vms = [...api.fleet.vms.values()];
    api.fleet.vms.clear();
    api.fleet.restart();
    await api.start();
    await live();
    await page.getByRole('heading', { name: 'No virtual machines' }).waitFor();
    for (const vm of vms) api.fleet.putVm(vm);
    await row('APP-API-01').waitFor();
    await page.locator('[aria-rowcount="231"]').waitFor();
  });

  test('a cut stream resumes from its position', async () => {
    const { api, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    api.cutStreams();
    api.fleet.changeVm(api.fleet.vmNamed('APP-API-01').id, { state: 'Saved', startedAt: null });
    await row('APP-API-01').getByText('Saved').waitFor();
    const resumed = api.requests.filter((request) => request.startsWith('GET /api/v1/events')).at(-1);
    expect(resumed).toMatch(/from=a1\.\d+$/);
  });

  test('two tabs share one stream, and the second one takes over when the first is closed', async () => {
    const { api, context, page, row, open } = ready();
    await open('/vms');
    await row('APP-API-01').waitFor();
    const second = await context.newPage();
    await second.goto(`${api.url}/vms?search=APP-API-02`);
    await second.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await second.getByRole('link', { name: 'APP-API-02' }).waitFor();
    expect(api.openStreams).toBe(1);
    api.fleet.changeVm(api.fleet.vmNamed('APP-API-02').id, { state: 'Paused' });
    await second.getByRole('row').getByText('Paused').waitFor();
    await page.close();
    api.fleet.changeVm(api.fleet.vmNamed('APP-API-02').id, { state: 'Saved' });
    await second.getByRole('row').getByText('Saved').waitFor();
    await expect.poll(() => api.openStreams).toBe(1);
  });

  test('the address bar holds search, order and tab', async () => {
    const { page, row, open } = ready();
    await open('/vms');
    await page.getByRole('combobox', { name: 'Search virtual machines' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('sql-rep');
    await row('SQL-REP-01').waitFor();
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await expect.poll(() => new URL(page.url()).search).toBe('?search=sql-rep&sort=-name');
    await expect.poll(() => page.getByRole('row').nth(1).textContent()).toContain('SQL-REP-23');
    await page.reload();
    await expect.poll(() => page.getByRole('row').nth(1).textContent()).toContain('SQL-REP-23');
    expect(await page.getByRole('combobox', { name: 'Search virtual machines' }).inputValue()).toBe(
      'sql-rep',
    );
  });

  test('the page of an unreachable host shows the problem and its remedy', async () => {
    const { page, open } = ready();
    await open('/hosts/hv-branch');
    await page.getByText('timed out after 10 s').waitFor();
    await page.getByText('Check that the host is up').waitFor();
    expect(
      await page
        .getByRole('button', { name: /^(Start|Shut down) / })
        .first()
        .getAttribute('aria-disabled'),
    ).toBe('true');
  });

  test('the tree opens a host and leads to a VM', async () => {
    const { page, open } = ready();
    await open('/');
    const tree = page.getByRole('tree');
    await tree.getByRole('treeitem', { name: 'HV-01' }).focus();
    await page.keyboard.press('ArrowRight');
    await tree.getByRole('treeitem', { name: 'APP-WEB-01' }).click();
    await page.getByRole('heading', { level: 1, name: 'APP-WEB-01' }).waitFor();
  });

  test('on a phone the tree is a drawer and rows are cards', async () => {
    const { api, page } = ready();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${api.url}/vms`);
    await page.getByRole('button', { name: 'Start APP-API-02' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.getByRole('button', { name: 'Open navigation' }).click();
    await page.getByRole('treeitem', { name: 'Overview' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.getByRole('tree').waitFor({ state: 'detached' });
  });

  test('an unknown address and an unknown VM have pages of their own', async () => {
    const { page, open } = ready();
    await open('/nowhere');
    await page.getByText('Page not found').waitFor();
    await open('/vms/00000000-0000-4000-8000-000000000000');
    await page.getByText('Virtual machine not found').waitFor();
  });
});
