import { describe, expect, test } from 'vitest';
import { JobLogs } from '../../src/jobs/job-logs.ts';

const line = (message: string) => ({ at: '2026-01-01T00:00:00Z', level: 'info' as const, message });
const messages = (logs: JobLogs, jobId: string, offset = 0, limit = 1000): string[] =>
  logs.read(jobId, offset, limit).items.map(({ message }) => message);

describe('JobLogs', () => {
  test('reads a log page by page', () => {
    const logs = new JobLogs();
    for (let n = 0; n < 5; n += 1) logs.add('a', 'hv01', line(String(n)));
    expect(logs.read('a', 1, 2)).toEqual({ items: [line('1'), line('2')], offset: 1, total: 5 });
    expect(logs.read('a', 5, 2)).toEqual({ items: [], offset: 5, total: 5 });
    expect(logs.read('other', 3, 2)).toEqual({ items: [], offset: 3, total: 0 });
  });

  test('keeps the latest lines of a long log, and states their numbers', () => {
    const logs = new JobLogs({ linesPerJob: 100 });
    for (let n = 0; n < 1000; n += 1) logs.add('a', 'hv01', line(String(n)));
    const { items, offset, total } = logs.read('a', 0, 1000);
    expect(total).toBe(1000);
    expect(items.length).toBeLessThanOrEqual(100);
    expect(items.length).toBeGreaterThanOrEqual(74);
    expect(items.map(({ message }) => Number(message))).toEqual(items.map((_, at) => offset + at));
    expect(offset + items.length).toBe(total);
  });

  test('drops the oldest logs of the host that wrote most, and of no other host', () => {
    const logs = new JobLogs({ bytes: 100_000 });
    logs.add('quiet', 'hv02', line('still here'));
    for (let n = 0; n < 1000; n += 1) logs.add(`noisy ${n}`, 'hv01', line('x'.repeat(1000)));
    expect(messages(logs, 'quiet')).toEqual(['still here']);
    expect(messages(logs, 'noisy 0')).toEqual([]);
    expect(logs.read('noisy 0', 0, 10)).toEqual({ items: [], offset: 1, total: 1 });
    expect(messages(logs, 'noisy 999')).toHaveLength(1);
  });

  test('releases the space of removed jobs', () => {
    const logs = new JobLogs({ bytes: 10_000 });
    for (let n = 0; n < 100; n += 1) {
      logs.add(`job ${n}`, 'hv01', line('x'.repeat(1000)));
      logs.forget(`job ${n}`);
    }
    for (let n = 0; n < 4; n += 1) logs.add(`kept ${n}`, 'hv01', line('x'.repeat(1000)));
    for (let n = 0; n < 4; n += 1) expect(messages(logs, `kept ${n}`)).toHaveLength(1);
  });
});
