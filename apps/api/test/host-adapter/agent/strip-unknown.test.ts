import { describe, expect, test } from 'vitest';
import { AgentLine, operations, type InventoryItem } from '@aether-v/types';
import { Value } from 'typebox/value';
import type { TSchema } from 'typebox';
import { stripUnknown } from '../../../src/host-adapter/agent/strip-unknown.ts';
import { clusteredVm, clusterFacts, guid, hostFacts } from '../../support/facts.ts';

const disk = {
  id: 'scsi-0-0',
  controllerType: 'SCSI',
  controllerNumber: 0,
  controllerLocation: 0,
  path: 'C:\\a.vhdx',
  format: 'VHDX',
  type: 'Dynamic',
  size: null,
  fileSize: 1,
  parentPath: null,
  shared: false,
} as const;

const items: InventoryItem[] = [
  { kind: 'host', host: hostFacts('hv1', { switches: [{ id: 'a', name: 'b', type: 'External' }] }) },
  { kind: 'cluster', cluster: clusterFacts(guid(1), ['hv1']) },
  {
    kind: 'vm',
    vm: clusteredVm(guid(1), 'hv1', {
      disks: [disk],
      guest: { osName: 'x', osVersion: null, hostname: null },
    }),
  },
  { kind: 'vm-removed', vmId: guid(1) },
  { kind: 'synced', vmIds: [guid(1)] },
  { kind: 'usage', host: null, vms: [] },
];

/** The value with an unknown property in every object. */
function extended(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(extended);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, extended(inner)] as const);
  return { ...Object.fromEntries(entries), unknown: { deep: [1] } };
}

const op = '01900000-0000-7000-8000-000000000001';
const cases: [string, TSchema, unknown][] = [
  ...items.map((item): [string, TSchema, unknown] => [`item ${item.kind}`, operations.watch.item, item]),
  ['line', AgentLine, { op, seq: 0, type: 'heartbeat', at: '2026-01-01T00:00:00Z' }],
  [
    'line with an item of any kind',
    AgentLine,
    { op, seq: 0, type: 'item', item: { kind: 'vm', any: { thing: 1 } } },
  ],
  ['null result', operations['operation.status'].result, null],
];

describe('stripUnknown', () => {
  test.each(cases)('keeps a valid %s unchanged, and otherwise agrees with TypeBox', (_, schema, value) => {
    expect(Value.Check(schema, value)).toBe(true);
    expect(stripUnknown(schema, value)).toEqual(value);
    expect(stripUnknown(schema, extended(value))).toEqual(Value.Clean(schema, extended(value)));
  });

  test('does not let a property change the prototype', () => {
    const hostile: unknown = JSON.parse('{"kind":"vm-removed","vmId":"x","__proto__":{"polluted":true}}');
    const stripped = stripUnknown(operations.watch.item, hostile);
    expect((stripped as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.keys(stripped as object)).toEqual(['kind', 'vmId']);
  });
});
