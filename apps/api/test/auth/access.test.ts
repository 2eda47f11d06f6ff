import { mkdtempSync, writeFileSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { commandNames, commands, permissions } from '@aether-v/types';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { PrincipalResolver } from '../../src/auth/principal-resolver.ts';
import type { Authentication } from '../../src/auth/authentication.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { sessionOf } from '../support/authentication.ts';
import { testConfig } from '../support/test-app.ts';

let webRoot: string;

beforeAll(() => {
  webRoot = mkdtempSync(join(tmpdir(), 'console-'));
  mkdirSync(join(webRoot, 'assets'));
  writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Aether-V</title>');
  writeFileSync(join(webRoot, 'assets', 'main-abc123.js'), 'export {};');
});

afterAll(() => rmSync(webRoot, { recursive: true }));

/** Every route that the server knows, whoever declared it. */
async function routeTable(plant?: (server: FastifyInstance) => void): Promise<RouteOptions[]> {
  const routes: RouteOptions[] = [];
  const app = await createApp(testConfig(), {
    webRoot,
    extend: (server) => {
      server.addHook('onRoute', (route) => void routes.push(route));
    },
    ...(plant === undefined ? {} : { addRoutes: plant }),
  });
  await app.close();
  return routes;
}

function withoutAccess(routes: readonly RouteOptions[]): string[] {
  return routes
    .filter(({ config }) => {
      const access = config?.access;
      if (access === undefined) return true;
      if ('permission' in access) return !permissions.includes(access.permission);
      return access.public.trim().length < 20;
    })
    .map(({ method, url }) => `${String(method)} ${url}`);
}

/** They concern the caller only, or precede the sign-in. */
const signInRoutes = [
  '/auth/me',
  '/auth/login',
  '/auth/callback',
  '/auth/logout',
  '/auth/password',
  '/auth/sessions',
  '/auth/sessions/:sessionId/end',
  '/auth/backchannel-logout',
];

describe('every route of the server', () => {
  test('every route declares its permission, or why it is public', async () => {
    const routes = await routeTable();
    const urls = new Set(routes.map((route) => route.url));
    for (const url of [
      '/*',
      '/docs',
      '/redoc',
      '/openapi.json',
      '/healthz',
      '/readyz',
      '/api/v1/events',
      '/api/v1/inventory',
      '/api/v1/vms/:vmId/start',
      '/api/v1/jobs/:jobId/cancel',
    ]) {
      expect(urls).toContain(url);
    }
    expect(withoutAccess(routes)).toEqual([]);
  });

  test('the check finds a route without declared access', async () => {
    const plant = (server: FastifyInstance): void => {
      server.get('/planted', () => 'open to all');
    };
    expect(withoutAccess(await routeTable(plant))).toContain('GET /planted');
  });

  test('a route without declared access is refused', async () => {
    const app = await createApp(testConfig(), {
      addRoutes: (server) => void server.get('/planted', () => 'open to all'),
    });
    const response = await app.inject({ url: '/planted', headers: { host: 'localhost' } });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({ code: 'forbidden' });
    await app.close();
  });

  test('the route of a command requires its permission, and every command has a route', async () => {
    const accesses = (await routeTable()).flatMap(({ config }) => {
      const access = config?.access;
      return access !== undefined && 'permission' in access && access.command !== undefined ? [access] : [];
    });
    expect(new Set(accesses.map(({ command }) => command))).toEqual(new Set(commandNames));
    for (const { command, permission } of accesses) {
      expect(permission).toBe(command && commands[command].permission);
    }
  });

  test('public routes reveal nothing about the fleet', async () => {
    const open = (await routeTable()).filter(({ config }) => config?.access && 'public' in config.access);
    expect(new Set(open.map((route) => route.url))).toEqual(
      new Set(['/healthz', '/readyz', '/*', ...signInRoutes]),
    );
  });
});

/** Resolves every request to the same principal. */
class FixedPrincipal extends PrincipalResolver {
  readonly #principal: Principal | null;

  constructor(principal: Principal | null) {
    super();
    this.#principal = principal;
  }

  override resolve(): Promise<Authentication | null> {
    return Promise.resolve(this.#principal && sessionOf(this.#principal));
  }
}

describe('a request', () => {
  async function statusOf(principal: Principal | null, method: 'GET' | 'POST', url: string): Promise<number> {
    const app = await createApp(testConfig(), {
      replacements: [{ provide: PrincipalResolver, useValue: new FixedPrincipal(principal) }],
    });
    const headers = { host: 'localhost', 'content-type': 'application/json' };
    const { statusCode } = await app.inject({
      method,
      url,
      headers,
      ...(method === 'POST' && { payload: {} }),
    });
    await app.close();
    return statusCode;
  }
  const reader: Principal = { id: 'r', name: 'Reader', permissions: new Set(['view']) };

  test.each([
    ['without a principal gets 401 for a route with a permission', null, 'GET', '/api/v1/inventory', 401],
    ['without a principal gets 401 for the OpenAPI document', null, 'GET', '/openapi.json', 401],
    ['without a principal gets a public route', null, 'GET', '/healthz', 200],
    ['of a reader gets the inventory', reader, 'GET', '/api/v1/inventory', 200],
    [
      'of a reader gets 404 for an unknown VM before a missing permission',
      reader,
      'POST',
      '/api/v1/vms/x/start',
      404,
    ],
  ] as const)('%s', async (_, principal, method, url, status) => {
    expect(await statusOf(principal, method, url)).toBe(status);
  });
});

describe('the console', () => {
  test('the console is served with its files and its page for its own addresses, and no other files', async () => {
    const app = await createApp(testConfig(), { webRoot });
    const get = (url: string, accept = 'text/html'): ReturnType<typeof app.inject> =>
      app.inject({ url, headers: { host: 'localhost', accept } });
    const page = await get('/vms/42?tab=disks');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Aether-V');
    expect(page.headers['cache-control']).toBe('no-cache');
    expect(page.headers['content-security-policy']).toContain("script-src 'self';");
    const asset = await get('/assets/main-abc123.js', '*/*');
    expect(asset.headers['content-type']).toContain('javascript');
    expect(asset.headers['cache-control']).toContain('immutable');
    for (const [url, accept] of [
      ['/api/v1/nothing', 'text/html'],
      ['/nothing.png', 'image/png'],
      ['/assets/..%2f..%2f..%2fetc%2fpasswd', '*/*'],
      ['/%2e%2e/%2e%2e/etc/passwd', 'text/plain'],
    ] as const) {
      const response = await get(url, accept);
      expect(response.statusCode, url).toBe(404);
      expect(response.headers['content-type']).toContain('application/problem+json');
    }
    await app.close();
  });
});
