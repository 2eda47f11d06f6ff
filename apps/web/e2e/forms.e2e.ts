import { Stack, until } from '@aether-v/tools/stack';
import type { HostResources, Vm, VmSummary } from '@aether-v/types';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { because, chromiumMissing, launchBrowser } from './browser.ts';
import { Hands } from './hands.ts';

const gib = 1024 ** 3;
const ways = ['mouse', 'keyboard'] as const;
type Way = (typeof ways)[number];

describe.skipIf(chromiumMissing)(`changes of VMs in the browser, by mouse and by keyboard${because}`, () => {
  let stack: Stack;
  let browser: Browser;
  let page: Page;
  const counts: string[] = [];

  beforeAll(async () => {
    stack = await Stack.start();
    await stack.settled();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    console.log(['clicks and keys:', ...counts].join('\n  '));
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });
  afterEach(() => page.close());

  const vmNamed = async (name: string): Promise<VmSummary> => {
    const vm = (await stack.vms()).find((one) => one.name === name);
    if (vm === undefined) throw new Error(`no VM ${name}`);
    return vm;
  };
  const read = async (id: string): Promise<Vm> => stack.api<Vm>(`/vms/${id}`);
  const vmIs = (id: string, what: string, holds: (vm: Vm) => boolean): Promise<void> =>
    until(what, async () => holds(await read(id)));
  const dialog = () => page.getByRole('dialog').or(page.getByRole('alertdialog'));
  /** The button of the open form, once its plan has been made. */
  const submit = async (name: string | RegExp) => {
    await dialog()
      .getByText(/No problems found|cannot be checked in advance/)
      .waitFor();
    return dialog().getByRole('button', { name });
  };
  const open = async (path: string): Promise<Hands> => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    await page.goto(stack.url + path);
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await page.getByRole('heading', { level: 1 }).waitFor();
    return new Hands(page);
  };
  /** Notes the counts of a way, and compares them with the most that it may take. */
  const note = (task: string, way: Way, { clicks, keys }: Hands, most: number): void => {
    counts.push(`${task}, ${way}: ${clicks} clicks, ${keys} keys`);
    expect(way === 'mouse' ? clicks : keys, `${task} by ${way}`).toBeLessThanOrEqual(most);
    if (way === 'keyboard') expect(clicks).toBe(0);
  };
  const closed = () => dialog().waitFor({ state: 'detached' });

  test.each(ways)('a VM is made from an image by %s', async (way) => {
    const name = way === 'mouse' ? 'NEW-M' : 'NEW-K';
    const [host] = (await stack.api<{ items: { id: string }[] }>('/hosts')).items;
    const { images } = await stack.api<HostResources>(`/hosts/${host?.id ?? ''}/resources`);
    const image = images[0]?.name ?? '';
    const hands = await open('/vms');
    const create = page.getByRole('button', { name: `Create ${name}` });
    const choice = page.getByRole('combobox', { name: 'Image' });
    const chosenImage = async () => (await choice.locator('option:checked').textContent()) ?? '';
    let chosen: string;
    if (way === 'mouse') {
      await hands.click(page.getByRole('button', { name: 'New VM' }));
      await hands.click(page.getByRole('textbox', { name: 'Name' }));
      await hands.type(name);
      await choice.getByRole('option').nth(1).waitFor({ state: 'attached' });
      const label =
        (await choice.getByRole('option').allInnerTexts()).find((one) => one.startsWith(image)) ?? '';
      await hands.choose(choice, label);
      await page.getByText(`Creates ${name} on`).waitFor();
      chosen = await chosenImage();
      await hands.click(create);
    } else {
      await hands.skipToContent();
      await hands.pressUntil('Tab', /^New VM$/);
      await hands.press('Enter');
      await hands.pressUntil('Tab', /^Name/);
      await hands.type(name);
      await choice.getByRole('option').nth(1).waitFor({ state: 'attached' });
      await hands.pressUntil('Tab', /^Image/);
      await hands.press('ArrowDown');
      await page.getByText(`Creates ${name} on`).waitFor();
      chosen = await chosenImage();
      await hands.pressUntil('Tab', /^Enlarge the disk to/);
      await hands.press('Enter');
    }
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor({ timeout: 90_000 });
    const vm = await vmNamed(name);
    const onHost = await stack.simulator<{ state: string }>('GET', `/hosts/${vm.hostId}/vms/${vm.vmId}`);
    expect(onHost.state).toMatch(/Running|Starting/);
    const { disks } = await read(vm.id);
    const size = images.find((one) => chosen.startsWith(one.name))?.virtualSize;
    expect(size).toBeGreaterThan(0);
    expect(disks.map((disk) => disk.size)).toEqual([size]);
    note('make a VM from an image', way, hands, way === 'mouse' ? 5 : 40);
  });

  test.each([
    ['mouse', 'PENTEST-01'],
    ['keyboard', 'TEST-2016'],
  ] as const)('a checkpoint is taken, applied and deleted by %s', async (way, name) => {
    const { id } = await vmNamed(name);
    const [before] = (await read(id)).checkpoints;
    if (!before) throw new Error(`${name} has no checkpoint`);
    const hands = await open(`/vms/${id}?tab=checkpoints`);
    const take = page.getByRole('button', { name: 'Take checkpoint' });
    const actionsOf = (checkpoint: string) =>
      page.getByRole('button', { name: `Actions for checkpoint ${checkpoint}` });
    if (way === 'mouse') await hands.click(take);
    else {
      await hands.skipToContent();
      await hands.pressUntil('Tab', /^Take checkpoint$/);
      await hands.press('Enter');
    }
    const takeNow = await submit('Take checkpoint');
    await hands.type('Mine');
    if (way === 'mouse') await hands.click(takeNow);
    else await hands.press('Enter');
    await closed();
    await actionsOf('Mine').waitFor();
    await vmIs(id, 'the checkpoint exists', (vm) =>
      vm.checkpoints.some((one) => one.name === 'Mine' && one.current),
    );
    note('take a checkpoint', way, hands, way === 'mouse' ? 2 : 16);

    hands.clicks = 0;
    hands.keys = 0;
    if (way === 'mouse') {
      await hands.click(actionsOf(before.name));
      await hands.click(page.getByRole('menuitem', { name: 'Apply…' }));
      await hands.click(page.getByRole('checkbox', { name: /^Take a checkpoint of the current state/ }));
      await hands.click(await submit(`Apply ${before.name}`));
    } else {
      await until('the focus is back', async () => (await hands.focused()) === 'Take checkpoint');
      await hands.press('Tab');
      await hands.press('Home');
      await hands.press('Enter');
      await page.getByRole('menuitem', { name: 'Apply…' }).waitFor();
      await hands.pressUntil('ArrowDown', /^Apply/);
      await hands.press('Enter');
      await submit(/apply/);
      await hands.press('Space');
      await hands.pressUntil('Tab', new RegExp(`^Apply ${before.name}$`));
      await hands.press('Enter');
    }
    await closed();
    await vmIs(id, 'it is applied', (vm) =>
      vm.checkpoints.some((one) => one.id === before.id && one.current),
    );
    note('apply a checkpoint', way, hands, way === 'mouse' ? 4 : 10);

    hands.clicks = 0;
    hands.keys = 0;
    await actionsOf('Mine').waitFor();
    if (way === 'mouse') {
      await hands.click(actionsOf('Mine'));
      await hands.click(page.getByRole('menuitem', { name: 'Delete…' }));
      await hands.click(await submit('Delete Mine'));
    } else {
      await until('the focus is in the tree', async () => (await hands.focused()).startsWith(before.name));
      await hands.pressUntil('ArrowDown', /^Mine/);
      await hands.press('Delete');
      await submit('Delete Mine');
      await hands.press('Shift+Tab');
      await hands.press('Enter');
    }
    await closed();
    await vmIs(id, 'it is gone', (vm) => vm.checkpoints.every((one) => one.name !== 'Mine'));
    note('delete a checkpoint', way, hands, way === 'mouse' ? 3 : 6);
  });

  test.each([
    ['mouse', 'SQL-TEST-01'],
    ['keyboard', 'SHAREPOINT-POC'],
  ] as const)('a disk grows by %s', async (way, name) => {
    const { id } = await vmNamed(name);
    const [disk] = (await read(id)).disks;
    if (!disk?.size) throw new Error(`${name} has no disk`);
    const size = Math.ceil(disk.size / gib) + 10;
    const file = disk.path.split('\\').at(-1) ?? '';
    const hands = await open(`/vms/${id}?tab=hardware`);
    const actions = `Actions for ${file}`;
    if (way === 'mouse') {
      await hands.click(page.getByRole('button', { name: actions }));
      await hands.click(page.getByRole('menuitem', { name: 'Grow…' }));
      await hands.type(String(size));
      await hands.click(await submit(/^Grow to/));
    } else {
      await hands.skipToContent();
      await hands.pressUntil('Tab', new RegExp(`^${actions}$`));
      await hands.press('Enter');
      await page.getByRole('menuitem', { name: 'Grow…' }).waitFor();
      await hands.pressUntil('ArrowDown', /^Grow/);
      await hands.press('Enter');
      await dialog().waitFor();
      await hands.type(String(size));
      await submit(/^Grow to/);
      await hands.press('Enter');
    }
    await closed();
    await vmIs(id, 'the disk has its new size', (vm) => vm.disks[0]?.size === size * gib);
    note('grow a disk', way, hands, way === 'mouse' ? 3 : 25);
  });

  test.each([
    ['mouse', 'APP-WEB-02'],
    ['keyboard', 'APP-ERP-02'],
  ] as const)('the VLAN of an adapter is changed by %s', async (way, name) => {
    const { id } = await vmNamed(name);
    const hands = await open(`/vms/${id}?tab=hardware`);
    const actions = 'Actions for Network Adapter';
    if (way === 'mouse') {
      await hands.click(page.getByRole('button', { name: actions }));
      await hands.click(page.getByRole('menuitem', { name: 'Change network…' }));
      await hands.click(dialog().getByRole('textbox', { name: 'VLAN' }));
      await hands.type('77');
      await hands.click(await submit(/VLAN 77$/));
    } else {
      await hands.skipToContent();
      await hands.pressUntil('Tab', new RegExp(`^${actions}$`));
      await hands.press('Enter');
      await page.getByRole('menuitem', { name: 'Change network…' }).waitFor();
      await hands.pressUntil('ArrowDown', /^Change network/);
      await hands.press('Enter');
      await dialog().getByRole('textbox', { name: 'VLAN' }).waitFor();
      await hands.pressUntil('Tab', /^VLAN/);
      await hands.type('77');
      await submit(/VLAN 77$/);
      await hands.press('Enter');
    }
    await closed();
    await vmIs(id, 'the adapter has the VLAN', (vm) => vm.networkAdapters[0]?.vlan.accessVlanId === 77);
    note('change the VLAN', way, hands, way === 'mouse' ? 4 : 30);
  });

  test.each([
    ['mouse', 'APP-WEB-01'],
    ['keyboard', 'DC02'],
  ] as const)('a running VM is moved to the chosen node, where it runs, by %s', async (way, name) => {
    const { id, vmId, hostId } = await vmNamed(name);
    let target = 'HV-03';
    const hands = await open(`/vms/${id}`);
    const more = page.getByRole('button', { name: /^More actions for/ });
    if (way === 'mouse') {
      await hands.click(more);
      await hands.click(page.getByRole('menuitem', { name: 'Move…' }));
      await hands.click(dialog().getByRole('radio', { name: /^HV-03/ }));
      await hands.click(await submit(/to HV-03$/));
    } else {
      await hands.skipToContent();
      await hands.pressUntil('Tab', /^More actions for/);
      await hands.press('Enter');
      await page.getByRole('menuitem', { name: 'Move…' }).waitFor();
      await hands.pressUntil('ArrowUp', /^Move/);
      await hands.press('Enter');
      await submit(/^Move/);
      await hands.press('ArrowDown');
      target = (await (await submit(/ to HV-/)).innerText()).split(' to ').at(-1) ?? '';
      await hands.pressUntil('Tab', /^Move .* to HV-/);
      await hands.press('Enter');
    }
    await closed();
    await until('it is on another host', async () => (await read(id)).hostId !== hostId);
    const moved = await read(id);
    expect(moved.hostName).toBe(target);
    const onHost = await stack.simulator<{ state: string }>('GET', `/hosts/${moved.hostId}/vms/${vmId}`);
    expect(onHost.state).toBe('Running');
    note('move a VM', way, hands, way === 'mouse' ? 4 : 20);
  });

  test.each([
    ['mouse', 'OLD-WIKI'],
    ['keyboard', 'TEMPLATE-UBUNTU'],
  ] as const)('a VM is deleted with its disks by %s', async (way, name) => {
    const { id } = await vmNamed(name);
    const hands = await open(`/vms/${id}`);
    const more = page.getByRole('button', { name: /^More actions for/ });
    if (way === 'mouse') {
      await hands.click(more);
      await hands.click(page.getByRole('menuitem', { name: 'Delete…' }));
      const button = await submit(/^Delete/);
      await hands.type(name);
      await hands.click(button);
    } else {
      await hands.skipToContent();
      await hands.pressUntil('Tab', /^More actions for/);
      await hands.press('Enter');
      await page.getByRole('menuitem', { name: 'Delete…' }).waitFor();
      await hands.press('End');
      await hands.press('Enter');
      await submit(/^Delete/);
      await hands.type(name);
      await hands.press('Enter');
    }
    await page.getByRole('heading', { level: 1, name: 'Virtual machines' }).waitFor({ timeout: 90_000 });
    await until('it is gone', async () => (await stack.vms()).every((vm) => vm.id !== id));
    note('delete a VM', way, hands, way === 'mouse' ? 3 : 30);
  });
});
