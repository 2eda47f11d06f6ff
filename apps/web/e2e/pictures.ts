// `npm run pictures -w @aether-v/web [-- FOLDER]`: the pictures of docs/console.md, over the simulated fleet.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from '@aether-v/tools/stack';
import type { VmSummary } from '@aether-v/types';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { fillCreation, selectThree, typeInPalette, type ShownState } from './shown-states.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../../docs/pictures', import.meta.url));
mkdirSync(folder, { recursive: true });

await using stack = await Stack.start({ api: { ENVIRONMENT_NAME: 'Demo fleet (simulated)' } });
await stack.settled();
const vms = await stack.vms();
await using browser = await launchBrowser();
const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });

const pictures: Record<string, ShownState> = {
  overview: { path: '/' },
  vms: { path: `/vms?search=${encodeURIComponent('state:Running os:windows')}` },
  bulk: { path: '/vms', act: selectThree },
  create: { path: '/create', act: fillCreation },
  delete: { path: `/vms/${named('TEST-2016').id}`, act: openDeletion },
  checkpoints: { path: `/vms/${named('PENTEST-01').id}?tab=checkpoints` },
  jobs: { path: '/jobs' },
  palette: { path: '/vms', act: typeInPalette('shut sql') },
};

await changeSomething();
for (const [name, { path, act }] of Object.entries(pictures)) {
  const page = await context.newPage();
  await page.goto(stack.url + path);
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await act?.(page);
  // Values that arrive with the event stream.
  await page.waitForTimeout(3_000);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
  console.log(name);
}

function named(name: string): VmSummary {
  const vm = vms.find((one) => one.name === name);
  if (vm === undefined) throw new Error(`The demo fleet has no VM ${name}.`);
  return vm;
}

/** Gives the jobs page something to show: a success, a failure and a job in progress. */
async function changeSomething(): Promise<void> {
  const running = vms.filter((vm) => vm.state === 'Running' && !vm.critical);
  const [first, second] = running;
  if (first === undefined || second === undefined) throw new Error('The demo fleet has no running VMs.');
  await stack.api(`/vms/${first.id}/checkpoints`, 'POST', { name: 'Before update' });
  await stack.api(`/vms/${second.id}/shutdown`, 'POST', {});
  await stack.api(`/hosts/${first.hostId}/test`, 'POST', {});
}

async function openDeletion(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^More actions/ }).click();
  await page.getByRole('menuitem', { name: /^Delete/ }).click();
  await page
    .getByText(/Type .* to confirm/)
    .first()
    .waitFor();
}
