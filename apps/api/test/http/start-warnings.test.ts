import 'reflect-metadata';
import type { LoggerService } from '@nestjs/common';
import { expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
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

it('the service warns when it starts without checking certificates, and only then', async () => {
  expect(await warnings({ WINRM_TLS_VERIFY: 'false' })).toEqual([
    expect.stringMatching(/^WINRM_TLS_VERIFY=false: /),
  ]);
  expect(await warnings({})).toEqual([]);
});
