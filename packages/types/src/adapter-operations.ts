import { Type } from 'typebox';
import { nullable } from './enum.ts';
import { DisplayName } from './names.ts';
import { NoItem, strict, VmDone, type OperationSchema } from './operation-schema.ts';
import { AdapterId, Guid, UnicastMac } from './scalars.ts';
import { NewAdapter } from './vm-settings.ts';
import { VmNetworkAdapter } from './vm.ts';

const AdapterResult = Type.Object({ vmId: Guid, adapter: VmNetworkAdapter });
const common = { item: NoItem, mutates: true, resumable: true, cancelsRunning: true } as const;

/** Operations on network adapters of a VM. */
export const adapterOperations = {
  'adapter.add': {
    ...common,
    request: Type.Object({ vmId: Guid, adapter: NewAdapter }, strict),
    result: AdapterResult,
    errors: ['not-found', 'wrong-state', 'conflict'],
  },
  'adapter.remove': {
    ...common,
    request: Type.Object({ vmId: Guid, adapterId: AdapterId }, strict),
    result: VmDone,
    errors: ['not-found', 'wrong-state'],
  },
  'adapter.connect': {
    ...common,
    request: Type.Object(
      {
        vmId: Guid,
        adapterId: AdapterId,
        network: nullable(DisplayName),
        vlanId: nullable(
          Type.Integer({ minimum: 1, maximum: 4094, description: 'In place of the VLAN of the network.' }),
        ),
      },
      { ...strict, description: 'A network of null unplugs the adapter.' },
    ),
    result: AdapterResult,
    errors: ['not-found', 'wrong-state'],
  },
  'adapter.setMac': {
    ...common,
    request: Type.Object({ vmId: Guid, adapterId: AdapterId, macAddress: nullable(UnicastMac) }, strict),
    result: AdapterResult,
    errors: ['not-found', 'wrong-state', 'conflict'],
  },
} as const satisfies Record<string, OperationSchema>;
