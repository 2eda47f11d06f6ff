import { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Job, JobList, Vm } from '@aether-v/types';
import { jobSays } from '../../src/components/jobs/job-says.ts';
import { api } from '../../src/fleet/api.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { newestJobs, topJobs } from '../../src/fleet/job-order.ts';
import { jobPageQuery } from '../../src/fleet/queries.ts';
import { makeJob } from '../fake-api/job-rows.ts';
import { makeHosts, makeVms } from '../fake-api/rows.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const [vm] = makeVms(1, makeHosts(now), now) as [Vm];
const job = (id: string, patch: Partial<Job> = {}): Job => ({
  ...makeJob(vm, 'vm.start', 'Start', now),
  id,
  ...patch,
});
const at = (minute: number): string => new Date(now + minute * 60_000).toISOString();
const ids = (jobs: readonly Job[]): string[] => jobs.map(({ id }) => id);

describe('the order of jobs', () => {
  test('puts active jobs first, then the newest by time, since the ids of children do not sort by time', () => {
    const jobs = [
      job('f', { state: 'succeeded', createdAt: at(1) }),
      job('a', { state: 'running', createdAt: at(0) }),
      job('0', { state: 'succeeded', createdAt: at(2) }),
    ];
    expect(ids(newestJobs(jobs, 3))).toEqual(['a', '0', 'f']);
    expect(ids(newestJobs(jobs, 1))).toEqual(['a']);
  });

  test('lists a parent in place of its children, and a child whose parent is not known', () => {
    const jobs = [
      job('p'),
      job('c1', { parentId: 'p' }),
      job('c2', { parentId: 'p' }),
      job('o', { parentId: 'x' }),
    ];
    expect(ids(topJobs(jobs))).toEqual(['p', 'o']);
  });
});

describe('what a job says in a list', () => {
  test.each<[string, Partial<Job>, string]>([
    [
      'the message of a running job',
      { state: 'running', message: 'waiting for Hyper-V' },
      'waiting for Hyper-V',
    ],
    ['no message of an ended job', { state: 'succeeded', message: 'waiting for Hyper-V' }, ''],
    [
      'the step of a child',
      { state: 'running', message: 'copying', step: { number: 2, of: 3 } },
      'Step 2 of 3 · copying',
    ],
    [
      'the counts of a parent',
      { state: 'running', children: { total: 200, succeeded: 2, failed: 0, cancelled: 0 } },
      '2 of 200 succeeded',
    ],
    [
      'what did not succeed',
      { state: 'unknown', children: { total: 9, succeeded: 2, failed: 1, cancelled: 3 } },
      '2 of 9 succeeded, 1 failed, 3 cancelled',
    ],
    [
      'the step and the error of a failed child',
      {
        state: 'failed',
        error: { code: 'in-use', message: 'It is in use.', remedy: null },
        step: { number: 1, of: 2 },
      },
      'Step 1 of 2 · It is in use.',
    ],
    [
      'the error of a failed parent, which has the counts',
      {
        state: 'failed',
        error: { code: 'in-use', message: '1 of 2 failed. A: It is in use.', remedy: null },
        children: { total: 2, succeeded: 1, failed: 1, cancelled: 0 },
      },
      '1 of 2 failed. A: It is in use.',
    ],
  ])('%s', (_, patch, expected) => {
    expect(jobSays(job('a', patch))).toBe(expected);
  });
});

describe('a page of jobs', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  function serve(pages: readonly (readonly Job[])[]): void {
    const total = pages.flat().length;
    vi.spyOn(api, 'jobs').mockImplementation(({ offset = 0, topLevel }) => {
      expect(topLevel).toBe(true);
      return Promise.resolve({
        items: [...(pages[offset / 100] ?? [])],
        total,
        version: 'a.5',
      } satisfies JobList);
    });
  }

  function read() {
    vi.stubGlobal('addEventListener', () => undefined);
    const client = new QueryClient();
    const fleet = new Fleet(client, { signedIn: () => Promise.resolve(), check: () => Promise.resolve() });
    return { fleet, page: (n: number) => client.query({ ...jobPageQuery(fleet, n), staleTime: 0 }) };
  }

  test('does not delete jobs of later pages, whatever the ids of children are', async () => {
    serve([[job('01', { createdAt: at(3) }), job('00', { createdAt: at(2), parentId: '01' })], [job('f0')]]);
    const { fleet, page } = read();
    await page(1);
    await page(0);
    expect(fleet.row('job', 'f0')).not.toBeNull();
  });

  test('shows which of the newer jobs were deleted', async () => {
    serve([[job('01', { createdAt: at(3) }), job('02', { createdAt: at(1) })], [job('f0')]]);
    const { fleet, page } = read();
    fleet.read('a.1', [{ kind: 'job', id: '00', row: job('00', { createdAt: at(2) }) }]);
    await page(0);
    expect(fleet.row('job', '00')).toBeNull();
  });

  test('keeps children, which its page does not list', async () => {
    const parent = job('01', { createdAt: at(3) });
    serve([[parent, job('02', { createdAt: at(1) })], [job('f0')]]);
    const { fleet, page } = read();
    const child = job('11', { createdAt: at(2), parentId: '01' });
    fleet.read('a.1', [
      { kind: 'job', id: '01', row: parent },
      { kind: 'job', id: '11', row: child },
    ]);
    expect(await page(0)).toMatchObject({ ids: ['01', '02'] });
    expect(fleet.row('job', '11')).not.toBeNull();
  });
});
