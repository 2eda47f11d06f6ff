import { maxVmsPerHost, type VmFacts } from '@aether-v/types';
import type { Clock } from '../common/clock.ts';
import type { HostOperations } from '../host-adapter/agent/host-operations.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { tooManyVms } from '../inventory/supervision-errors.ts';
import type { Preparation } from '../jobs/preparations.ts';

/** Time limit for a host to report its VMs, in milliseconds. */
const readTimeout = 60_000;

/** Reads the VMs of a host. @returns The id of its cluster. @throws HostOperationError */
export async function readInventory(
  { hosts, clock }: { readonly hosts: HostOperations; readonly clock: Clock },
  hostId: string,
  { actor, signal }: Pick<Preparation, 'actor' | 'signal'>,
  onVm: (vm: VmFacts) => void,
): Promise<string | null> {
  const vmIds = new Set<string>();
  let clusterId: string | null = null;
  const { vms } = await hosts.invoke(
    hostId,
    'inventory',
    {},
    {
      actor,
      signal,
      deadline: new Date(clock.now() + readTimeout),
      onLine: (line) => {
        if (line.type !== 'item') return;
        if (line.item.kind === 'host') clusterId = line.item.host.clusterId;
        if (line.item.kind !== 'vm') return;
        const { vm } = line.item;
        if (vmIds.add(vm.vmId).size > maxVmsPerHost) throw tooManyVms();
        onVm(vm);
      },
    },
  );
  if (vms === vmIds.size) return clusterId;
  throw new HostOperationError('contract-violation', `It reported ${vms} VMs but listed ${vmIds.size}.`, {
    began: true,
    reported: true,
  });
}
