import { QueryClient } from '@tanstack/react-query';
import type { JobLog, JobLogLine } from '@aether-v/types';
import { afterEach, expect, describe, test, vi } from 'vitest';
import { api } from '../../src/fleet/api.ts';
import { jobLogQuery } from '../../src/fleet/queries.ts';

const line = (n: number): JobLogLine => ({ at: '2026-01-01T00:00:00Z', level: 'info', message: String(n) });

/** A service that answers pages of two lines of a log, of which the first `dropped` are not kept. */
function serve(log: readonly JobLogLine[], dropped = 0) {
  return vi.spyOn(api, 'jobLog').mockImplementation((_, asked): Promise<JobLog> => {
    const offset = Math.max(asked, dropped);
    return Promise.resolve({ items: log.slice(offset, offset + 2), offset, total: log.length });
  });
}

afterEach(() => vi.restoreAllMocks());

describe('the log of a job', () => {
  test('is read page by page to its end, and continued from there by a refetch', async () => {
    const log = [0, 1, 2, 3, 4].map(line);
    const asked = serve(log);
    const client = new QueryClient();
    const query = { ...jobLogQuery('a'), staleTime: 0 };
    expect(await client.query(query)).toEqual({ lines: log, next: 5 });
    log.push(line(5));
    expect(await client.query(query)).toEqual({ lines: log, next: 6 });
    expect(asked.mock.calls.map(([, offset]) => offset)).toEqual([0, 2, 4, 5]);
  });

  test('starts with the first line that the service keeps', async () => {
    const log = [0, 1, 2, 3].map(line);
    serve(log, 3);
    expect(await new QueryClient().query(jobLogQuery('a'))).toEqual({ lines: [line(3)], next: 4 });
  });

  test('stays as read if the service no longer knows it', async () => {
    const known = { lines: [line(0)], next: 1 };
    serve([]);
    const client = new QueryClient();
    client.setQueryData(jobLogQuery('a').queryKey, known);
    expect(await client.query({ ...jobLogQuery('a'), staleTime: 0 })).toEqual(known);
  });
});
