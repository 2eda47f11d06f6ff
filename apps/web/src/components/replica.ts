import type { VmSummary } from '@aether-v/types';

export const replicaTexts = {
  mark: 'Replica',
  title: 'A copy of a virtual machine on another host, kept off until a failover',
};

/** Returns whether the VM is the copy of one on another host, which replication keeps off until a failover. */
export function isReplica({ replication }: Pick<VmSummary, 'replication'>): boolean {
  return replication === 'Replica' || replication === 'ExtendedReplica';
}
