import 'reflect-metadata';
import type { Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { InjectOptions, Response } from 'light-my-request';
import { createApp } from '../../src/app.ts';
import { AuditLog } from '../../src/audit/audit-log.ts';
import { clockToken } from '../../src/common/clock.token.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/settings.ts';
import { agentConnectorToken } from '../../src/fleet.module.ts';
import type { ConnectionLimits } from '../../src/http/connection-limits.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { UsageStore } from '../../src/inventory/usage-store.ts';
import { fakeConnector, type FakeHost } from './fake-agents.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { MemoryAudit } from './memory-audit.ts';

/** Parameters of a query; those that are undefined are omitted. */
export type Query = Readonly<Record<string, string | boolean | undefined>>;

/** The whole service in memory, over fake hosts. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  readonly store: FleetStore;
  readonly usage: UsageStore;
  readonly audit: MemoryAudit;
  readonly clock: FakeClock;
  /** Sends a request as a script on this machine does. */
  get(url: string, headers?: Record<string, string>): Promise<Response>;
  post(url: string, body?: object, headers?: Record<string, string>): Promise<Response>;
  patch(url: string, body?: object, headers?: Record<string, string>): Promise<Response>;
  /** Sends a DELETE without a body. */
  delete(url: string, query?: Query, headers?: Record<string, string>): Promise<Response>;
  send(options: InjectOptions): Promise<Response>;
}

export function testConfig(environment: Record<string, string> = {}): Config {
  const loaded = loadConfig(environment);
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return loaded.config;
}

export interface TestAppOptions {
  readonly hosts?: readonly FakeHost[];
  readonly clock?: FakeClock;
  readonly environment?: Record<string, string>;
  readonly extend?: (server: FastifyInstance) => void;
  readonly replacements?: readonly Provider[];
  readonly limits?: Partial<ConnectionLimits>;
  readonly webRoot?: string;
}

/** Starts the service and waits until it has read every host that answers. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const {
    hosts = [],
    clock = new FakeClock(),
    environment = {},
    extend,
    replacements = [],
    limits = {},
    webRoot,
  } = options;
  const audit = new MemoryAudit();
  const config = testConfig({
    HYPERV_HOSTS: hosts.map((host) => host.endpoint.address).join(','),
    WINRM_ALLOW_PLAIN_HTTP: 'true',
    WINRM_USERNAME: 'aether',
    WINRM_PASSWORD: 'correct horse',
    ...environment,
  });
  const app = await createApp(config, {
    logger: false,
    limits,
    replacements: [
      { provide: clockToken, useValue: clock },
      { provide: AuditLog, useValue: audit },
      { provide: agentConnectorToken, useValue: fakeConnector(hosts) },
      ...replacements,
    ],
    ...(extend === undefined ? {} : { extend }),
    ...(webRoot === undefined ? {} : { webRoot }),
  });
  const send = (request: InjectOptions): Promise<Response> =>
    app.inject({ ...request, headers: { host: 'localhost:8000', ...request.headers } });
  const sendJson =
    (method: 'POST' | 'PATCH') =>
    (url: string, body: object = {}, headers: Record<string, string> = {}): Promise<Response> =>
      send({
        method,
        url,
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      });
  const store = app.get(FleetStore);
  const healthy = hosts.filter((host) => host.fault === undefined);
  await until(() => healthy.every((host) => isRead(store, host)));
  return {
    app,
    store,
    usage: app.get(UsageStore),
    audit,
    clock,
    send,
    get: (url, headers = {}) => send({ method: 'GET', url, headers }),
    post: sendJson('POST'),
    patch: sendJson('PATCH'),
    delete: (url, query = {}, headers = {}) =>
      send({ method: 'DELETE', url: `${url}${queryOf(query)}`, headers }),
  };
}

function queryOf(parameters: Query): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** Waits for something that needs no time to pass, only its turn. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn += 1) {
    if (turn > 2000) throw new Error(`Nothing makes it true: ${condition.toString()}`);
    await settle();
  }
}

function isRead(store: FleetStore, host: FakeHost): boolean {
  const isConnected = store.get('host', host.hostId)?.connection.state === 'connected';
  return isConnected && store.vmIdsOfHost(host.hostId).size === host.vms.size;
}
