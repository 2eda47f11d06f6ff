import type { OpenAPIObject } from '@nestjs/swagger';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { startTestApp } from '../support/test-app.ts';

describe('the version of the service', () => {
  test.each([
    ['is that of its package', {}, manifest.version],
    ['is APP_VERSION if that is set', { APP_VERSION: '9.9.9-lab' }, '9.9.9-lab'],
  ])('%s', async (_, environment, version) => {
    const service = await startTestApp({ environment });
    expect((await service.get('/healthz')).json()).toEqual({ status: 'ok', version });
    expect((await service.get('/openapi.json')).json<OpenAPIObject>().info.version).toBe(version);
    await service.app.close();
  });
});
