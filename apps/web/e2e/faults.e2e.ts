import { Stack, until } from '@aether-v/tools/stack';
import type { Host } from '@aether-v/types';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because, chromiumMissing, launchBrowser } from './browser.ts';

const hangs = ['refuse', 'silent', 'stall-headers', 'stall-body', 'cut-body', 'receive-hangs'] as const;

describe.skipIf(chromiumMissing)(`hosts with faults${because}`, () => {
  let stack: Stack;
  let browser: Browser;
  /** The fault of each host that has one. */
  let sick: Map<string, string>;

  beforeAll(async () => {
    stack = await Stack.start({
      simulator: { SIM_HOSTS: '9', SIM_VMS_PER_HOST: '2' },
      api: { CONNECT_TIMEOUT: '3', INVENTORY_REFRESH_INTERVAL: '5' },
    });
    await stack.settled();
    const ids = (await hosts()).map(({ id }) => id);
    sick = new Map([...hangs, 'agent-error'].map((kind, index) => [ids[index] ?? '', kind]));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });

  const hosts = async (): Promise<Host[]> => (await stack.api<{ items: Host[] }>('/hosts')).items;

  const unreachable = async (ids: readonly string[]): Promise<boolean> =>
    (await hosts())
      .filter(({ address }) => ids.some((id) => address.includes(`/${id}/`)))
      .every(({ connection }) => connection.state === 'unreachable');

  const faultOf = (host: Host): string | undefined =>
    [...sick].find(([id]) => host.address.includes(`/${id}/`))?.[1];

  /** Compares with the reason that the service reports at that moment, since each connection attempt may change it. */
  const pageSaysWhy = async (page: Page, { id }: Host): Promise<boolean> => {
    const { connection } = await stack.api<Host>(`/hosts/${id}`);
    const { message, remedy } = connection.error ?? {};
    if (!message || !remedy) return false;
    const content = await page.getByRole('main').innerText();
    return content.includes(message) && content.includes(remedy);
  };

  const expectPagesToSayWhy = async (struck: readonly string[]): Promise<void> => {
    const page = await browser.newPage();
    for (const host of await hosts()) {
      const kind = faultOf(host);
      if (kind === undefined || !struck.includes(kind)) {
        expect(host.connection.state, `${host.name} has no fault`).toBe('connected');
        continue;
      }
      await page.goto(`${stack.url}/hosts/${host.id}`);
      await until(`the page shows the problem: ${kind}`, () => pageSaysWhy(page, host));
    }
    await page.close();
  };

  test('faults during watches: each page shows its problem, and the other hosts stay connected', async () => {
    for (const [id, kind] of sick) {
      if (kind !== 'agent-error') await stack.simulator('PUT', `/hosts/${id}/fault`, { kind });
    }
    const struck = [...sick].filter(([, kind]) => kind !== 'agent-error').map(([id]) => id);
    await until('all of them are unreachable', () => unreachable(struck), 150_000);
    await expectPagesToSayWhy(hangs);
  }, 240_000);

  test('the service starts with faulty hosts: each page shows its problem, and the other hosts connect', async () => {
    for (const [id, kind] of sick) await stack.simulator('PUT', `/hosts/${id}/fault`, { kind });
    await stack.killApi();
    await stack.restartApi();
    await until('all of them are unreachable', () => unreachable([...sick.keys()]), 150_000);
    await until('the others are connected', async () => {
      const good = (await hosts()).filter(({ connection }) => connection.state === 'connected');
      return good.length === 9 - sick.size;
    });
    await expectPagesToSayWhy([...hangs, 'agent-error']);
  }, 240_000);

  test('repaired hosts reconnect automatically', async () => {
    for (const id of sick.keys()) await stack.simulator('DELETE', `/hosts/${id}/fault`);
    await until(
      'every host is connected',
      async () => (await hosts()).every(({ connection }) => connection.state === 'connected'),
      150_000,
    );
  }, 240_000);
});
