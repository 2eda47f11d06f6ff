import { describe, expect, test } from 'vitest';
import type { Vm, VmEditableSettings } from '@aether-v/types';
import { makeHosts, makeVms } from '../fake-api/rows.ts';
import {
  changedFields,
  fieldsThatNeedOff,
  inputOf,
  readSettings,
  settingFields,
  withFieldsOf,
} from '../../src/vm-dialogs/settings-input.ts';

const [dynamic, fixed] = makeVms(2, makeHosts(0), 0) as [Vm, Vm];
const gib = 1024 ** 3;

describe('the settings of a VM in a form', () => {
  test('nothing edited changes nothing, for static and dynamic memory and values that are not reported', () => {
    const unknown: VmEditableSettings = {
      ...dynamic,
      secureBoot: null,
      bootOrder: null,
      automaticStartAction: null,
      automaticStartDelaySeconds: null,
      automaticStopAction: null,
      checkpointType: null,
    };
    for (const base of [dynamic, fixed, unknown])
      expect(readSettings(inputOf(base), base)).toEqual({ changes: {}, edited: [], problems: new Map() });
  });

  test('only what was edited is sent, in the units of the API', () => {
    const input = inputOf(fixed);
    const { changes } = readSettings(
      {
        ...input,
        name: ' APP-02 ',
        processors: '8',
        memory: { ...input.memory, startup: '6 GB' },
        secureBoot: 'off',
        automaticStartDelaySeconds: '90',
      },
      fixed,
    );
    expect(changes).toEqual({
      name: 'APP-02',
      processors: 8,
      memory: { dynamic: false, startup: 6 * gib },
      secureBoot: 'off',
      automaticStartDelaySeconds: 90,
    });
  });

  test.each([
    ['name', { name: ' ' }],
    ['processors', { processors: '0' }],
    ['processors', { processors: '4.5' }],
    ['automaticStartDelaySeconds', { automaticStartDelaySeconds: '-1' }],
    ['memory', { memory: { ...inputOf(dynamic).memory, startup: 'much' } }],
    ['memory', { memory: { ...inputOf(dynamic).memory, minimum: '512 GB' } }],
    ['memory', { memory: { ...inputOf(dynamic).memory, bufferPercent: '4' } }],
  ] as const)('an invalid %s is explained and not sent', (field, patch) => {
    const { changes, problems, edited } = readSettings({ ...inputOf(dynamic), ...patch }, dynamic);
    expect([...problems.keys()]).toEqual([field]);
    expect(edited).toEqual([field]);
    expect(changes).toEqual({});
  });

  test('a running VM takes a lower minimum and a higher maximum, and nothing else of its memory', () => {
    const { memory } = dynamic;
    const dynamicMemory = (patch: object) =>
      readSettings({ ...inputOf(dynamic), memory: { ...inputOf(dynamic).memory, ...patch } }, dynamic)
        .changes;
    expect(fieldsThatNeedOff(dynamicMemory({ minimum: '1 GB' }), dynamic, 'Running')).toEqual([]);
    expect(fieldsThatNeedOff(dynamicMemory({ maximum: '64 GB' }), dynamic, 'Running')).toEqual([]);
    expect(fieldsThatNeedOff(dynamicMemory({ startup: '3 GB' }), dynamic, 'Running')).toEqual(['memory']);
    expect(fieldsThatNeedOff(dynamicMemory({ startup: '3 GB' }), dynamic, 'Off')).toEqual([]);
    expect(memory.dynamic).toBe(true);
  });

  test('processors need the VM off, notes do not', () => {
    const { changes } = readSettings({ ...inputOf(fixed), processors: '16', notes: 'x' }, fixed);
    expect(fieldsThatNeedOff(changes, fixed, 'Running')).toEqual(['processors']);
  });

  test('the values of another person replace only the fields that are taken', () => {
    const theirs: VmEditableSettings = { ...fixed, processors: 32, notes: 'theirs' };
    expect(changedFields(fixed, theirs)).toEqual(['notes', 'processors']);
    const mine = { ...inputOf(fixed), processors: '8', name: 'MINE' };
    expect(withFieldsOf(mine, ['processors'], theirs)).toMatchObject({
      processors: '32',
      name: 'MINE',
      notes: fixed.notes,
    });
    expect(settingFields).toHaveLength(10);
  });
});
