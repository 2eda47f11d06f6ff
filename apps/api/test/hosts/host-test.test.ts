import { resultOfJob, type Job, type JobAccepted } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeHost } from '../support/fake-agents.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

let service: TestApp;
let host: FakeHost;

beforeEach(async () => {
  const clock = new FakeClock();
  host = new FakeHost('hv01', clock);
  host.respond = () => [{ type: 'result', result: { hostName: 'HV01', agentVersion: '0.1.0', more: 1 } }];
  service = await startTestApp({ hosts: [host], clock });
});
afterEach(async () => {
  await service.app.close();
});

async function begin(hostId: string): Promise<Job> {
  const { job } = (await service.post(`/api/v1/hosts/${hostId}/test`)).json<JobAccepted>();
  return job;
}

describe('the connection test of a host', () => {
  test('is a job about the host whose result is the agent’s self-description', async () => {
    const { id, title, subject } = await begin('hv01');
    expect({ title, subject }).toEqual({
      title: 'Test the connection to HV01',
      subject: { kind: 'host', id: 'hv01', name: 'HV01' },
    });
    await until(() => service.store.get('job', id)?.state === 'succeeded');
    const job = (await service.get(`/api/v1/jobs/${id}`)).json<Job>();
    expect(resultOfJob(job, 'host.test')).toEqual({ hostName: 'HV01', agentVersion: '0.1.0' });
  });

  test('of an unknown host answers 404', async () => {
    expect((await service.post('/api/v1/hosts/hv99/test')).statusCode).toBe(404);
  });

  test('fails with the reason of the host', async () => {
    const error = { code: 'access-denied', message: 'C:\\ProgramData\\Aether-V is not safe.', remedy: null };
    host.respond = () => [{ type: 'error', error }];
    const { id } = await begin('hv01');
    await until(() => service.store.get('job', id)?.state === 'failed');
    expect(service.store.get('job', id)?.error).toEqual(error);
  });
});
