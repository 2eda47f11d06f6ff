import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { AgentLine, Envelope, Guid, operations, Timestamp, VersionText, VmId } from '../src/index.ts';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';
const vmId = '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f';
const envelope = {
  contract: 2,
  id,
  op: 'vm.start',
  timeoutSeconds: 300,
  actor: 'ann',
  request: { vmId },
};

const scalars = [
  ['Guid', Guid, [vmId], [vmId.toUpperCase(), `{${vmId}}`, `${vmId}\n`, vmId.slice(1), '']],
  ['VmId', VmId, [vmId, `${vmId}@hv-01.example.org`], [`${vmId}@`, `${vmId}@HV-01`, `${vmId}@a b`]],
  [
    'Timestamp',
    Timestamp,
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.1234567Z'],
    ['2026-01-01', '2026-01-01T00:00:00+01:00', '2026-01-01T00:00:00.Z', '２026-01-01T00:00:00Z'],
  ],
  ['VersionText', VersionText, ['k3x.12', '0.0'], ['k3x', '.1', 'k3x.', 'K.1', 'a.1.2']],
] as const;

describe.each(scalars)('%s', (_name, schema, good, bad) => {
  const check = Compile(schema);
  test.each(good.map((value) => [value]))('accepts %j', (value) => expect(check.Check(value)).toBe(true));
  test.each(bad.map((value) => [value]))('refuses %j', (value) => expect(check.Check(value)).toBe(false));
});

describe('Envelope', () => {
  const check = Compile(Envelope);
  test('accepts an operation', () => expect(check.Check(envelope)).toBe(true));
  test.each([
    ['another version of the contract', { contract: 1 }],
    ['an id that is no UUIDv7', { id: vmId }],
    ['an operation that is no name', { op: 'vm start; rm' }],
    ['a field it does not know', { extra: 1 }],
    ['a negative fence', { fence: -1 }],
    ['a moment by the clock of the service', { deadline: '2026-01-01T00:00:00Z' }],
    ['no time at all', { timeoutSeconds: 0 }],
    ['parts of a second', { timeoutSeconds: 1.5 }],
    ['more than a week', { timeoutSeconds: 604_801 }],
  ])('refuses %s', (_what, change) => expect(check.Check({ ...envelope, ...change })).toBe(false));
});

describe('AgentLine', () => {
  const check = Compile(AgentLine);
  test.each([
    { op: id, seq: 0, type: 'progress', percent: null, message: 'Starting' },
    { op: id, seq: 1, type: 'log', at: '2026-01-01T00:00:00Z', level: 'info', message: 'x' },
    { op: id, seq: 2, type: 'heartbeat', at: '2026-01-01T00:00:00Z' },
    { op: id, seq: 3, type: 'result', result: { vmId, state: 'Running' } },
    {
      op: id,
      seq: 3,
      type: 'error',
      error: { code: 'wrong-state', message: 'The VM is off.', remedy: null },
    },
  ])('accepts $type', (line) => expect(check.Check(line)).toBe(true));
  test.each([
    ['a line without its operation', { seq: 0, type: 'heartbeat', at: '2026-01-01T00:00:00Z' }],
    ['an unknown type', { op: id, seq: 0, type: 'done' }],
    [
      'an error code that is not in the union',
      { op: id, seq: 0, type: 'error', error: { code: 'oops', message: '', remedy: null } },
    ],
    ['a percentage above 100', { op: id, seq: 0, type: 'progress', percent: 101, message: '' }],
  ])('refuses %s', (_what, line) => expect(check.Check(line)).toBe(false));
});

test('a request with an unknown field is refused', () => {
  for (const [name, operation] of Object.entries(operations)) {
    expect(Compile(operation.request).Check({ unknown: true, vmId }), name).toBe(false);
  }
});
