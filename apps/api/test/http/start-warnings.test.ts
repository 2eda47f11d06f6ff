import 'reflect-metadata';
import type { LoggerService } from '@nestjs/common';
import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { tlsWarning } from '../../src/config/tls-warning.ts';
import { testConfig } from '../support/test-app.ts';

/** What is warned of when the service starts. */
async function warnings(environment: Record<string, string>): Promise<readonly string[]> {
  const said: string[] = [];
  const logger: LoggerService = {
    log: () => undefined,
    error: () => undefined,
    warn: (message: string) => said.push(message),
  };
  const app = await createApp(testConfig(environment), { logger });
  await app.init();
  await app.close();
  return said;
}

test('the service warns at startup only if certificates are not verified', async () => {
  expect(await warnings({ WINRM_TLS_VERIFY: 'false' })).toEqual([
    expect.stringMatching(/^WINRM_TLS_VERIFY=false: /),
  ]);
  expect(await warnings({})).toEqual([]);
});

test('the service warns at startup if signature 1 is accepted', async () => {
  const keys = { API_KEY: 's3cret', HMAC_SECRET: 's3cret'.repeat(6) };
  expect(await warnings(keys)).toContainEqual(expect.stringMatching(/^Signature 1 .*API_KEY/));
});

test('the TLS warning lists each host whose certificate is not verified', () => {
  const config = testConfig({
    HYPERV_HOSTS: `hv01:5986,https://hv02?auth=basic,https://hv03?fingerprint=${'ab'.repeat(32)},winrs+https://hv04,hv05,local:`,
    WINRM_TLS_VERIFY: 'false',
    WINRM_USERNAME: 'aether',
    WINRM_PASSWORD: 'geheim',
  });
  expect(tlsWarning(config)).toBe(
    'WINRM_TLS_VERIFY=false: the certificates of these hosts are not verified, so anyone on the network can impersonate them: ' +
      'https://hv01:5986/wsman, https://hv02/wsman, winrs+https://hv04/wsman.',
  );
});
