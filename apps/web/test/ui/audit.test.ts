import type { AuditRecord, AuditRecords } from '@aether-v/types';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { accessibilityViolations } from './axe.ts';
import { chromiumNote, noChromium } from './browser.ts';
import { useConsole } from './console-fixture.ts';

const record: AuditRecord = {
  timestamp: '2026-06-15T10:00:00.000Z',
  seq: 17,
  action: 'vm.shutdown',
  status: 'succeeded',
  details: null,
  actor: { id: 'account:ada', name: 'Ada Example' },
  clientIp: '10.9.8.7',
  method: 'POST',
  object: { kind: 'vm', id: 'vm-1', name: 'APP-WEB-01' },
  job: '0190a000-0000-7000-8000-000000000001',
  host: 'HV-01',
  request: 'req-1',
  options: [{ name: 'force', value: true }],
  restored: false,
};

describe.skipIf(noChromium)(`the audit log in Chromium${chromiumNote}`, () => {
  const ready = useConsole();
  const withRecords = (page: Page) =>
    page.route(/\/api\/v1\/audit\/records/, (route) => {
      const json: AuditRecords = {
        items: [record],
        nextCursor: null,
        source: 'file',
        readTo: record.timestamp,
        unreadable: 0,
      };
      return route.fulfill({ json });
    });

  test('shows chosen columns, keeps them after a reload, and opens a record from the rest', async () => {
    const { page, open } = ready();
    await withRecords(page);
    await open('/audit');
    const heading = (name: string) => page.getByRole('columnheader', { name });
    await heading('Actor').waitFor();
    await page.getByRole('button', { name: 'Columns' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemcheckbox', { name: 'Actor', exact: true }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Options' }).click();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('cell', { name: 'force: true' }).waitFor();
    await page.reload();
    await page.getByRole('cell', { name: 'force: true' }).waitFor();
    expect(await heading('Actor').count()).toBe(0);
    // The action opens the record, so it cannot be hidden.
    await page.getByRole('button', { name: 'Columns' }).click();
    expect(await page.getByRole('menuitemcheckbox', { name: 'Action' }).count()).toBe(0);
    await page.getByRole('menuitem', { name: 'Reset columns' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Details: Shut down APP-WEB-01/ }).click();
    await page.getByRole('dialog').getByText('Ada Example').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });
});
