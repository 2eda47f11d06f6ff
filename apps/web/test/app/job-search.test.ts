import { describe, expect, test } from 'vitest';
import { formatElapsed } from '../../src/components/format.ts';
import { jobStateView, jobWhat, tookMs } from '../../src/job-table/job-words.ts';
import { hasWords, jobSearch, momentOf } from '../../src/pages/jobs/job-search.ts';
import { makeJob } from '../fake-api/job-rows.ts';
import { makeHosts, makeVms } from '../fake-api/rows.ts';

const now = Date.parse('2026-12-01T12:00:00Z');
const hosts = makeHosts(now);
const vms = makeVms(20, hosts, now);
const [vm] = vms;
if (!vm) throw new Error('There are no VMs.');
const job = makeJob(vm, 'vm.shutdown', 'Shut down', now);

const filterOf = (text: string) => jobSearch(text, { hosts, vms, jobs: [], now }).filter;

describe('a search for jobs', () => {
  test.each([
    ['state:failed', { states: ['failed'], topLevel: true }],
    ['state:unack', { acknowledged: false, topLevel: true }],
    ['host:hv-01', { hostIds: ['hv-01'], topLevel: true }],
    ['who:"Ada Example"', { actors: ['Ada Example'], topLevel: true }],
    ['action:"shut down"', { commands: ['vm.shutdown'], topLevel: true }],
    ['vm:app-web-01', { vmIds: [vm.id], topLevel: true }],
    ['since:2h', { from: '2026-12-01T10:00:00.000Z', topLevel: true }],
    ['', { topLevel: true }],
  ])('%j becomes a filter', (text, expected) => {
    expect(filterOf(text)).toEqual(expected);
  });

  test.each(['host:nothing', 'vm:nothing', 'since:sometime', 'state:happy', 'action:dance'])(
    '%j names nothing, so that no job matches',
    (text) => {
      expect(filterOf(text)).toBeNull();
    },
  );

  test('finds deleted VMs by the names in their jobs', () => {
    const gone = { ...job, subject: { kind: 'vm' as const, id: 'gone', name: 'OLD-01' } };
    expect(jobSearch('vm:old', { hosts, vms, jobs: [gone], now }).filter?.vmIds).toEqual(['gone']);
  });

  test('matches words of the title, the actor and the error', () => {
    expect(hasWords(['web-01', 'LOCAL'])(job)).toBe(true);
    expect(hasWords(['nothing'])(job)).toBe(false);
  });

  test.each([
    ['90m', '2026-12-01T10:30:00.000Z'],
    ['1w', '2026-11-24T12:00:00.000Z'],
    ['yesterday', null],
    ['2026-13-01', null],
  ])('the time %j is %j', (text, expected) => {
    expect(momentOf(text, now)).toBe(expected);
  });
});

describe('a job in words', () => {
  test('is named without its subject', () => {
    expect(jobWhat({ ...job, title: `Create APP-07 on ${job.subject.name}` })).toBe('Create APP-07');
    expect(jobWhat({ ...job, title: `Take a checkpoint of ${job.subject.name}` })).toBe('Take a checkpoint');
    expect(jobWhat(job)).toBe('Shut down');
    expect(jobWhat({ ...job, title: 'Start 3 VMs', subject: { kind: 'none', id: null, name: null } })).toBe(
      'Start 3 VMs',
    );
  });

  test('shows its place in the queue, and that its failure was acknowledged', () => {
    expect(jobStateView({ ...job, queuePosition: 0 }).word).toBe('Queued, next');
    expect(jobStateView({ ...job, queuePosition: 4 }).word).toBe('Queued, 4 before it');
    expect(jobStateView({ ...job, state: 'failed', acknowledgedBy: 'Ada' }).word).toBe(
      'Failed, acknowledged',
    );
  });

  test('took the time from its start to its end, or until now', () => {
    const startedAt = '2026-12-01T11:59:00Z';
    expect(tookMs(job, now)).toBeNull();
    expect(tookMs({ ...job, startedAt }, now)).toBe(60_000);
    expect(tookMs({ ...job, startedAt, finishedAt: '2026-12-01T11:59:01.500Z' }, now)).toBe(1500);
  });

  test.each([
    [1234, /^1\.2 s/],
    [42_000, /^42 s/],
    [200_000, /^3 min.* 20 s/],
    [7_500_000, /^2 h.* 5 min/],
  ])('%i ms is written with two units at most', (ms, expected) => {
    expect(formatElapsed(ms)).toMatch(expected);
  });
});
