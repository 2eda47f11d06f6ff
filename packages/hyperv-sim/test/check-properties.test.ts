import type { OperationName, OperationResult } from '@aether-v/types';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addLooseDisks,
  checkedFleet,
  checkedOps,
  requestOf,
  type CheckedOp,
  type Dice,
} from './check-requests.ts';
import { Lifecycle } from './lifecycle.ts';

const number = fc.nat(100_000);
const step = fc.record({
  op: fc.constantFrom(...checkedOps),
  dice: fc.tuple(number, number, number, number),
});

/** Everything that the hosts show and store. */
function snapshot(life: Lifecycle): string {
  const { engine } = life;
  return JSON.stringify(
    engine.hostIds.map((hostId) => [
      engine.vms(hostId),
      engine
        .steps(hostId)
        .files.volumes()
        .map(({ files, folders, free }) => [[...files], [...folders], free]),
    ]),
  );
}

async function journalOf(life: Lifecycle): Promise<number> {
  return (await life.done('operation.list', { since: null })).count;
}

function plannedBy(result: unknown): Pick<OperationResult<'vm.delete'>, 'deleted' | 'remaining'> | null {
  return typeof result === 'object' && result !== null && 'deleted' in result && 'remaining' in result
    ? (result as OperationResult<'vm.delete'>)
    : null;
}

const outcomes = new Map<string, number>();
const refusals = new Map<number, number>();

/** Checks an operation and runs it: the check changes nothing, and its answer is what the run does. */
async function take(life: Lifecycle, op: CheckedOp, dice: Dice): Promise<void> {
  const request = requestOf(life, op, dice);
  const before = snapshot(life);
  const entries = await journalOf(life);
  const check = await life.done('operation.check', { op, request });
  expect(snapshot(life), 'the check changes nothing').toBe(before);
  expect(await journalOf(life), 'the check is not in the journal').toBe(entries);
  const { result, error } = await life.run<OperationName>(op, request);
  const text = JSON.stringify({ op, request, check, error });
  expect(check.refusals.length === 0, text).toBe(error === null);
  if (error) expect(check.refusals[0], text).toEqual(error);
  const planned = plannedBy(result);
  if (planned) {
    expect(new Set(check.deletes), text).toEqual(new Set(planned.deleted));
    expect(check.remaining, text).toEqual(planned.remaining);
  } else
    expect({ deletes: check.deletes, remaining: check.remaining }).toEqual({ deletes: [], remaining: [] });
  const outcome = `${op} ${error ? 'refused' : 'done'}`;
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  refusals.set(check.refusals.length, (refusals.get(check.refusals.length) ?? 0) + 1);
  life.clock.advance(60 * 60_000);
}

// Guests obey and memory suffices: what only Hyper-V and the guest can tell comes after the check.
test('on a still host a check refuses exactly what the operation refuses, and predicts what a deletion removes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('n1', 's1'),
      fc.array(step, { minLength: 20, maxLength: 40, size: 'max' }),
      async (hostId, steps) => {
        const life = new Lifecycle(checkedFleet, hostId);
        addLooseDisks(life);
        for (const { op, dice } of steps) await take(life, op, dice);
        life.engine.dispose();
      },
    ),
    { numRuns: 120, seed: 17, endOnFailure: true },
  );
  for (const op of checkedOps) {
    expect(outcomes.get(`${op} done`) ?? 0, `${op} was done`).toBeGreaterThan(2);
    if (op !== 'host.test')
      expect(outcomes.get(`${op} refused`) ?? 0, `${op} was refused`).toBeGreaterThan(2);
  }
  for (const count of [2, 3, 4]) expect(refusals.get(count) ?? 0, `${count} refusals`).toBeGreaterThan(2);
}, 120_000);
