import { describe, expect, test } from 'vitest';
import { errorCodeList, maxLineBytes } from '@aether-v/types';
import { LineReader } from '../../../src/host-adapter/agent/line-reader.ts';
import { guid } from '../../support/facts.ts';

const op = '01900000-0000-7000-8000-000000000001';
const result = { type: 'result', result: { vmId: guid(1), state: 'Running' } };

function reader(): LineReader<'vm.start'> {
  return new LineReader('vm.start', op);
}

function line(seq: number, body: object): string {
  return JSON.stringify({ op, seq, ...body });
}

const log = { type: 'log', at: '2026-01-01T00:00:00Z', level: 'info', message: 'x' };

describe('LineReader', () => {
  test('reads the lines of an operation up to its result', () => {
    const lines = reader();
    expect(lines.read(line(0, log))).toEqual({ final: false, line: { op, seq: 0, ...log } });
    expect(lines.read(line(1, { type: 'progress', percent: null, message: 'Starting' }))).toMatchObject({
      final: false,
    });
    expect(lines.read(line(2, result))).toEqual({ final: true, result: result.result });
    expect(lines.ended).toBe(true);
    lines.end();
  });

  test('removes properties outside the contract', () => {
    const extended = { ...result, result: { ...result.result, secret: 'x' }, more: 1 };
    expect(reader().read(line(0, extended))).toEqual({ final: true, result: result.result });
  });

  test('validates items by their operation', () => {
    const watch = new LineReader('watch', op);
    const item = { kind: 'synced', vmIds: [guid(1)] };
    expect(watch.read(line(0, { type: 'item', item }))).toMatchObject({ final: false, line: { item } });
    expect(watch.read(line(1, { type: 'item', item: { kind: 'vm-removed', vmId: 'x' } }))).toMatchObject({
      final: false,
      flaw: { part: 'vm-removed' },
    });
    const list = new LineReader('operation.list', op);
    expect(() => list.read(line(0, { type: 'item', item: { kind: 'synced' } }))).toThrow(/invalid form/);
  });

  test('accepts the replayed end of an operation that had finished before', () => {
    expect(reader().read(line(17, result))).toMatchObject({ final: true });
  });

  test.each([
    ['is no JSON', '{'],
    ['is not an object', '3'],
    ['has an unknown type', line(0, { type: 'shout' })],
    ['belongs to another operation', JSON.stringify({ ...result, op: op.replace('1', '2'), seq: 0 })],
    ['is not ASCII', line(0, { ...log, message: 'ü' })],
    ['is too long', line(0, log) + ' '.repeat(maxLineBytes)],
    ['has a result of the wrong form', line(0, { type: 'result', result: {} })],
  ])('refuses a line that %s', (_, text) => {
    expect(() => reader().read(text)).toThrow(
      expect.objectContaining({ code: 'contract-violation', began: true }),
    );
  });

  test.each([
    ['a gap', [0, 2]],
    ['a repetition', [0, 0]],
    ['a step back', [3, 2]],
  ])('refuses %s in the numbers', (_, [first = 0, second = 0]) => {
    const lines = reader();
    lines.read(line(first, log));
    expect(() => lines.read(line(second, log))).toThrow(
      expect.objectContaining({ code: 'contract-violation' }),
    );
  });

  test('refuses lines after the end, and an end without a final line', () => {
    const lines = reader();
    expect(() => lines.end()).toThrow(/without a result/);
    lines.read(line(0, result));
    expect(() => lines.read(line(1, result))).toThrow(/after the end/);
    expect(() => lines.read(line(1, log))).toThrow(/after the end/);
  });

  test.each([
    ['wrong-state', 'wrong-state'],
    ['guest-timeout', 'guest-timeout'],
    ['unauthenticated', 'agent-error'],
    ['host-unavailable', 'agent-error'],
    ['foreign-host', 'agent-error'],
  ])('returns the reported error %s as %s', (given, code) => {
    expect(errorCodeList).toContain(given);
    const error = { code: given, message: 'No.', remedy: 'Do.' };
    const read = (): unknown => reader().read(line(0, { type: 'error', error }));
    expect(read).toThrow(expect.objectContaining({ code, message: 'No.', remedy: 'Do.', reported: true }));
  });
});
