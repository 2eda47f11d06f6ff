import type { Job, JobQuery, JobResult } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { newOperationId } from '../../src/common/operation-id.ts';
import { jobFilter } from '../../src/jobs/job-filter.ts';
import { queuedJob } from '../../src/jobs/job-transitions.ts';
import { guid, vmFacts } from '../support/facts.ts';

const noon = Date.parse('2026-01-01T12:00:00Z');

/** A job, created this many minutes after noon. */
function job(minutes: number, known: Partial<Job> = {}): Job {
  const at = noon + minutes * 60_000;
  const base = queuedJob(
    {
      id: newOperationId(at),
      command: 'vm.start',
      title: 'Start',
      subject: { kind: 'vm', id: guid(1), name: 'VM-1' },
      hostId: 'hv01',
      actor: 'Ann',
      source: 'service',
    },
    new Date(at).toISOString(),
  );
  return { ...base, ...known };
}

/** The minutes of the jobs that a query finds. */
function found(query: JobQuery, jobs: readonly Job[]): number[] {
  const matches = jobFilter(query, jobs, () => undefined);
  return jobs.filter(matches).map(({ createdAt }) => (Date.parse(createdAt) - noon) / 60_000);
}

describe('the filter of jobs', () => {
  const jobs = [
    job(0),
    job(1, { state: 'failed', actor: 'Ben', hostId: 'hv02' }),
    job(2, { command: 'vm.stop', subject: { kind: 'vm', id: guid(2), name: 'VM-2' } }),
  ];

  test.each<[string, JobQuery, number[]]>([
    ['nothing', {}, [0, 1, 2]],
    ['states', { state: ['failed', 'unknown'] }, [1]],
    ['hosts', { hostId: ['hv02', 'hv03'] }, [1]],
    ['VMs', { vmId: [guid(2)] }, [2]],
    ['actors', { actor: ['Ann'] }, [0, 2]],
    ['commands', { command: ['vm.stop', 'vm.delete'] }, [2]],
    ['a first time, which is included', { from: '2026-01-01T12:01:00Z' }, [1, 2]],
    ['a last time, which is excluded', { to: '2026-01-01T12:01:00Z' }, [0]],
    ['several things, which must all match', { actor: ['Ann'], from: '2026-01-01T12:01:00Z' }, [2]],
  ])('by %s', (_what, query, expected) => {
    expect(found(query, jobs)).toEqual(expected);
  });

  test('by a VM finds the parents of jobs about it', () => {
    const parent = job(0, { subject: { kind: 'none', id: null, name: null }, hostId: null });
    const other = { kind: 'vm', id: guid(2), name: 'VM-2' } as const;
    const family = [parent, job(1, { parentId: parent.id }), job(2, { parentId: parent.id, subject: other })];
    expect(found({ vmId: [guid(2)] }, family)).toEqual([0, 2]);
    expect(found({ vmId: [guid(3)] }, family)).toEqual([]);
  });

  test('a filter by host finds the parents of jobs on that host', () => {
    const parent = job(0, { subject: { kind: 'none', id: null, name: null }, hostId: null });
    const family = [parent, job(1, { parentId: parent.id }), job(2, { parentId: parent.id, hostId: 'hv02' })];
    expect(found({ hostId: ['hv02'] }, family)).toEqual([0, 2]);
    expect(found({ hostId: ['hv03'] }, family)).toEqual([]);
  });

  test('by a VM finds its creation, also if another host has a VM with the same GUID', () => {
    const result: JobResult = { vm: vmFacts(guid(7)), diskIds: [], adapterIds: [] };
    const subject = { kind: 'host', id: 'hv01', name: 'HV01' } as const;
    const creation = job(0, { command: 'vm.create', subject, state: 'succeeded', result });
    expect(found({ vmId: [guid(7)] }, [creation])).toEqual([0]);
    expect(found({ vmId: [`${guid(7)}@hv01`] }, [creation])).toEqual([0]);
    expect(found({ vmId: [`${guid(7)}@hv02`] }, [creation])).toEqual([]);
  });

  test('by acknowledgement distinguishes open failures, acknowledged jobs and all others', () => {
    const acknowledged = { acknowledgedBy: 'Ann', acknowledgedAt: '2026-01-01T13:00:00Z' };
    const some = [
      job(0),
      job(1, { state: 'failed' }),
      job(2, { state: 'unknown' }),
      job(3, { state: 'failed', ...acknowledged }),
    ];
    expect(found({ acknowledged: false }, some)).toEqual([1, 2]);
    expect(found({ acknowledged: true }, some)).toEqual([3]);
  });
});
