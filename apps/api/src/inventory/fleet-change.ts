import type { RowKind, Rows, Vm } from '@aether-v/types';
import type { RowScopes } from '../auth/can-see.ts';

/** The stored rows by kind; VM rows are stored in full. */
export interface StoredRows extends Omit<Rows, 'vm'> {
  vm: Vm;
}

/** A row that was added or changed, in its current state. */
export type RowChange = {
  [K in RowKind]: {
    readonly type: 'row';
    readonly kind: K;
    readonly id: string;
    readonly row: Readonly<StoredRows[K]>;
    readonly seq: number;
  };
}[RowKind];

/**
 * A row that was deleted, or left a scope: readers who see only that scope have lost it.
 *
 * The change carries the scope because the row is gone, and without it everyone would be told the id. A scope is a few
 * ids, some 100 bytes; the row of a VM has up to 160 kB.
 */
export type DeletedChange = {
  [K in RowKind]: {
    readonly type: 'deleted';
    readonly kind: K;
    readonly id: string;
    readonly scope: RowScopes[K];
    readonly seq: number;
  };
}[RowKind];

/** A change of a row; `seq` is its number in the fleet's sequence. */
export type FleetChange = RowChange | DeletedChange;
