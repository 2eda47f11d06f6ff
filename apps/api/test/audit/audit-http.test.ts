import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Response } from 'light-my-request';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { AuditLog, type AuditEntry } from '../../src/audit/audit-log.ts';
import { StdoutSink } from '../../src/audit/stdout-sink.ts';
import { PrincipalResolver } from '../../src/auth/principal-resolver.ts';
import type { Principal } from '../../src/auth/principal.ts';
import { sessionOf } from '../support/authentication.ts';
import { guid } from '../support/facts.ts';
import { AuditFolder, trailTo } from '../support/audit-files.ts';
import { MemoryAudit } from '../support/memory-audit.ts';
import { testConfig } from '../support/test-app.ts';

let folder: AuditFolder;
let app: NestFastifyApplication;
beforeEach(() => (folder = new AuditFolder()));
afterEach(async () => {
  await app.close();
  folder[Symbol.dispose]();
});

async function serve(audit: AuditLog, principal?: Principal): Promise<void> {
  const resolver = { resolve: () => Promise.resolve(principal === undefined ? null : sessionOf(principal)) };
  app = await createApp(testConfig(), {
    replacements: [
      { provide: AuditLog, useValue: audit },
      ...(principal === undefined ? [] : [{ provide: PrincipalResolver, useValue: resolver }]),
    ],
  });
}

function send(method: 'GET' | 'POST' | 'DELETE', url: string, body: object = {}): Promise<Response> {
  // A request with a key reaches its handler although there is no such VM.
  const headers = { host: 'localhost', 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  return app.inject({ method, url, headers, ...(method === 'POST' && { payload: body }) });
}

const start = `/api/v1/vms/${guid(1)}/start`;

describe('the audit of requests', () => {
  test('records the attempt before the handler runs', async () => {
    const order: string[] = [];
    class SlowAudit extends MemoryAudit {
      override async attempt(entry: AuditEntry): Promise<void> {
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push('recorded');
        return super.attempt(entry);
      }
    }
    const audit = new SlowAudit();
    await serve(audit);
    const { statusCode } = await send('POST', start);
    order.push('answered');
    expect([statusCode, ...order]).toEqual([404, 'recorded', 'answered']);
    expect(audit.entries).toMatchObject([
      { status: 'requested', details: null },
      { status: 'refused', details: '404' },
    ]);
    expect(audit.entries[0]?.request).toBe(audit.entries[1]?.request);
  });

  test('records the options of a command with its attempt', async () => {
    const audit = new MemoryAudit();
    await serve(audit);
    await send('DELETE', start.replace('/start', '?name=SQL-01&deleteDisks=true'));
    expect(audit.entries.map(({ options }) => options)).toEqual([
      { name: 'SQL-01', deleteDisks: true },
      undefined,
    ]);
  });

  test('records an invalid body as attempted and refused', async () => {
    const audit = new MemoryAudit();
    await serve(audit);
    expect((await send('POST', start, { unknown: 1 })).statusCode).toBe(422);
    expect(audit.entries.map(({ status, details }) => [status, details])).toEqual([
      ['requested', null],
      ['refused', '422'],
    ]);
  });

  test('records the response to a client that disconnects before it', async () => {
    class DisconnectingAudit extends MemoryAudit {
      override async attempt(entry: AuditEntry): Promise<void> {
        await super.attempt(entry);
        client.destroy();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    const audit = new DisconnectingAudit();
    await serve(audit);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const client = request({ port, host: '127.0.0.1', method: 'POST', path: start, headers });
    client.on('error', () => undefined).end('{}');
    await vi.waitFor(() =>
      expect(audit.entries).toMatchObject([
        { status: 'requested', details: null },
        { status: 'refused', details: '404' },
      ]),
    );
  });

  test('refuses mutations, but not reads, while the audit log is unavailable', async () => {
    const path = join(folder.path, 'logs', 'audit.log');
    await serve(trailTo(path));
    expect((await send('POST', start)).statusCode).toBe(404);
    renameSync(join(folder.path, 'logs'), join(folder.path, 'gone'));
    const refused = await send('POST', start);
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('5');
    expect(refused.json()).toMatchObject({
      code: 'audit-unavailable',
      detail: expect.stringMatching(/ENOENT.*nothing was changed.*LOG_DIR/) as string,
    });
    expect((await send('GET', '/api/v1/inventory')).statusCode).toBe(200);
    expect((await send('GET', '/api/v1/audit/head')).json()).toMatchObject({
      sinks: [{ name: 'file', required: true, problem: 'ENOENT' }],
    });
    mkdirSync(join(folder.path, 'logs'));
    expect((await send('POST', start)).statusCode).toBe(404);
    expect(readFileSync(path, 'utf8')).toContain('"status":"refused","details":"503"');
  });

  test('shows the head of the chain to principals with the permission audit only', async () => {
    await serve(trailTo(folder.file), { id: 'r', name: 'Reader', permissions: new Set(['view']) });
    expect((await send('GET', '/api/v1/audit/head')).statusCode).toBe(403);
    await app.close();
    await serve(trailTo(folder.file), { id: 'a', name: 'Auditor', permissions: new Set(['audit']) });
    const response = await send('GET', '/api/v1/audit/head');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      seq: 1,
      checkpoint: null,
      key: { public: expect.any(String) as string },
    });
  });

  test('lists records to principals with the permission audit only', async () => {
    await serve(new MemoryAudit(), { id: 'r', name: 'Reader', permissions: new Set(['view']) });
    expect((await send('GET', '/api/v1/audit/records')).statusCode).toBe(403);
    await app.close();
    vi.spyOn(StdoutSink.prototype, 'write').mockResolvedValue();
    const auditor: Principal = { id: 'a', name: 'Auditor', permissions: new Set(['audit']) };
    app = await createApp(testConfig(), {
      replacements: [
        { provide: PrincipalResolver, useValue: { resolve: () => Promise.resolve(sessionOf(auditor)) } },
      ],
    });
    expect((await send('POST', start)).statusCode).toBe(403);
    const url = '/api/v1/audit/records?own=false&limit=1&status=refused&status=failed';
    expect((await send('GET', url)).json()).toMatchObject({
      items: [{ action: 'vm.start', status: 'refused', details: '403', actor: { name: 'Auditor' } }],
      source: 'memory',
    });
    expect((await send('GET', '/api/v1/audit/records?limit=201')).statusCode).toBe(422);
  });
});
