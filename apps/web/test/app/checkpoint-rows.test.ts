import { describe, expect, test } from 'vitest';
import type { VmCheckpoint } from '@aether-v/types';
import { checkpointRows } from '../../src/checkpoints/checkpoint-rows.ts';

const checkpoint = (id: string, parentId: string | null, current = false): VmCheckpoint => ({
  id,
  parentId,
  name: id,
  type: 'Production',
  automatic: false,
  createdAt: `2026-01-01T00:00:0${id.length}Z`,
  current,
});

/** The rows as `name:depth`. */
const shapeOf = (checkpoints: readonly VmCheckpoint[]): string[] =>
  checkpointRows(checkpoints).map(({ checkpoint: one, depth }) => `${one?.name ?? 'now'}:${depth}`);

describe('rows of the tree of checkpoints', () => {
  test('the current state is the last child of the current checkpoint', () => {
    expect(shapeOf([checkpoint('a', null), checkpoint('bb', 'a', true)])).toEqual(['a:0', 'bb:1', 'now:2']);
    expect(shapeOf([checkpoint('a', null, true), checkpoint('bb', 'a'), checkpoint('ccc', null)])).toEqual([
      'a:0',
      'bb:1',
      'now:1',
      'ccc:0',
    ]);
  });

  test('without a current checkpoint the current state ends the list', () => {
    expect(shapeOf([checkpoint('a', null), checkpoint('bb', 'a')])).toEqual(['a:0', 'bb:1', 'now:0']);
    expect(shapeOf([])).toEqual(['now:0']);
  });

  test('each checkpoint has its descendants', () => {
    const rows = checkpointRows([
      checkpoint('a', null),
      checkpoint('bb', 'a'),
      checkpoint('ccc', 'bb', true),
      checkpoint('dddd', 'a'),
      checkpoint('eeeee', null),
    ]);
    const descendants = rows.flatMap((row) =>
      row.checkpoint ? [`${row.checkpoint.name}: ${row.descendants.map(({ name }) => name).join(' ')}`] : [],
    );
    expect(descendants).toEqual(['a: bb ccc dddd', 'bb: ccc', 'ccc: ', 'dddd: ', 'eeeee: ']);
  });
});
