import type { Diagnostics, RowKind } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { FleetStore } from './fleet-store.ts';
import { FleetView } from './fleet-view.ts';
import { UsageStore } from './usage-store.ts';
import { VmOrderCache } from './vm-order-cache.ts';

/** Shows the fleet to principals. Request handlers must use it instead of the store (tools/walls.js). */
@Injectable()
export class FleetViews {
  readonly #orders: VmOrderCache;

  constructor(
    private readonly store: FleetStore,
    private readonly usage: UsageStore,
  ) {
    this.#orders = new VmOrderCache(store, usage);
  }

  /** Returns the sizes of the store, including rows that some principals do not see. */
  sizes(): Pick<Diagnostics['stores'], 'rows' | 'tombstones'> {
    const sizeOf = (kind: RowKind): number => this.store.rows(kind).size;
    return {
      rows: { clusters: sizeOf('cluster'), hosts: sizeOf('host'), vms: sizeOf('vm'), jobs: sizeOf('job') },
      tombstones: this.store.tombstoneCount,
    };
  }

  /** Returns the fleet as the principal sees it. */
  of(principal: Principal): FleetView {
    return new FleetView({ store: this.store, usage: this.usage, orders: this.#orders }, principal);
  }
}
