import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, until } from '@aether-v/tools/stack';
import type { AuditRecords, Job } from '@aether-v/types';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { because, chromiumMissing, launchBrowser } from './browser.ts';

describe.skipIf(chromiumMissing)(`the audit log in the browser${because}`, () => {
  let stack: Stack;
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'audit-e2e-'));
    stack = await Stack.start({
      simulator: { SIM_HOSTS: '1', SIM_VMS_PER_HOST: '2' },
      api: { LOG_DIR: folder },
    });
    await stack.settled();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const records = (query: string): Promise<AuditRecords> => stack.api(`/audit/records?${query}`);

  test('a change appears with its options, and leads to its job and its virtual machine', async () => {
    const vm = (await stack.vms()).find(({ state }) => state === 'Running') ?? (await stack.vms())[0];
    if (vm === undefined) throw new Error('no VM');
    const { job } = await stack.api<{ job: Job }>(`/vms/${vm.id}/shutdown`, 'POST', { force: true });
    await until('the job has ended', async () =>
      (await records(`job=${job.id}`)).items.some(({ status }) => status !== 'accepted'),
    );
    const page = await browser.newPage();
    await page.goto(`${stack.url}/audit?status=requested`);
    await page.getByRole('button', { name: `Details: Shut down ${vm.name}` }).click();
    const panel = page.getByRole('dialog', { name: `Shut down ${vm.name}` });
    await panel.getByText('force: true').waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${stack.url}/audit?status=accepted`);
    await page.getByRole('button', { name: `Details: Shut down ${vm.name}` }).click();
    await panel.getByRole('button', { name: 'This job' }).click();
    await page.getByText(`Job ${job.id}`).waitFor();
    await page
      .getByRole('button', { name: `Details: Shut down ${vm.name}` })
      .first()
      .click();
    await panel.getByRole('link', { name: job.id }).click();
    await page.waitForURL(`**/jobs/${job.id}`);
    await page.close();
  });

  test('searches in files with lines of other programs, and loads older records', async () => {
    const vm = (await stack.vms())[0];
    if (vm === undefined) throw new Error('no VM');
    for (let number = 0; number < 60; number += 1) {
      await stack.api(`/vms/${vm.id}/start`, 'POST', { unknown: number }).catch(() => undefined);
    }
    appendFileSync(join(folder, 'audit.log'), 'a line of another program\n');
    const page = await browser.newPage();
    await page.goto(`${stack.url}/audit?object=${encodeURIComponent(vm.name)}`);
    await page.getByText(/1 line was skipped/).waitFor();
    const rows = page.getByRole('table', { name: 'Audit records' }).getByRole('row');
    await until('the first page is there', async () => (await rows.count()) === 101);
    await page.getByRole('button', { name: 'Load older records' }).click();
    await page.getByText('There are no older records.').waitFor();
    expect(await rows.count()).toBeGreaterThan(120);
    await page.getByRole('searchbox', { name: 'Search the audit log' }).fill('nothing-like-this');
    await page.getByText('No records match').waitFor();
    await page.close();
  });

  test('shows the head of the chain', async () => {
    const { seq, key } = await stack.api<{ seq: number; key: { public: string } }>('/audit/head');
    const page = await browser.newPage();
    await page.goto(`${stack.url}/audit`);
    await page.getByRole('button', { name: 'Chain and checkpoint' }).click();
    await page.getByRole('dialog').getByText(key.public).waitFor();
    expect(seq).toBeGreaterThan(100);
    await page.close();
  });
});
