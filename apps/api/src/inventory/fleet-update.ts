import type { Cluster, Host, Vm } from '@aether-v/types';

/** Rows that came, changed or went. */
export interface FleetUpdate {
  readonly clusters: readonly Cluster[];
  readonly hosts: readonly Host[];
  readonly vms: readonly Vm[];
  readonly removed: readonly { readonly kind: 'cluster' | 'host' | 'vm'; readonly id: string }[];
}
