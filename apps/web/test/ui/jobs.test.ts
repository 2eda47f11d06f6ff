import { describe, expect, test } from 'vitest';
import { makeFamily, makeJob } from '../fake-api/job-rows.ts';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

describe.skipIf(noChromium)(`jobs in Chromium${chromiumNote}`, () => {
  const ready = useConsole();

  test('the connection to an unreachable host can be tested, once at a time, and the result is shown', async () => {
    const { api, page, open } = ready();
    api.fleet.stepMs = 0;
    await open('/hosts/hv-branch');
    const button = page.getByRole('button', { name: 'Test connection to HV-BRANCH' });
    await button.click();
    await page.getByRole('link', { name: 'Jobs (1 running)' }).waitFor();
    await button.and(page.locator('[aria-disabled=true]')).waitFor();
    expect(await button.getAttribute('title')).toBe('A test of this connection is running.');
    await button.click({ force: true });
    expect(api.requests.filter((request) => request.startsWith('POST /api/v1/hosts'))).toEqual([
      'POST /api/v1/hosts/hv-branch/test',
    ]);
    api.fleet.step();
    await page.getByText('Test the connection to HV-BRANCH: failed', { exact: true }).waitFor();
    await page.getByText('winrm enumerate winrm/config/listener').last().waitFor();
    await open('/hosts/hv-01');
    await page.getByRole('button', { name: 'Test connection to HV-01' }).click();
    api.fleet.step();
    await page.getByText('HV-01 responded. Its agent has version 0.1.0.').last().waitFor();
    await page.getByRole('link', { name: 'Show job log' }).last().click();
    await page.getByRole('heading', { level: 1, name: 'Test the connection to HV-01' }).waitFor();
    await page.getByRole('region', { name: 'Result' }).getByText('0.1.0').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'HV-01' }).click();
    await page.getByRole('heading', { level: 1, name: 'HV-01' }).waitFor();
  });

  test('a parent stands for its children in lists, and its page follows them', async () => {
    const { api, page, open } = ready();
    const { fleet } = api;
    const vms = [...fleet.vms.values()].slice(0, 3);
    const { parent, children } = makeFamily(vms, 'Start 3 VMs', Date.now());
    for (const job of [parent, ...children]) fleet.putJob(job);
    await open('/jobs');
    const list = page.getByRole('treegrid', { name: 'Jobs' });
    await list.getByText('3 VMs', { exact: true }).waitFor();
    expect(await list.getByRole('row').count()).toBe(2);
    await list.getByRole('row').last().focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => list.getByRole('row').count()).toBe(5);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => list.getByRole('row').count()).toBe(2);
    await list.getByRole('link', { name: 'Start 3 VMs' }).click();
    const steps = page.getByRole('table', { name: 'Steps' });
    await expect.poll(() => steps.getByRole('row').count()).toBe(4);
    const [first, second] = children;
    if (!first || !second) throw new Error('The parent has no children.');
    fleet.putJob({ ...first, state: 'succeeded' });
    const error = { code: 'out-of-space', message: 'The volume is full.', remedy: null } as const;
    fleet.putJob({ ...second, state: 'failed', error });
    fleet.putJob({ ...parent, children: { total: 3, succeeded: 1, failed: 1, cancelled: 0 } });
    await page.getByRole('main').getByText('1 of 3 succeeded, 1 failed').waitFor();
    const row = steps.getByRole('row').nth(2);
    await row.getByText('The volume is full.').waitFor();
    await row.getByRole('link', { name: second.title }).click();
    await page.getByText('Step 2 of 3 of').waitFor();
    await page.reload();
    await page.getByRole('main').getByRole('link', { name: 'Start 3 VMs' }).click();
    await page.getByRole('heading', { level: 1, name: 'Start 3 VMs' }).waitFor();
  });

  test('the page of a deletion names what remains, with the reason, and shows long lists on request', async () => {
    const { api, page, open } = ready();
    const [vm] = api.fleet.vms.values();
    if (!vm) throw new Error('There are no VMs.');
    const deleted = Array.from({ length: 1024 }, (_, n) => `D:\\VMs\\file-${n}.vhdx`);
    const message = 'The file is an image of this host.';
    const remaining = [{ path: 'D:\\Images\\base.vhdx', reason: 'in-use', message } as const];
    const job = makeJob(vm, 'vm.delete', 'Delete', Date.now());
    api.fleet.putJob({ ...job, state: 'succeeded', result: { vmId: vm.vmId, deleted, remaining } });
    await open(`/jobs/${job.id}`);
    await page.getByRole('cell', { name: message }).waitFor();
    const list = page.getByRole('list', { name: 'Deleted (1,024)' });
    expect(await list.getByRole('listitem').count()).toBe(10);
    await page.getByRole('button', { name: 'Show all 1,024' }).click();
    await expect.poll(() => list.getByRole('listitem').count()).toBe(1024);
    expect(await page.getByRole('main').getByRole('link', { name: vm.name }).count()).toBe(0);
  });

  test('jobs are found by chips, acknowledged and retried, also by keyboard', async () => {
    const { api, page, open } = ready();
    const { fleet } = api;
    const [first, second] = [fleet.vmNamed('APP-API-01'), fleet.vmNamed('APP-API-02')];
    const error = { code: 'guest-timeout', message: 'The guest did not shut down.', remedy: null } as const;
    const ended = {
      startedAt: new Date(Date.now() - 65_000).toISOString(),
      finishedAt: new Date().toISOString(),
    };
    const bad = { ...makeJob(first, 'vm.shutdown', 'Shut down', Date.now()), ...ended, cancellable: false };
    fleet.putJob({ ...bad, state: 'failed', error, actor: 'Bob Example' });
    fleet.putJob({ ...makeJob(second, 'vm.start', 'Start', Date.now()), ...ended, state: 'succeeded' });
    fleet.putJob({ ...makeJob(second, 'vm.stop', 'Turn off', Date.now()), queuePosition: 2 });
    await open('/jobs');
    const grid = page.getByRole('grid', { name: 'Jobs' });
    await grid.getByText('Queued, 2 before it').waitFor();
    await grid.getByText('1 min 5').first().waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('/');
    await page.keyboard.type('state:unack');
    await page.getByRole('option', { name: 'unacknowledged' }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => grid.getByRole('row').count()).toBe(2);
    expect(api.requests.some((request) => request.includes('acknowledged=false'))).toBe(true);
    await page.keyboard.type('who:"Bob Example" vm:api-01 host:hv since:2h action:shut ');
    await expect.poll(() => new URL(page.url()).searchParams.get('search')).toContain('since:2h');
    await expect.poll(() => grid.getByRole('row').count()).toBe(2);
    await grid.getByRole('row').last().focus();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'Acknowledge that Shut down APP-API-01 failed' }).click();
    await page.getByText('No job matches all of the search.').waitFor();
    await page.getByRole('button', { name: 'Clear filter' }).click();
    await grid.getByText('Failed, acknowledged').waitFor();
    await page.getByRole('button', { name: 'Retry Shut down APP-API-01' }).click();
    const dialog = page.getByRole('alertdialog');
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Retry Shut down APP-API-01' }).click();
    await expect.poll(() => grid.getByRole('row').count()).toBe(5);
    expect(api.requests).toContain(`POST /api/v1/jobs/${bad.id}/retry`);
    await open(`/jobs/${bad.id}`);
    await page.getByText('by Ada Example').waitFor();
    await page.getByRole('link', { name: 'Shut down APP-API-01' }).last().waitFor();
  });

  test('the activity of a VM and of its host shows who did what with what result', async () => {
    const { api, page, open } = ready();
    const vm = api.fleet.vmNamed('APP-API-01');
    await open(`/vms/${vm.id}?tab=activity`);
    await page.getByText('No activity yet').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    const job = makeJob(vm, 'vm.restart', 'Restart', Date.now());
    api.fleet.putJob({
      ...job,
      actor: 'Bob Example',
      state: 'succeeded',
      startedAt: job.createdAt,
      finishedAt: job.createdAt,
    });
    const grid = page.getByRole('grid', { name: 'Activity' });
    await grid.getByText('Bob Example').waitFor();
    await grid.getByText('Succeeded').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await grid.getByRole('link', { name: 'Restart APP-API-01' }).click();
    await page.getByRole('heading', { level: 1, name: 'Restart APP-API-01' }).waitFor();
    await open(`/hosts/${vm.hostId}?tab=activity`);
    await grid.getByText('Bob Example').waitFor();
  });
});
