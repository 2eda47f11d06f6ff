import { describe, expect, test } from 'vitest';
import { HostPace, paceInterval, rowsPerInterval } from '../../src/jobs/host-pace.ts';
import { FakeClock } from '../support/fake-clock.ts';

function pace() {
  const clock = new FakeClock();
  const written: string[] = [];
  return { clock, written, pace: new HostPace(clock, (jobId) => written.push(jobId)) };
}

describe('HostPace', () => {
  test('writes the first request after a quiet time at once, and those of an interval as one', async () => {
    const { clock, written, pace: paced } = pace();
    for (let n = 0; n < 1000; n += 1) paced.request('hv01', 'a');
    expect(written).toEqual(['a']);
    await clock.advance(paceInterval);
    expect(written).toEqual(['a', 'a']);
    await clock.advance(10 * paceInterval);
    expect(written).toEqual(['a', 'a']);
    paced.request('hv01', 'a');
    expect(written).toHaveLength(3);
    await clock.advance(10 * paceInterval);
    expect(clock.waiting).toBe(0);
  });

  test('gives each of a hundred noisy jobs of a host its turn', async () => {
    const { clock, written, pace: paced } = pace();
    const jobs = Array.from({ length: 100 }, (_, n) => `job ${n}`);
    const intervals = 50;
    for (let interval = 0; interval < intervals; interval += 1) {
      for (const job of jobs) paced.request('hv01', job);
      await clock.advance(paceInterval);
    }
    expect(written.length).toBeLessThanOrEqual(1 + intervals * rowsPerInterval);
    for (const job of jobs) expect(written.filter((one) => one === job).length).toBeGreaterThanOrEqual(1);
  });

  test('does not delay the jobs of other hosts', () => {
    const { written, pace: paced } = pace();
    for (let n = 0; n < 100; n += 1) paced.request('hv01', `noisy ${n}`);
    paced.request('hv02', 'quiet');
    expect(written).toEqual(['noisy 0', 'quiet']);
  });
});
