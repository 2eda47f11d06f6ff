import 'reflect-metadata';
import { HttpException, type LoggerService } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { Access } from '../../src/common/route-access.ts';
import { systemClock } from '../../src/common/clock.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { FakeHost } from '../support/fake-agents.ts';
import { ServedHost, serveHosts } from '../support/served-host.ts';
import { testConfig } from '../support/test-app.ts';

const access: Access = { permission: 'view' };

/** Keeps every word that is logged, with what `inspect` would show of errors. */
class LogRecorder implements LoggerService {
  readonly lines: string[] = [];

  readonly log = (...words: unknown[]): void => this.#keep(words);
  readonly error = (...words: unknown[]): void => this.#keep(words);
  readonly warn = (...words: unknown[]): void => this.#keep(words);

  #keep(words: readonly unknown[]): void {
    this.lines.push(words.map(String).join(' '));
  }
}

describe('the log', () => {
  test('logs and responses contain no password, header, query or body', async () => {
    const names = ['hv1', 'hv2', 'hv3'];
    const served = names.map((name) => new ServedHost(new FakeHost(name, systemClock)));
    const [, bare, cut] = served;
    if (bare !== undefined) bare.installed = false;
    if (cut !== undefined) cut.fault = 'cut-body';
    await using listening = await serveHosts(served);
    const config = testConfig({
      HYPERV_HOSTS: listening.endpoints.map(({ address }) => address).join(','),
      WINRM_USERNAME: 'operator',
      WINRM_PASSWORD: 'secret',
    });
    const logger = new LogRecorder();
    const app = await createApp(config, { logger });
    const store = app.get(FleetStore);
    const settled = new Promise<void>((resolve) => {
      const look = (): boolean =>
        [...store.rows('host').values()].every(({ connection }) => connection.state !== 'connecting');
      const end = store.subscribe(() => {
        if (!look()) return;
        end();
        resolve();
      });
    });
    await settled;
    const answers: string[] = [];
    for (const url of [
      '/api/v1/inventory?token=geheim',
      '/api/v1/hosts',
      '/readyz',
      '/api/v1/nothing?p=geheim',
    ]) {
      const headers = { host: 'localhost', authorization: 'Bearer geheim', cookie: 'session=geheim' };
      answers.push((await app.inject({ url, headers })).body);
    }
    const post = await app.inject({
      method: 'POST',
      url: '/api/v1/vms/x/start',
      // A request with a key is parsed before its VM is looked up.
      headers: { host: 'localhost', 'content-type': 'application/json', 'idempotency-key': 'one' },
      payload: '{"password":"geheim"',
    });
    await app.close();
    expect(post.statusCode).toBe(400);
    expect(logger.lines.length).toBeGreaterThan(4);
    const encoded = Buffer.from('operator:secret').toString('base64');
    for (const text of [...logger.lines, ...answers]) {
      for (const word of ['geheim', 'secret', encoded]) expect(text).not.toContain(word);
    }
  });
});

describe('an unexpected error', () => {
  test.each([
    ['thrown', () => new Error('geheim at /srv/app/db.ts')],
    ['with a status', () => Object.assign(new Error('geheim'), { statusCode: 500 })],
    ['of Nest', () => new HttpException('geheim', 500)],
    ['of what does not answer now', () => Object.assign(new Error('geheim'), { statusCode: 503 })],
  ])('reveals no details to the caller and is logged: %s', async (_, makeError) => {
    const logger = new LogRecorder();
    const app = await createApp(testConfig(), {
      logger,
      addRoutes: (server) => {
        server.get('/broken', { config: { access } }, () => {
          throw makeError();
        });
      },
    });
    const response = await app.inject({ url: '/broken', headers: { host: 'localhost' } });
    await app.close();
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ code: 'internal', status: 500 });
    expect(response.body).not.toMatch(/geheim|\.ts/);
    const { instance } = response.json<{ instance: string }>();
    const logged = logger.lines.find((line) => line.includes('geheim')) ?? '';
    expect(logged).toContain(instance.replace('urn:uuid:', ''));
  });
});
