import type { Me } from '@aether-v/types';
import type { Page } from 'playwright-core';

/** A page, or a state of a page that is shown after some clicks: a form, a menu, a selection. */
export interface ShownState {
  readonly path: string;
  readonly act?: (page: Page) => Promise<void>;
  /** The answer of `/auth/me` in this state; absent for the local administrator. */
  readonly me?: Me;
  /** True if a host is unreachable in this state. */
  readonly hasUnreachableHost?: true;
  /** True if a phone does not offer it. */
  readonly isWide?: true;
}

/** The VMs whose pages show the states. */
export interface ShownVms {
  /** With checkpoints of which one is based on another, a disk and a network adapter. */
  readonly standalone: string;
  /** A running VM with a clustered role. */
  readonly clustered: string;
}

/** Returns the states that can only be reached by clicks, and the pages of a VM's parts. */
export function shownStates({ standalone, clustered }: ShownVms): Record<string, ShownState> {
  const vm = `/vms/${standalone}`;
  const hardware = `${vm}?tab=hardware`;
  const checkpoints = `${vm}?tab=checkpoints`;
  return {
    'vm-hardware': { path: hardware },
    'vm-checkpoints': { path: checkpoints },
    'vm-activity': { path: `${vm}?tab=activity` },
    'vm-settings': { path: `${vm}?tab=settings` },
    'vm-menu': { path: vm, act: openMore },
    'vm-edit': { path: vm, act: form('Edit settings…') },
    'vm-delete': { path: vm, act: form('Delete…') },
    'vm-move': { path: `/vms/${clustered}`, act: form('Move…') },
    'vm-role': { path: `/vms/${clustered}`, act: form(/cluster/i) },
    'checkpoint-take': { path: checkpoints, act: press('Take checkpoint') },
    'checkpoint-menu': { path: checkpoints, act: openCheckpoint },
    'checkpoint-apply': { path: checkpoints, act: ofCheckpoint('Apply…') },
    'checkpoint-delete': { path: checkpoints, act: ofCheckpoint('Delete…') },
    'disk-new': { path: hardware, act: press('New disk') },
    'disk-attach': { path: hardware, act: press('Attach disk') },
    'disk-grow': { path: hardware, act: ofPart(/\.a?vhdx?$/, 'Grow…') },
    'disk-delete': { path: hardware, act: ofPart(/\.a?vhdx?$/, 'Delete…') },
    'dvd-insert': { path: hardware, act: press('Insert medium') },
    'adapter-new': { path: hardware, act: press('New network adapter') },
    'adapter-network': { path: hardware, act: ofPart(/Adapter/, 'Change network…') },
    'adapter-mac': { path: hardware, act: ofPart(/Adapter/, 'Change MAC address…') },
    'adapter-remove': { path: hardware, act: ofPart(/Adapter/, 'Remove…') },
    hosts: { path: '/hosts' },
    create: { path: '/create' },
    'create-filled': { path: '/create', act: fillCreation },
    'create-errors': { path: '/create', act: fillCreationWrongly },
    'bulk-selection': { path: '/vms', act: selectThree },
    'bulk-confirm': { path: '/vms', act: confirmForThree },
    palette: { path: '/vms', act: typeInPalette('shut sql') },
    'palette-nothing': { path: '/vms', act: typeInPalette('nothing has this name') },
    columns: { path: '/vms', act: press('Columns'), isWide: true },
    'audit-record': { path: '/audit', act: press(/^Details: Delete/) },
    'audit-chain': { path: '/audit', act: press('Chain and checkpoint') },
    account: { path: '/', act: press(/^Account of/) },
    'jobs-failed': { path: `/jobs?search=${encodeURIComponent('state:failed')}` },
  };
}

function press(name: string | RegExp): (page: Page) => Promise<void> {
  return (page) => page.getByRole('button', { name }).first().click();
}

async function openMore(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^More actions/ }).click();
  await page.getByRole('menu').waitFor();
}

function form(name: string | RegExp): (page: Page) => Promise<void> {
  return async (page) => {
    await openMore(page);
    await page.getByRole('menuitem', { name }).first().click();
  };
}

async function openCheckpoint(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Actions for checkpoint/ })
    .first()
    .click();
  await page.getByRole('menu').waitFor();
}

function ofCheckpoint(name: string): (page: Page) => Promise<void> {
  return async (page) => {
    await openCheckpoint(page);
    await page.getByRole('menuitem', { name }).click();
  };
}

function ofPart(part: RegExp, name: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page
      .getByRole('button', { name: new RegExp(`^Actions for .*${part.source}`) })
      .first()
      .click();
    await page.getByRole('menuitem', { name }).click();
  };
}

/** Fills in a new VM with a disk from an image, so that its plan is shown. */
export async function fillCreation(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill('APP-07');
  const image = page.getByRole('combobox', { name: 'Image' });
  await image.getByRole('option').nth(1).waitFor({ state: 'attached' });
  await image.selectOption({ index: 1 });
  await page.getByText('Creates APP-07 on').waitFor();
}

async function fillCreationWrongly(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill('APP/07');
  await page.getByRole('radio', { name: 'Blank' }).check();
  await page.getByRole('textbox', { name: 'Startup memory' }).fill('much');
  await page.getByRole('button', { name: 'Add network adapter' }).click();
  await page.getByText('Enter a size such as').first().waitFor();
}

/** Selects three VMs of a list. */
export async function selectThree(page: Page): Promise<void> {
  const boxes = page.getByRole('checkbox');
  for (const at of [1, 2, 4]) await boxes.nth(at).click();
}

async function confirmForThree(page: Page): Promise<void> {
  await selectThree(page);
  const bar = page.getByRole('region', { name: 'Actions for the selection' });
  const shutDown = bar.getByRole('button', { name: /^Shut down/ });
  if (await shutDown.isVisible()) return shutDown.click();
  // A phone has it in the menu.
  await bar.getByRole('button', { name: 'More actions for the selection' }).click();
  await page.getByRole('menuitem', { name: /^Shut down/ }).click();
}

/** Opens the palette and types. */
export function typeInPalette(text: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/^Type a name/).waitFor();
    await page.keyboard.type(text);
  };
}
