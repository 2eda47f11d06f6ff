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

/** Operations on clustered roles. */
export const clusterOperations = {
  'cluster.addVm': sagaHandler<'cluster.addVm'>((saga, { vmId }) => {
    const { name } = saga.vm(vmId);
    saga.step(`Make "${name}" a clustered role.`, () => saga.steps.cluster.addVmRole(vmId));
    const role = saga.vm(vmId).clusterRole;
    if (!role) throw new OperationFailure('agent-error', `The cluster does not show a role of "${name}".`);
    return Promise.resolve({ vmId, role });
  }),
  'cluster.removeVm': sagaHandler<'cluster.removeVm'>((saga, { vmId }) => {
    const { name } = saga.vm(vmId);
    saga.step(`Remove the clustered role of "${name}".`, () => saga.steps.cluster.removeVmRole(vmId));
    return Promise.resolve({ vmId });
  }),
  'cluster.moveVm': sagaHandler<'cluster.moveVm'>(async (saga, { vmId, targetHostId }) => {
    const { name } = saga.vm(vmId);
    const target = targetHostId ?? bestNode(saga);
    const { name: targetName } = saga.engine.host(target);
    await saga.job(`Move "${name}" to ${targetName}.`, () => saga.steps.cluster.moveVmRole(vmId, target));
    if (!saga.engine.vm(target, vmId)) {
      throw new OperationFailure('agent-error', `"${name}" was moved, but ${targetName} does not show it.`);
    }
    return { vmId, hostId: target };
  }),
};
