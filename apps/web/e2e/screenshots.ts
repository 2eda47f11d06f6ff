// `npm run screenshots -w @aether-v/web [-- FOLDER]`: every page over the simulated fleet, light and dark, wide and
// narrow.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { roles, type Job, type Me, type MySessions, type Vm } from '@aether-v/types';
import { Stack, until } from '@aether-v/tools/stack';
import type { Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { shownStates } from './shown-states.ts';

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
const clustered = vms.find((vm) => vm.state === 'Running' && vm.clusterId !== null && !vm.critical)?.id;
const standalone = all.find((vm) => vm.clusterId === null && vm.checkpoints.length > 0)?.id;
if (!running || !off || !deletable || !clusterId || !clustered || !standalone)
  throw new Error('the demo fleet does not contain what the pages show');
await stack.api(`/vms/${off.id}/start`, 'POST', {});

/** Gives a command and returns the id of its job once it has ended. */
async function ended(path: string, method: 'POST' | 'DELETE' = 'POST'): Promise<string> {
  const { job } = await stack.api<{ job: Job }>(path, method, method === 'POST' ? {} : undefined);
  await until(`${job.title} has ended`, async () => {
    const { finishedAt } = await stack.api<Job>(`/jobs/${job.id}`);
    return finishedAt !== null;
  });
  return job.id;
}
const test = await ended(`/hosts/${running.hostId}/test`);
const deletion = await ended(
  `/vms/${deletable.id}?name=${encodeURIComponent(deletable.name)}&deleteDisks=true`,
  'DELETE',
);
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
  audit: '/audit',
  'audit-filter': '/audit?search=delete&status=requested',
  'audit-nothing': '/audit?search=nothing-like-this',
  'not-found': '/no/such/page',
};

const none: Me = {
  principal: null,
  session: null,
  ended: null,
  signIn: ['oidc', 'account'],
  provider: 'login.example.org',
};
const ada: Me = {
  ...none,
  principal: {
    id: 'account:ada',
    name: 'Ada Example',
    method: 'session',
    role: 'reader',
    permissions: [...roles.reader],
    notice: null,
  },
};

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1',
];
const mySessions: MySessions = {
  items: agents.map((userAgent, at) => ({
    id: `s${at}`,
    current: at === 0,
    signedInAt: new Date(Date.now() - (at + 1) * 3_600_000).toISOString(),
    lastUsedAt: new Date(Date.now() - at * 600_000).toISOString(),
    endsAt: new Date(Date.now() + (23 - at) * 3_600_000).toISOString(),
    address: at === 0 ? '10.20.0.17' : '2001:db8::7',
    userAgent,
  })),
};

/** Pages that depend on who is signed in: the answer of `/auth/me` is replaced. */
const sessions: Record<
  string,
  { readonly me: Me; readonly path?: string; readonly act?: (page: Page) => Promise<void> }
> = {
  'sign-in': { me: none },
  'sign-in-failed': {
    me: { ...none, ended: 'idle' },
    async act(page) {
      await page.route('**/auth/password', (route) =>
        route.fulfill({ status: 401, json: { code: 'unauthenticated', detail: 'No.' } }),
      );
      await page.getByLabel('User name').fill('ada');
      await page.getByLabel('Password').fill('s3cret');
      await page.keyboard.press('Enter');
    },
  },
  'sign-in-provider': { me: { ...none, signIn: ['oidc'] } },
  'sign-in-no-way': { me: { ...none, signIn: [] } },
  'no-access': {
    me: {
      ...ada,
      principal: ada.principal && { ...ada.principal, role: null, permissions: [], notice: 'no-role' },
    },
  },
  reader: {
    me: ada,
    path: '/vms',
    async act(page) {
      await page.getByRole('button', { name: /^Account of/ }).click();
    },
  },
  sessions: {
    me: ada,
    path: '/sessions',
  },
  'session-ended': {
    me: ada,
    path: '/vms',
    async act(page) {
      await page.getByRole('row').or(page.getByRole('listitem')).first().waitFor();
      await page.unroute('**/auth/me');
      await page.route('**/auth/me', (route) => route.fulfill({ json: { ...none, ended: 'idle' } }));
      await page.evaluate(() => new BroadcastChannel('aether-v.session').postMessage('changed'));
    },
  },
  'session-ends': {
    me: {
      ...ada,
      session: {
        id: 's',
        signedInAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 4.5 * 60_000).toISOString(),
        idleMinutes: 60,
      },
    },
    path: '/vms',
  },
};

async function shoot(page: Page, name: string): Promise<void> {
  // A panel or menu hides it from the accessibility tree.
  await page.locator('main').waitFor();
  await page.waitForTimeout(1_500);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

await using browser = await launchBrowser();
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [size, viewport] of Object.entries({
    wide: { width: 1280, height: 800 },
    medium: { width: 1024, height: 768 },
    narrow: { width: 390, height: 844 },
  })) {
    const context = await browser.newContext({ colorScheme, viewport });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => console.error(`${size} ${colorScheme}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`${size} ${colorScheme}: ${message.text()}`);
    });
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${stack.url}${path}`);
      await shoot(page, `${name}-${size}-${colorScheme}`);
    }
    for (const [name, { path, act }] of Object.entries(shownStates({ standalone, clustered }))) {
      await page.goto(`${stack.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      // A state that a size does not offer, such as the selection on a phone, is named instead of shown.
      await act?.(page).catch((error: unknown) => console.error(`${name} ${size}: ${String(error)}`));
      await shoot(page, `${name}-${size}-${colorScheme}`);
    }
    await page.goto(`${stack.url}/audit`);
    await page
      .getByRole('button', { name: /^Details: Delete/ })
      .last()
      .click();
    await shoot(page, `audit-record-${size}-${colorScheme}`);
    await page.goto(`${stack.url}/audit`);
    await page.getByRole('button', { name: 'Chain and checkpoint' }).click();
    await shoot(page, `audit-chain-${size}-${colorScheme}`);
    await page.goto(stack.url);
    await page.getByRole('button', { name: /^Account of/ }).click();
    await shoot(page, `account-${size}-${colorScheme}`);
    await page.route('**/auth/sessions', (route) => route.fulfill({ json: mySessions }));
    for (const [name, { me, path = '/', act }] of Object.entries(sessions)) {
      await page.route('**/auth/me', (route) => route.fulfill({ json: me }));
      await page.goto(`${stack.url}${path}`);
      await act?.(page);
      await shoot(page, `${name}-${size}-${colorScheme}`);
      await page.unroute('**/auth/me');
    }
    await context.close();
  }
}
console.log(`Screenshots are in ${folder}.`);
