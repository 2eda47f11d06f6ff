import type { Cluster, Host, Vm } from '@aether-v/types';

/** Rows that were added, changed or removed. */
export interface FleetUpdate {
  readonly clusters: readonly Cluster[];
  readonly hosts: readonly Host[];
  readonly vms: readonly Vm[];
  readonly removed: readonly { readonly kind: 'cluster' | 'host' | 'vm'; readonly id: string }[];
}
