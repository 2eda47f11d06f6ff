import { isJobFinal, jobStates, type JobState } from '@aether-v/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childOrders } from '../../src/jobs/parent-plan.ts';
import {
  childrenToSend,
  childrenToStop,
  parentState,
  type ChildProgress,
} from '../../src/jobs/parent-progress.ts';

function child(state: JobState, isSent = state !== 'queued'): ChildProgress {
  return { name: state, state, isSent, percent: null, error: null };
}

const anyChild = fc
  .record({ state: fc.constantFrom(...jobStates), isSent: fc.boolean() })
  .map(({ state, isSent }) => child(state, isSent || (state !== 'queued' && state !== 'cancelled')));
const anyChildren = fc.array(anyChild, { minLength: 1, maxLength: 8 });

describe('the children to send', () => {
  test('are unsent waiting ones, one at a time until a journal has the plan', () => {
    fc.assert(
      fc.property(fc.constantFrom(...childOrders), anyChildren, fc.boolean(), (order, children, isKept) => {
        const sent = childrenToSend(order, children, isKept);
        for (const index of sent) {
          expect(children[index]?.isSent).toBe(false);
          expect(isJobFinal(children[index]?.state ?? 'failed')).toBe(false);
        }
        if (order === 'sequence' || !isKept) expect(sent.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('of a sequence follow one that succeeded, and none that failed', () => {
    expect(childrenToSend('sequence', [child('succeeded'), child('queued'), child('queued')], true)).toEqual([
      1,
    ]);
    expect(childrenToSend('sequence', [child('failed'), child('queued')], true)).toEqual([]);
    expect(childrenToStop('sequence', [child('failed'), child('queued'), child('queued')])).toEqual([1, 2]);
    expect(childrenToStop('parallel', [child('failed'), child('queued')])).toEqual([]);
  });

  test('wait while an earlier one may still run', () => {
    for (const state of ['running', 'unknown'] as const) {
      expect(childrenToSend('sequence', [child(state), child('queued')], true)).toEqual([]);
      expect(childrenToSend('parallel', [child(state), child('queued')], false)).toEqual([]);
      expect(childrenToSend('parallel', [child(state), child('queued')], true)).toEqual([1]);
    }
  });

  test('bring every parent to its end, whatever the outcome of each', () => {
    const ends = fc.constantFrom<JobState>('succeeded', 'failed', 'cancelled');
    fc.assert(
      fc.property(
        fc.constantFrom(...childOrders),
        fc.array(ends, { minLength: 1, maxLength: 8 }),
        (order, plan) => {
          const children = plan.map(() => child('queued'));
          for (let round = 0; round <= plan.length; round++) {
            for (const index of childrenToStop(order, children)) {
              children[index] = { ...child('cancelled'), isSent: false };
            }
            for (const index of childrenToSend(order, children, round > 0)) {
              children[index] = child(plan[index] ?? 'failed');
            }
          }
          expect(isJobFinal(parentState(children))).toBe(true);
        },
      ),
    );
  });
});

describe('the state of a parent', () => {
  test.each<[JobState, JobState[]]>([
    ['queued', ['queued', 'queued']],
    ['running', ['succeeded', 'queued']],
    ['running', ['running', 'unknown']],
    ['unknown', ['unknown', 'queued']],
    ['failed', ['succeeded', 'failed', 'cancelled']],
    ['cancelled', ['succeeded', 'cancelled']],
    ['succeeded', ['succeeded', 'succeeded']],
  ])('is %s with children that are %j', (state, children) => {
    expect(parentState(children.map((one) => child(one)))).toBe(state);
  });
});
