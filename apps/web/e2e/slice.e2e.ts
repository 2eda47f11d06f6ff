import { Stack, until } from '@aether-v/tools/stack';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because, chromiumMissing, launchBrowser } from './browser.ts';

describe.skipIf(chromiumMissing)(`one host, one VM, one Start${because}`, () => {
  let stack: Stack;
  let browser: Browser;

  beforeAll(async () => {
    stack = await Stack.start({ simulator: { SIM_HOSTS: '1', SIM_VMS_PER_HOST: '1' } });
    await stack.settled();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });

  test('a click on Start runs one job on the host, and its change arrives as an event', async () => {
    const [vm] = await stack.vms();
    if (vm === undefined) throw new Error('no VM');
    if (vm.state !== 'Off') await stack.simulator('POST', `/hosts/${vm.hostId}/vms/${vm.vmId}/stop`);
    await until('the VM is off', async () => (await stack.vms())[0]?.state === 'Off');

    const page = await browser.newPage();
    await page.goto(`${stack.url}/vms`);
    const row = page.getByRole('row', { name: new RegExp(vm.name) });
    await row.getByText('Off').waitFor();
    await page.getByRole('button', { name: `Start ${vm.name}` }).click();
    await row.getByText('Running').waitFor();

    const [job] = await stack.jobs();
    expect(job).toMatchObject({ command: 'vm.start', state: 'succeeded', subject: { id: vm.id } });
    // The host's own state agrees: the row does not merely show the expected transition.
    const onHost = await stack.simulator<{ state: string }>('GET', `/hosts/${vm.hostId}/vms/${vm.vmId}`);
    expect(onHost.state).toBe('Running');
  });
});
