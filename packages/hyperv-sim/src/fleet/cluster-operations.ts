import type { VmFacts } from '@aether-v/types';
import { OperationFailure } from './operation-failure.ts';
import { sagaHandler, type Saga } from './saga.ts';
import { requireIdle } from './vm-condition.ts';

/** The id of the other cluster node with the most available memory. */
function bestNode({ engine, hostId }: Saga): string {
  const nodes = engine.cluster(hostId)?.nodes ?? [];
  const spare = (id: string): number => engine.usage(id).host.memoryAvailable;
  const [best] = nodes
    .map((node) => node.hostId)
    .filter((id) => id !== hostId)
    .sort((one, other) => spare(other) - spare(one));
  if (best === undefined) throw new OperationFailure('wrong-state', 'No other node of the cluster is up.');
  return best;
}

/** Refuses to make a VM a clustered role if another node could not run it. */
function requireClusterable(saga: Saga, vm: VmFacts): void {
  const { engine, hostId, steps } = saga;
  if (engine.host(hostId).clusterId === null) saga.refuse('wrong-state', 'This host is not a cluster node.');
  if (vm.clusterRole) saga.refuse('conflict', `"${vm.name}" is already a clustered role.`);
  for (const path of [vm.configurationPath, ...steps.vms.diskPaths(vm.vmId)]) {
    if (steps.files.volumeOf(path).kind === 'csv') continue;
    saga.refuse('wrong-state', `"${path}" is not on a shared volume: other nodes could not run the VM.`);
  }
  requireIdle(saga, vm);
}

/** Refuses to move a VM that cannot move to the target. Returns the id of the target. */
function requireMovable(saga: Saga, vm: VmFacts, target: string | null): string {
  const { engine, hostId } = saga;
  if (!vm.clusterRole) throw new OperationFailure('wrong-state', `"${vm.name}" is not a clustered role.`);
  const refuse = (why: string): void => saga.refuse('wrong-state', `"${vm.name}" ${why}.`);
  if (vm.critical) refuse('is critical: its storage is unreachable');
  requireIdle(saga, vm);
  if (target === null) return saga.need(saga.attempt(() => bestNode(saga)));
  if (target === hostId) refuse(`is already on ${target}`);
  const nodes = engine.cluster(hostId)?.nodes ?? [];
  if (target !== hostId && !nodes.some((node) => node.hostId === target)) {
    saga.refuse('not-found', `${target} is not a node of this cluster.`);
  }
  return target;
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
    const vm = saga.vm(vmId);
    const { name } = vm;
    if (!vm.clusterRole) saga.refuse('wrong-state', `"${name}" is not a clustered role.`);
    requireIdle(saga, vm);
    saga.step(`Remove the clustered role of "${name}".`, () => saga.steps.cluster.removeVmRole(vmId));
    return Promise.resolve({ vmId });
  }),
  'cluster.moveVm': sagaHandler<'cluster.moveVm'>(async (saga, { vmId, targetHostId }) => {
    const vm = saga.vm(vmId);
    const { name } = vm;
    const target = requireMovable(saga, vm, targetHostId);
    const targetName = saga.engine.cluster(saga.hostId)?.nodes.find(({ hostId }) => hostId === target)?.name;
    await saga.job(`Move "${name}" to ${targetName ?? target}.`, () =>
      saga.steps.cluster.moveVmRole(vmId, target),
    );
    if (!saga.engine.vm(target, vmId)) {
      throw new OperationFailure('agent-error', `"${name}" was moved, but ${target} does not list it.`);
    }
    return { vmId, hostId: target };
  }),
};
