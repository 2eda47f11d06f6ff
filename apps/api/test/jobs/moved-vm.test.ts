import type { JobAccepted } from '@aether-v/types';
import type { Response } from 'light-my-request';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

const key = 'order-0001';

let clock: FakeClock;
let apps: TestApp[];
let hv1: JobHost;
let hv2: JobHost;
let jobId: string;

async function serve(): Promise<TestApp> {
  const app = await startTestApp({ hosts: [hv1.host, hv2.host], clock });
  apps.push(app);
  return app;
}

const shutDown = (app: TestApp): Promise<Response> =>
  app.post(`/api/v1/vms/${guid(1)}/shutdown`, {}, { 'idempotency-key': key });

/** In an earlier life of the service `hv1` shut the VM down; then it was moved to `hv2`, outside any cluster, and started there. */
beforeEach(async () => {
  clock = new FakeClock();
  apps = [];
  [hv1, hv2] = [new JobHost('hv01', clock, 0), new JobHost('hv02', clock, 0)];
  const running = vmFacts(guid(1), { name: 'VM-1' });
  hv1.host.vms.set(guid(1), running);
  const first = await serve();
  jobId = (await shutDown(first)).json<JobAccepted>().job.id;
  await until(() => hv1.asked('vm.shutdown').length === 1);
  const [envelope] = hv1.asked('vm.shutdown');
  const at = new Date(clock.now()).toISOString();
  hv1.journal.set(jobId, {
    operationId: jobId,
    op: 'vm.shutdown',
    actor: 'Local administrator',
    state: 'succeeded',
    vmId: guid(1),
    startedAt: at,
    finishedAt: at,
    percent: 100,
    message: null,
    ...(envelope?.idempotencyKey === undefined ? {} : { idempotencyKey: envelope.idempotencyKey }),
    ...(envelope?.fingerprint === undefined ? {} : { fingerprint: envelope.fingerprint }),
  });
  hv1.host.vms.clear();
  hv2.host.vms.set(guid(1), running);
});

afterEach(async () => {
  await Promise.all(apps.map(({ app }) => app.close()));
});

function expectRefused(response: Response | undefined): void {
  expect(response?.statusCode, response?.body).toBe(409);
  const { code, detail } = response?.json<{ code: string; detail: string }>() ?? {};
  expect(code).toBe('conflict');
  expect(detail).toContain(jobId);
  expect(hv2.asked('vm.shutdown')).toEqual([]);
}

describe('a request that a host carried out before its VM moved away and the service restarted', () => {
  test('is not repeated on the host that has the VM now', async () => {
    expectRefused(await shutDown(await serve()));
  });

  test('waits for the journal of every reachable host', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    hv1.beforeList = promise;
    const second = await serve();
    const answers: Response[] = [];
    void shutDown(second).then((response) => answers.push(response));
    await clock.advance(5000);
    expect(answers).toEqual([]);
    resolve(undefined);
    await until(() => answers.length === 1);
    expectRefused(answers[0]);
  });

  test('does not wait for an unreachable host without the VM', async () => {
    hv1.host.fault = 'refuse';
    const second = await serve();
    await until(() => second.store.get('vm', guid(1)) !== undefined);
    expect((await shutDown(second)).statusCode).toBe(202);
  });

  test('waits at most ten seconds for a host without the VM whose journal cannot be read', async () => {
    hv1.beforeList = new Promise(() => undefined);
    const second = await serve();
    const answers: Response[] = [];
    void shutDown(second).then((response) => answers.push(response));
    await clock.advance(11_000);
    await until(() => answers.length === 1);
    expect(answers[0]?.statusCode).toBe(202);
  });
});
