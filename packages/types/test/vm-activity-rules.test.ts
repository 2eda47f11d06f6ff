import { describe, expect, test } from 'vitest';
import {
  activityBlock,
  vmCommandNames,
  vmActivities,
  vmActivityRules,
  type VmActivityKind,
  type VmCommandName,
} from '../src/index.ts';

const powerCommands = vmCommandNames.filter((name) => name !== 'vm.delete');

/** The commands that each activity leaves possible. */
const possible = {
  CreatingCheckpoint: [],
  ApplyingCheckpoint: [],
  DeletingCheckpoint: [],
  WaitingToStart: powerCommands,
  MergingDisks: powerCommands,
  Exporting: powerCommands,
  Migrating: [],
  BackingUp: powerCommands,
  Modifying: powerCommands,
  MovingStorage: powerCommands,
  MigratingPlanned: [],
  CheckingCompatibility: powerCommands,
} as const satisfies Readonly<Record<VmActivityKind, readonly VmCommandName[]>>;

describe('the rules of activities', () => {
  test.each(vmActivities)('%s blocks exactly the commands that cannot work', (kind) => {
    const free = vmCommandNames.filter((name) => activityBlock(name, { activity: { kind } }) === null);
    expect(free).toEqual(possible[kind]);
  });

  test('every blocked pair of activity and command has a reason in a sentence', () => {
    for (const kind of vmActivities) {
      for (const name of vmCommandNames) {
        const block = activityBlock(name, { activity: { kind } });
        if (block !== null) expect(block.reason, `${name} during ${kind}`).toMatch(/^It is .+\.$/);
      }
    }
  });

  test('every activity has words that continue "Running, "', () => {
    for (const kind of vmActivities) expect(vmActivityRules[kind].words).toMatch(/^[a-z][a-z ()]+$/);
    expect(new Set(vmActivities.map((kind) => vmActivityRules[kind].words)).size).toBe(vmActivities.length);
  });

  test('a VM without an activity blocks no command', () => {
    expect(vmCommandNames.filter((name) => activityBlock(name, { activity: null }) !== null)).toEqual([]);
  });
});
