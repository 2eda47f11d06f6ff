// `npm run screenshots -w @aether-v/web [-- FOLDER]`: every page over the simulated fleet, light and dark, wide and
// narrow.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, Vm } from '@aether-v/types';
import { Stack, until } from '@aether-v/tools/stack';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';

const folder = process.argv[2] ?? 'test-results/screenshots';
mkdirSync(folder, { recursive: true });

await using stack = await Stack.start({
  api: { ENVIRONMENT_NAME: 'Demo fleet (simulated)', CONNECT_TIMEOUT: '3' },
});
await stack.settled();
const vms = await stack.vms();
const all = await Promise.all(vms.map(({ id }) => stack.api<Vm>(`/vms/${id}`)));
const running = all.find((vm) => vm.state === 'Running' && vm.checkpoints.length > 0);
const off = vms.find((vm) => vm.state === 'Off' && vm.clusterId !== null);
const deletable = vms.find((vm) => vm.state === 'Off' && vm.id !== off?.id);
const clusterId = vms.find((vm) => vm.clusterId !== null)?.clusterId;
if (!running || !off || !deletable || !clusterId)
  throw new Error('the demo fleet does not contain what the pages show');
await stack.api(`/vms/${off.id}/start`, 'POST', {});

/** Gives a command and returns the id of its job once it has ended. */
async function ended(path: string, body: object): Promise<string> {
  const { job } = await stack.api<{ job: Job }>(path, 'POST', body);
  await until(`${job.title} has ended`, async () => {
    const { finishedAt } = await stack.api<Job>(`/jobs/${job.id}`);
    return finishedAt !== null;
  });
  return job.id;
}
const test = await ended(`/hosts/${running.hostId}/test`, {});
const deletion = await ended(`/vms/${deletable.id}/delete`, { name: deletable.name, deleteDisks: true });
await stack.simulator('PUT', '/hosts/hv-lab/fault', { kind: 'refuse' });
const job = (await stack.jobs()).find(({ command }) => command === 'vm.start');

const pages: Record<string, string> = {
  overview: '/',
  vms: '/vms',
  'vms-search': '/vms?search=sql',
  'vms-nothing': '/vms?search=nothing-has-this-name',
  vm: `/vms/${running.id}`,
  host: `/hosts/${running.hostId}`,
  'host-unreachable': '/hosts/hv-lab',
  cluster: `/clusters/${clusterId}`,
  jobs: '/jobs',
  job: `/jobs/${job?.id ?? ''}`,
  'job-test': `/jobs/${test}`,
  'job-deletion': `/jobs/${deletion}`,
  'not-found': '/no/such/page',
};

async function shoot(page: Page, name: string): Promise<void> {
  await page.getByRole('main').waitFor();
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

await using browser = await launchBrowser();
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries({
    wide: { width: 1280, height: 800 },
    narrow: { width: 390, height: 844 },
  })) {
    const context = await browser.newContext({ colorScheme, viewport });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(`${size} ${colorScheme}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`${size} ${colorScheme}: ${message.text()}`);
    });
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${stack.url}${path}`);
      await shoot(page, `${name}-${size}-${colorScheme}`);
    }
    await context.close();
  }
}
console.log(`Screenshots are in ${folder}.`);
