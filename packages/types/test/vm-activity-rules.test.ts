import { describe, expect, test } from 'vitest';
import {
  activityBlock,
  vmActionNames,
  vmActivities,
  vmActivityRules,
  vmTasks,
  type VmActivityKind,
  type VmTask,
} from '../src/index.ts';

/** The tasks that each activity leaves possible. */
const possible = {
  CreatingCheckpoint: [],
  ApplyingCheckpoint: [],
  DeletingCheckpoint: [],
  WaitingToStart: vmActionNames,
  MergingDisks: vmActionNames,
  Exporting: vmActionNames,
  Migrating: [],
  BackingUp: vmActionNames,
  Modifying: vmActionNames,
  MovingStorage: vmActionNames,
  MigratingPlanned: [],
  CheckingCompatibility: vmActionNames,
} as const satisfies Readonly<Record<VmActivityKind, readonly VmTask[]>>;

describe('the rules of activities', () => {
  test.each(vmActivities)('%s blocks what cannot work meanwhile, and nothing else', (kind) => {
    const free = vmTasks.filter((task) => activityBlock(task, { activity: { kind } }) === null);
    expect(free).toEqual(possible[kind]);
  });

  test('every pair of activity and task that is blocked has a reason in a sentence', () => {
    for (const kind of vmActivities) {
      for (const task of vmTasks) {
        const block = activityBlock(task, { activity: { kind } });
        if (block !== null) expect(block.reason, `${task} during ${kind}`).toMatch(/^It is .+\.$/);
      }
    }
  });

  test('every activity has words that continue "Running, "', () => {
    for (const kind of vmActivities) expect(vmActivityRules[kind].words).toMatch(/^[a-z][a-z ()]+$/);
    expect(new Set(vmActivities.map((kind) => vmActivityRules[kind].words)).size).toBe(vmActivities.length);
  });

  test('a VM without an activity is blocked in nothing', () => {
    expect(vmTasks.filter((task) => activityBlock(task, { activity: null }) !== null)).toEqual([]);
  });
});
