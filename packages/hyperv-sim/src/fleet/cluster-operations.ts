import type { VmFacts } from '@aether-v/types';
import { OperationFailure } from './operation-failure.ts';
import { sagaHandler, type Saga } from './saga.ts';

/** The id of the other cluster node with the most available memory. */
function bestNode({ engine, hostId }: Saga): string {
  const nodes = engine.cluster(hostId)?.nodes ?? [];
  const spare = (id: string): number => engine.usage(id).host.memoryAvailable;
  const [best] = nodes
    .map((node) => node.hostId)
    .filter((id) => id !== hostId)
    .sort((one, other) => spare(other) - spare(one));
  if (best === undefined)
    throw new OperationFailure('wrong-state', 'The cluster has no other node to move the VM to.');
  return best;
}

/** Throws if a VM cannot become a clustered role, because another node could not run it. */
function requireClusterable({ engine, hostId, steps }: Saga, vm: VmFacts): void {
  if (engine.host(hostId).clusterId === null) {
    throw new OperationFailure('wrong-state', 'This host is not a cluster node.');
  }
  if (vm.clusterRole) throw new OperationFailure('conflict', `"${vm.name}" is already a clustered role.`);
  const local = [vm.configurationPath, ...steps.vms.diskPaths(vm.vmId)].find(
    (path) => steps.files.volumeOf(path).kind !== 'csv',
  );
  if (local !== undefined) {
    throw new OperationFailure(
      'wrong-state',
      `"${local}" is not on a shared volume: other nodes could not run the VM.`,
    );
  }
}

/** Throws if a VM cannot be moved to the target. */
function requireMovable({ engine, hostId }: Saga, vm: VmFacts, target: string | null): void {
  const cannot = (why: string): OperationFailure =>
    new OperationFailure('wrong-state', `"${vm.name}" ${why}.`);
  if (!vm.clusterRole) throw cannot('is not a clustered role');
  if (vm.critical) throw cannot('is critical: its storage is unreachable');
  if (vm.activity) throw cannot(`is busy (${vm.activity.kind})`);
  if (target === null) return;
  if (target === hostId) throw cannot(`is already on ${target}`);
  const nodes = engine.cluster(hostId)?.nodes ?? [];
  if (nodes.some((node) => node.hostId === target)) return;
  throw new OperationFailure('not-found', `${target} is not a node of this cluster.`);
}

/** Operations on clustered roles. */
export const clusterOperations = {
  'cluster.addVm': sagaHandler<'cluster.addVm'>((saga, { vmId }) => {
    const vm = saga.vm(vmId);
    const { name } = vm;
    requireClusterable(saga, vm);
    saga.step(`Make "${name}" a clustered role.`, () => saga.steps.cluster.addVmRole(vmId));
    const role = saga.vm(vmId).clusterRole;
    if (!role) throw new OperationFailure('agent-error', `The cluster does not show a role of "${name}".`);
    return Promise.resolve({ vmId, role });
  }),
  'cluster.removeVm': sagaHandler<'cluster.removeVm'>((saga, { vmId }) => {
    const { name, clusterRole } = saga.vm(vmId);
    if (!clusterRole) throw new OperationFailure('wrong-state', `"${name}" is not a clustered role.`);
    saga.step(`Remove the clustered role of "${name}".`, () => saga.steps.cluster.removeVmRole(vmId));
    return Promise.resolve({ vmId });
  }),
  'cluster.moveVm': sagaHandler<'cluster.moveVm'>(async (saga, { vmId, targetHostId }) => {
    const vm = saga.vm(vmId);
    const { name } = vm;
    requireMovable(saga, vm, targetHostId);
    const target = targetHostId ?? bestNode(saga);
    const { name: targetName } = saga.engine.host(target);
    await saga.job(`Move "${name}" to ${targetName}.`, () => saga.steps.cluster.moveVmRole(vmId, target));
    if (!saga.engine.vm(target, vmId)) {
      throw new OperationFailure('agent-error', `"${name}" was moved, but ${targetName} does not list it.`);
    }
    return { vmId, hostId: target };
  }),
};
