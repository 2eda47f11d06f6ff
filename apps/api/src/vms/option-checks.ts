import {
  isLiveMemoryChange,
  vmUpdateRules,
  type Vm,
  type VmChanges,
  type VmUpdateField,
} from '@aether-v/types';
import type { FleetView } from '../inventory/fleet-view.ts';
import { ProblemError, validationFailed } from '../problems/problem-error.ts';
import type { VmCommandOrder } from './vm-command-order.ts';

/** The parts of VMs that commands name in their address. */
const parts = {
  diskId: { noun: 'disk', idsOf: (vm: Readonly<Vm>) => vm.disks },
  adapterId: { noun: 'network adapter', idsOf: (vm: Readonly<Vm>) => vm.networkAdapters },
  checkpointId: { noun: 'checkpoint', idsOf: (vm: Readonly<Vm>) => vm.checkpoints },
} as const;

/** Checks that the VM has the disk, adapter or checkpoint that a command names. @throws ProblemError `not-found` */
export function assertPartExists({ options }: Pick<VmCommandOrder, 'options'>, vm: Readonly<Vm>): void {
  const named = options as Readonly<Record<string, unknown>>;
  for (const [field, { noun, idsOf }] of Object.entries(parts)) {
    const id = named[field];
    if (typeof id !== 'string' || idsOf(vm).some((part) => part.id === id)) continue;
    throw new ProblemError('not-found', `${vm.name} has no ${noun} with the id ${id}.`);
  }
}

/** Returns the reasons why the service refuses the options of a command; the host checks further conditions. */
export function optionRefusals(order: VmCommandOrder, vm: Readonly<Vm>, view: FleetView): ProblemError[] {
  switch (order.command) {
    case 'vm.update':
      return updateRefusals(order.options.changes, vm);
    case 'vm.move':
      return moveRefusals(order.options.targetHostId, vm, view);
    case 'vm.addClusterRole':
      return roleRefusals(vm);
    case 'vm.removeClusterRole':
      return vm.clusterRole === null ? [notClustered(vm)] : [];
    default:
      return [];
  }
}

function updateRefusals(changes: VmChanges, vm: Readonly<Vm>): ProblemError[] {
  if (vm.state === 'Off') return [];
  const fields = (Object.keys(changes) as VmUpdateField[]).filter((field) => needsOff(field, changes, vm));
  if (fields.length === 0) return [];
  const { name, state } = vm;
  const detail = `${name} is ${state}: it must be off to change ${fields.join(', ')}. Shut it down first, or change only the other settings.`;
  return [new ProblemError('wrong-state', detail, { state })];
}

/** Excludes settings that already have the requested value. Only the host compares values that need a conversion. */
function needsOff(field: VmUpdateField, changes: VmChanges, vm: Readonly<Vm>): boolean {
  if (!vmUpdateRules[field].needsOff) return false;
  if (field === 'memory')
    return (
      changes.memory !== undefined &&
      !isLiveMemoryChange(vm.memory, changes.memory) &&
      isOtherMemory(changes.memory, vm)
    );
  if (field === 'processors' || field === 'automaticStopAction') return changes[field] !== vm[field];
  return false;
}

function isOtherMemory(wanted: NonNullable<VmChanges['memory']>, { memory }: Readonly<Vm>): boolean {
  if (wanted.dynamic !== memory.dynamic || wanted.startup !== memory.startup) return true;
  if (!wanted.dynamic) return false;
  return (
    wanted.minimum !== memory.minimum ||
    wanted.maximum !== memory.maximum ||
    wanted.bufferPercent !== memory.bufferPercent
  );
}

function moveRefusals(targetHostId: string | null, vm: Readonly<Vm>, view: FleetView): ProblemError[] {
  const { clusterRole, clusterId, hostId, name, hostName } = vm;
  if (clusterRole === null || clusterId === null) return [notClustered(vm)];
  if (targetHostId === null) return [];
  const nodes = view.rows('host').filter((host) => host.clusterId === clusterId);
  const target = nodes.find(({ id }) => id === targetHostId);
  if (target === undefined) {
    const names = nodes.map(({ id }) => id).join(', ');
    const message = `is not the id of a node of ${vm.clusterName ?? 'its cluster'}. Nodes: ${names}`;
    return [validationFailed([{ field: 'targetHostId', message }])];
  }
  if (target.id === hostId) {
    return [new ProblemError('wrong-state', `${name} is already on ${hostName}.`, { state: vm.state })];
  }
  if (target.connection.state === 'connected') return [];
  const why = target.connection.error?.message ?? 'It has not responded yet.';
  return [new ProblemError('wrong-state', `The target ${target.name} is unreachable. ${why}`)];
}

function roleRefusals(vm: Readonly<Vm>): ProblemError[] {
  const { name, hostName, state } = vm;
  if (vm.clusterRole !== null) {
    return [new ProblemError('conflict', `${name} is already a clustered role.`)];
  }
  if (vm.clusterId !== null) return [];
  return [new ProblemError('wrong-state', `${hostName} is not a node of a cluster.`, { state })];
}

function notClustered({ name, state }: Readonly<Vm>): ProblemError {
  return new ProblemError('wrong-state', `${name} is not a clustered role.`, { state });
}
