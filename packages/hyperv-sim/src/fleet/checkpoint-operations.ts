import type { OperationRequest, OperationResult, VmCheckpoint, VmFacts } from '@aether-v/types';
import { requireMergeable } from './file-fate.ts';
import type { LineBody } from './json-line.ts';
import type { OperationContext } from './operation-context.ts';
import { OperationFailure } from './operation-failure.ts';
import { sagaHandler, type Saga } from './saga.ts';
import { requireIdle, requireRest } from './vm-condition.ts';

function checkpointOf(saga: Saga, vmId: string, id: string): VmCheckpoint {
  const { name, checkpoints } = saga.vm(vmId);
  const checkpoint = checkpoints.find((one) => one.id === id);
  if (!checkpoint) throw new OperationFailure('not-found', `"${name}" has no checkpoint ${id}.`);
  return checkpoint;
}

/** Maximum number of checkpoints of a VM. */
const mostCheckpoints = 50;

/** Refuses a checkpoint that Hyper-V does not take of this VM. */
function requireCheckpointable(saga: Saga, vm: VmFacts): void {
  const refuse = (why: string): void =>
    saga.refuse('wrong-state', `"${vm.name}" cannot have a checkpoint: ${why}.`);
  const { critical, checkpointType, checkpoints, disks, state } = vm;
  requireIdle(saga, vm);
  if (critical) refuse('its storage is unreachable');
  if (checkpointType === 'Disabled') refuse('checkpoints are disabled for it');
  if (checkpoints.length >= mostCheckpoints) refuse(`it already has ${mostCheckpoints}`);
  if (disks.some(({ shared }) => shared)) refuse('it has shared disks');
  if (disks.some(({ type }) => type === 'PassThrough')) refuse('it has physical disks');
  const vss = vm.integrationServices.find(({ kind }) => kind === 'Vss')?.status;
  if (checkpointType === 'ProductionOnly' && state === 'Running' && vss !== 'Ok' && vss !== 'Degraded') {
    refuse('its guest does not respond, and its checkpoint type requires that');
  }
}

/** The ids of a checkpoint and all its descendants. */
function subtreeOf(checkpoints: readonly VmCheckpoint[], id: string): string[] {
  const children = checkpoints.filter(({ parentId }) => parentId === id);
  return [id, ...children.flatMap((child) => subtreeOf(checkpoints, child.id))];
}

/** `checkpoint.list`: the tree, parents before their children. */
// eslint-disable-next-line require-yield -- it streams nothing, and has the shape of those that do
function* listCheckpoints(
  { engine, hostId }: OperationContext,
  { vmId }: OperationRequest<'checkpoint.list'>,
): Generator<LineBody, OperationResult<'checkpoint.list'>> {
  const vm = engine.vm(hostId, vmId);
  if (!vm) throw new OperationFailure('not-found', `This host has no VM ${vmId}.`);
  const sizes = engine.steps(hostId).checkpoints.sizes(vmId);
  const roots = vm.checkpoints.filter(({ parentId }) => parentId === null);
  const ids = roots.flatMap(({ id }) => subtreeOf(vm.checkpoints, id));
  return {
    vmId,
    checkpoints: ids.flatMap((id) => {
      const checkpoint = vm.checkpoints.find((one) => one.id === id);
      return checkpoint ? [{ ...checkpoint, size: vm.critical ? null : (sizes.get(id) ?? null) }] : [];
    }),
  };
}

/** Operations on checkpoints. */
export const checkpointOperations = {
  'checkpoint.list': listCheckpoints,
  'checkpoint.create': sagaHandler<'checkpoint.create'>(async (saga, { vmId, name }) => {
    const vm = saga.vm(vmId);
    requireCheckpointable(saga, vm);
    await saga.job(`Take a checkpoint of "${vm.name}".`, () =>
      saga.steps.checkpoints.checkpointVm(vmId, name),
    );
    const checkpoint = saga.vm(vmId).checkpoints.find(({ current }) => current);
    if (!checkpoint || vm.checkpoints.some(({ id }) => id === checkpoint.id)) {
      throw new OperationFailure('agent-error', 'Hyper-V created the checkpoint but does not list it.');
    }
    return { vmId, checkpoint };
  }),
  'checkpoint.apply': sagaHandler<'checkpoint.apply'>(async (saga, { vmId, checkpointId, force }) => {
    const { name } = saga.vm(vmId);
    const checkpoint = checkpointOf(saga, vmId, checkpointId);
    requireIdle(saga, saga.vm(vmId));
    const rests = requireRest(saga, saga.vm(vmId), force, 'apply a checkpoint');
    saga.plan(3);
    if (!rests) await saga.job('Turn the VM off.', () => saga.engine.power(saga.hostId, vmId, 'stop'));
    await saga.job(`Apply the checkpoint "${checkpoint.name}".`, () =>
      saga.steps.checkpoints.restoreSnapshot(vmId, checkpointId),
    );
    await saga.settle(vmId, 'Waiting for the disks of the VM to be merged.');
    const vm = saga.vm(vmId);
    if (!vm.checkpoints.some(({ id, current }) => id === checkpointId && current)) {
      throw new OperationFailure(
        'agent-error',
        `"${name}" was restored, but the checkpoint is not its current one.`,
      );
    }
    return { vmId, state: vm.state };
  }),
  'checkpoint.rename': sagaHandler<'checkpoint.rename'>((saga, { vmId, checkpointId, name }) => {
    checkpointOf(saga, vmId, checkpointId);
    saga.step(`Rename the checkpoint to "${name}".`, () =>
      saga.steps.checkpoints.renameSnapshot(vmId, checkpointId, name),
    );
    return Promise.resolve({ vmId, checkpoint: checkpointOf(saga, vmId, checkpointId) });
  }),
  'checkpoint.delete': sagaHandler<'checkpoint.delete'>(async (saga, request) => {
    const { vmId, checkpointId, subtree } = request;
    const { name } = checkpointOf(saga, vmId, checkpointId);
    requireIdle(saga, saga.vm(vmId));
    requireMergeable(saga, saga.vm(vmId), request);
    const before = saga.vm(vmId).checkpoints;
    const deleted = subtree ? subtreeOf(before, checkpointId) : [checkpointId];
    saga.plan(2);
    await saga.job(`Delete the checkpoint "${name}".`, () =>
      saga.steps.checkpoints.removeSnapshot(vmId, checkpointId, subtree),
    );
    saga.commit();
    await saga.settle(vmId, 'Waiting for the disks of the VM to be merged.');
    const left = saga.vm(vmId).checkpoints.filter(({ id }) => deleted.includes(id));
    if (left.length > 0)
      throw new OperationFailure('agent-error', 'Hyper-V deleted the checkpoints but still lists them.');
    return { vmId, deleted };
  }),
};
