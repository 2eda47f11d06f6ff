import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { sessionOf } from '../support/authentication.ts';
import { EventStreams } from '../../src/events/event-streams.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until } from '../support/test-app.ts';

describe('a shutdown', () => {
  test('succeeds during running work, and does not guess the outcome of jobs', async () => {
    const clock = new FakeClock();
    const busy = new JobHost('hv01', clock, 6);
    const hung = new JobHost('hv02', clock, 0);
    const service = await startTestApp({ hosts: [busy.host, hung.host], clock });
    hung.host.fault = 'connect';
    hung.host.cut();
    for (let at = 1; at <= 6; at += 1) await service.post(`/api/v1/vms/${guid(at)}/start`);
    await until(() => busy.running.size === 4);
    const [running] = service.store.rows('job').keys();
    await service.post(`/api/v1/jobs/${running ?? ''}/cancel`);
    const stream = service.app.get(EventStreams).open(undefined, sessionOf());
    const read = text(stream.chunks());
    const before = [...service.store.rows('job').values()].map(({ id, state }) => [id, state]);
    await service.app.close();
    expect(await read).toContain('event: hello');
    expect([...service.store.rows('job').values()].map(({ id, state }) => [id, state])).toEqual(before);
    expect(service.audit.entries.every(({ status }) => status === 'requested' || status === 'accepted')).toBe(
      true,
    );
    expect(clock.waiting).toBe(0);
    expect([busy.host.sessionsOpen, hung.host.sessionsOpen]).toEqual([0, 0]);
  });
});
