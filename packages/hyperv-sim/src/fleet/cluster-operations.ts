import type { VmFacts } from '@aether-v/types';
import { OperationFailure } from './operation-failure.ts';
import { sagaHandler, type Saga } from './saga.ts';

/** The other node of the cluster with most memory to spare. */
function bestNode({ engine, hostId }: Saga): string {
  const nodes = engine.cluster(hostId)?.nodes ?? [];
  const spare = (id: string): number => engine.usage(id).host.memoryAvailable;
  const [best] = nodes
    .map((node) => node.hostId)
    .filter((id) => id !== hostId)
    .sort((one, other) => spare(other) - spare(one));
  if (best === undefined) throw new OperationFailure('wrong-state', 'There is no other node to move it to.');
  return best;
}

/** Refuses what cannot become a role: another node could not run it. */
function requireClusterable({ engine, hostId, steps }: Saga, vm: VmFacts): void {
  if (engine.host(hostId).clusterId === null) {
    throw new OperationFailure('wrong-state', 'This host is no node of a cluster.');
  }
  if (vm.clusterRole) throw new OperationFailure('conflict', `"${vm.name}" is a clustered role already.`);
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

/** Refuses what cannot be moved there. */
function requireMovable({ engine, hostId }: Saga, vm: VmFacts, target: string | null): void {
  const cannot = (why: string): OperationFailure =>
    new OperationFailure('wrong-state', `"${vm.name}" ${why}.`);
  if (!vm.clusterRole) throw cannot('is no clustered role');
  if (vm.critical) throw cannot('is critical: its storage is lost');
  if (vm.activity) throw cannot(`is busy (${vm.activity.kind})`);
  if (target === null) return;
  if (target === hostId) throw cannot(`is on ${target} already`);
  const nodes = engine.cluster(hostId)?.nodes ?? [];
  if (nodes.some((node) => node.hostId === target)) return;
  throw new OperationFailure('not-found', `${target} is no node of this cluster.`);
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
    if (!clusterRole) throw new OperationFailure('wrong-state', `"${name}" is no clustered role.`);
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
      throw new OperationFailure('agent-error', `"${name}" was moved, but ${targetName} does not show it.`);
    }
    return { vmId, hostId: target };
  }),
};
