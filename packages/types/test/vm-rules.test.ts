import { describe, expect, test } from 'vitest';
import {
  commonErrors,
  driveId,
  isLiveMemoryChange,
  memoryProblem,
  operations,
  VmChanges,
  vmUpdateRules,
  type OperationSchema,
} from '../src/index.ts';

const dynamic = { dynamic: true, startup: 4, minimum: 2, maximum: 8, bufferPercent: 20 };

test('the id of a drive is its slot', () => {
  expect(driveId({ controllerType: 'SCSI', controllerNumber: 0, controllerLocation: 63 })).toBe('scsi-0-63');
  expect(driveId({ controllerType: 'IDE', controllerNumber: 1, controllerLocation: 0 })).toBe('ide-1-0');
});

test('dynamic memory requires minimum, startup and maximum in order; static memory has nothing to compare', () => {
  expect(memoryProblem(dynamic)).toBeNull();
  expect(memoryProblem({ ...dynamic, minimum: 4, maximum: 4 })).toBeNull();
  expect(memoryProblem({ ...dynamic, minimum: 5 })).toMatch(/minimum/);
  expect(memoryProblem({ ...dynamic, maximum: 3 })).toMatch(/maximum/);
  expect(memoryProblem({ dynamic: false, startup: 4 })).toBeNull();
});

describe('memory of a running VM', () => {
  test.each([
    ['a lower minimum', { minimum: 1 }, true],
    ['a higher maximum', { maximum: 16 }, true],
    ['another buffer', { bufferPercent: 50 }, true],
    ['a higher minimum', { minimum: 3 }, false],
    ['a lower maximum', { maximum: 7 }, false],
    ['another startup', { startup: 5 }, false],
    ['static memory', { dynamic: false }, false],
  ])('%s', (_what, change, live) => {
    expect(isLiveMemoryChange(dynamic, { ...dynamic, ...change })).toBe(live);
  });
});

test('every change of vm.update has a rule', () => {
  expect(Object.keys(vmUpdateRules).sort()).toEqual(Object.keys(VmChanges.properties).sort());
});

test('an operation lists its own errors, and none of the common ones', () => {
  for (const [name, { errors }] of Object.entries<OperationSchema>(operations)) {
    expect(new Set(errors).size, name).toBe(errors.length);
    expect(
      errors.filter((code) => commonErrors.some((common) => common === code)),
      name,
    ).toEqual([]);
  }
});
