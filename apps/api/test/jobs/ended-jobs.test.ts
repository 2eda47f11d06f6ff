import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EndedJobs, type EndedJob } from '../../src/jobs/ended-jobs.ts';

const limits = { count: 12, bytes: 10_000, keepFor: 100 };

function job(id: string, more: Partial<EndedJob> = {}): EndedJob {
  return { id, hostId: 'hv01', isAwaited: true, endedAt: 0, bytes: 10, ...more };
}

const sizeOf = (jobs: readonly EndedJob[]): number => jobs.reduce((sum, { bytes }) => sum + bytes, 0);

/** Whether no other host has more left, by number or by size, than the host of a forgotten job had. */
function isFair(gone: EndedJob, before: readonly EndedJob[], after: readonly EndedJob[]): boolean {
  const own = before.filter((peer) => peer.hostId === gone.hostId && peer.isAwaited === gone.isAwaited);
  const others = ['liar', 'hv01', 'hv02'].map((hostId) =>
    after.filter((peer) => peer.hostId === hostId && peer.isAwaited === gone.isAwaited),
  );
  return (
    others.every((jobs) => jobs.length <= own.length) || others.every((jobs) => sizeOf(jobs) <= sizeOf(own))
  );
}

describe('ended jobs', () => {
  test('requested jobs are kept for their time beyond the limit, then the oldest are removed', () => {
    const ended = new EndedJobs(limits);
    for (let at = 0; at < 20; at += 1) expect(ended.add(job(`j${at}`, { endedAt: at }), at)).toEqual([]);
    const gone = ended.add(job('j20', { endedAt: 112 }), 112);
    expect(gone).toEqual(['j0', 'j1', 'j2', 'j3', 'j4', 'j5', 'j6', 'j7', 'j8']);
  });

  test('jobs known only from hosts are removed first', () => {
    const ended = new EndedJobs(limits);
    for (let at = 0; at < 12; at += 1) ended.add(job(`t${at}`, { isAwaited: false, endedAt: at }), 50);
    expect(ended.add(job('own', { endedAt: 1 }), 50)).toEqual(['t0']);
  });

  test('large jobs are removed before their time', () => {
    const ended = new EndedJobs(limits);
    ended.add(job('large', { bytes: 9000 }), 0);
    ended.add(job('other', { hostId: 'hv02', bytes: 500 }), 0);
    expect(ended.add(job('next', { bytes: 5000 }), 1)).toEqual(['large']);
  });

  test('one host never displaces another’s jobs below an equal share, however many and large its jobs are', () => {
    const added = fc.record({
      hostId: fc.constantFrom('liar', 'hv01', 'hv02'),
      isAwaited: fc.boolean(),
      endedAt: fc.nat(1000),
      bytes: fc.integer({ min: 1, max: 3000 }),
    });
    fc.assert(
      fc.property(fc.array(added, { maxLength: 80 }), (jobs) => {
        const ended = new EndedJobs({ ...limits, keepFor: 0 });
        const kept = new Map<string, EndedJob>();
        for (const [at, one] of jobs.entries()) {
          const next = job(`j${at}`, one);
          const before = new Map(kept).set(next.id, next);
          kept.set(next.id, next);
          for (const id of ended.add(next, 2000)) kept.delete(id);
          const all = [...kept.values()];
          expect(all.length).toBeLessThanOrEqual(limits.count);
          expect(sizeOf(all)).toBeLessThanOrEqual(limits.bytes);
          for (const gone of before.values()) {
            if (!kept.has(gone.id)) expect(isFair(gone, [...before.values()], all)).toBe(true);
          }
        }
      }),
    );
  });
});
