import type { FastifyInstance, RouteOptions } from 'fastify';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { isMutation, isSafeMethod } from '../../src/common/route-access.ts';
import { testConfig } from '../support/test-app.ts';

const recorded = 'It records who has signed in or out itself, so that strangers cannot fill the audit files.';

/** The routes that change nothing, or record it themselves, although their method is not safe, with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'PUT /api/v1/events/:streamId/interest':
    'It selects samples of an open stream and is sent on every navigation.',
  'POST /auth/password': recorded,
  'POST /auth/sessions/:sessionId/end': recorded,
  'POST /auth/logout': recorded,
  'POST /auth/backchannel-logout': recorded,
};

/** The routes with an unsafe method that are not audited. */
async function unaudited(plant?: (server: FastifyInstance) => void): Promise<string[]> {
  const routes: RouteOptions[] = [];
  const app = await createApp(testConfig(), {
    extend: (server) => void server.addHook('onRoute', (route) => void routes.push(route)),
    ...(plant === undefined ? {} : { addRoutes: plant }),
  });
  await app.close();
  return routes.flatMap(({ method, url, config }) =>
    [method]
      .flat()
      .filter((one) => !isSafeMethod(one) && !isMutation(one, config?.access))
      .map((one) => `${one} ${url}`),
  );
}

describe('the audit of routes', () => {
  test('every route that may change something is audited, except those listed by hand', async () => {
    expect((await unaudited()).toSorted()).toEqual(Object.keys(exceptions).toSorted());
  });

  test('a planted mutation without audit is found', async () => {
    const plant = (server: FastifyInstance): void => {
      const access = { permission: 'edit', mutates: false } as const;
      server.post('/api/v1/planted', { config: { access } }, () => 'changed');
    };
    expect(await unaudited(plant)).toContain('POST /api/v1/planted');
  });
});
