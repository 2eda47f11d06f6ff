import { Type } from 'typebox';
import { nullable } from './enum.ts';
import { NoItem, strict, VmDone, VmTarget, type OperationSchema } from './operation-schema.ts';
import { Guid, HostId } from './scalars.ts';
import { VmClusterRole } from './vm.ts';

const common = { item: NoItem, mutates: true, resumable: true, cancelsRunning: true } as const;

/** Operations on the clustered role of a VM, sent to the node that has the VM. */
export const clusterOperations = {
  'cluster.addVm': {
    ...common,
    request: VmTarget,
    result: Type.Object({ vmId: Guid, role: VmClusterRole }),
    errors: ['not-found', 'wrong-state', 'conflict'],
  },
  'cluster.removeVm': {
    ...common,
    request: VmTarget,
    result: VmDone,
    errors: ['not-found', 'wrong-state'],
  },
  'cluster.moveVm': {
    ...common,
    request: Type.Object(
      {
        vmId: Guid,
        // null: the cluster chooses
        targetHostId: nullable(HostId),
      },
      strict,
    ),
    result: Type.Object({ vmId: Guid, hostId: HostId }),
    errors: ['not-found', 'wrong-state'],
  },
} as const satisfies Record<string, OperationSchema>;
