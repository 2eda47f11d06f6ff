import { expect, onTestFinished, test } from 'vitest';
import type { Job, JobLog } from '@aether-v/types';
import { sessionOf } from '../support/authentication.ts';
import { EventStreams } from '../../src/events/event-streams.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { JobHost } from '../support/job-host.ts';
import { startTestApp, until } from '../support/test-app.ts';

const isLong = process.env['AETHER_LONG'] === '1';
const lines = isLong ? 20_000 : 5000;
/** How many lines the host writes before a tenth of a second has passed. */
const burst = 500;

async function startNoisy() {
  const clock = new FakeClock();
  const noisy = new JobHost('hv01', clock, 1);
  const testApp = await startTestApp({ hosts: [noisy.host], clock });
  onTestFinished(() => testApp.app.close());
  const accepted = await testApp.post(`/api/v1/vms/${guid(1)}/start`);
  const { job } = accepted.json<{ job: Job }>();
  await until(() => noisy.running.size === 1);
  return { ...testApp, noisy, job };
}

function logLine(n: number) {
  return { type: 'log', at: '2026-01-01T00:00:00Z', level: 'info', message: `${n} ${'x'.repeat(300)}` };
}

test('5,000 log lines a second change a job’s row a few times a second, by a few kB per reader', async () => {
  const { app, clock, noisy, job, store } = await startNoisy();
  const stream = app.get(EventStreams).open(undefined, sessionOf());
  let read = 0;
  const reading = (async () => {
    for await (const chunk of stream.chunks()) read += chunk.length;
  })();
  const seq = (): number => Number(store.version.split('.')[1]);
  const before = seq();
  for (let n = 0; n < lines; n += 1) {
    noisy.say(guid(1), logLine(n));
    if (n % burst === burst - 1) await clock.advance(100);
  }
  const seconds = lines / burst / 10;
  const versions = seq() - before;
  console.info(
    `${lines} lines in ${seconds} s: ${versions} versions, ${(read / 1e3).toFixed(0)} kB to a reader`,
  );
  expect(versions).toBeLessThanOrEqual(4 * seconds + 2);
  expect(read).toBeLessThan(versions * 20_000);
  expect(store.get('job', job.id)?.log.length).toBeLessThanOrEqual(20);
  noisy.succeed(guid(1));
  await until(() => store.get('job', job.id)?.state === 'succeeded');
  expect(store.get('job', job.id)?.log.at(-1)?.message).toMatch(new RegExp(`^${lines - 1} `));
  stream.end();
  await reading;
});

test('the whole log of a noisy job can be read page by page', async () => {
  const service = await startNoisy();
  const { noisy, job, clock } = service;
  for (let n = 0; n < 2500; n += 1) noisy.say(guid(1), logLine(n));
  await clock.advance(1000);
  const found: number[] = [];
  for (let offset = 0, total = 1; offset < total;) {
    const answer = await service.get(`/api/v1/jobs/${job.id}/log?offset=${offset}&limit=1000`);
    expect(answer.statusCode).toBe(200);
    const page = answer.json<JobLog>();
    found.push(...page.items.map(({ message }) => Number.parseInt(message, 10)));
    offset = page.offset + page.items.length;
    ({ total } = page);
  }
  expect(found).toEqual(Array.from({ length: 2500 }, (_, n) => n));
  expect((await service.get(`/api/v1/jobs/${guid(9)}/log`)).statusCode).toBe(404);
  expect((await service.get(`/api/v1/jobs/${job.id}/log?limit=1001`)).statusCode).toBe(422);
});
