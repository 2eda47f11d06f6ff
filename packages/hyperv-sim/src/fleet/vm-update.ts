import {
  isLiveMemoryChange,
  memoryProblem,
  vmUpdateRules,
  type OperationRequest,
  type OperationResult,
  type VmChanges,
  type VmFacts,
  type VmUpdateField,
} from '@aether-v/types';
import { isDeepStrictEqual } from 'node:util';
import type { HostSteps } from '../engine/index.ts';
import { OperationFailure } from './operation-failure.ts';
import type { Saga } from './saga.ts';
import { memoryOf, secureBootOf } from './vm-settings.ts';

/** The settings of a VM in the form that Hyper-V's steps take. */
type Settings = Pick<VmFacts, VmUpdateField>;

/** Returns the requested settings in the form of the VM facts. */
function wantedOf({ memory, secureBoot, ...plain }: VmChanges, vm: VmFacts): Partial<Settings> {
  return {
    ...plain,
    ...(memory && { memory: memoryOf(memory) }),
    ...(secureBoot && { secureBoot: secureBootOf(secureBoot, vm.secureBoot) }),
    ...(plain.bootOrder && {
      bootOrder: [...new Set([...plain.bootOrder, ...(vm.bootOrder ?? [])])],
    }),
  };
}

type Apply = (vms: HostSteps['vms'], vmId: string, settings: Settings) => void;

/** The step that sets each setting. */
const apply = {
  name: (vms, vmId, { name }) => vms.renameVm(vmId, name),
  notes: (vms, vmId, { notes }) => vms.setVm(vmId, { notes }),
  checkpointType: (vms, vmId, { checkpointType }) => vms.setVm(vmId, { checkpointType }),
  automaticStartAction: (vms, vmId, { automaticStartAction }) => vms.setVm(vmId, { automaticStartAction }),
  automaticStartDelaySeconds: (vms, vmId, { automaticStartDelaySeconds }) =>
    vms.setVm(vmId, { automaticStartDelaySeconds }),
  automaticStopAction: (vms, vmId, { automaticStopAction }) => vms.setVm(vmId, { automaticStopAction }),
  processors: (vms, vmId, { processors }) => vms.setVmProcessor(vmId, processors),
  memory: (vms, vmId, { memory }) => vms.setVmMemory(vmId, memory),
  secureBoot: (vms, vmId, { secureBoot }) => vms.setVmFirmware(vmId, { secureBoot }),
  bootOrder: (vms, vmId, { bootOrder }) => vms.setVmFirmware(vmId, { bootOrder }),
} as const satisfies Record<VmUpdateField, Apply>;

function isField(name: string): name is VmUpdateField {
  return Object.hasOwn(vmUpdateRules, name);
}

/** Returns the settings that differ. */
function differencesOf(vm: VmFacts, wanted: Partial<Settings>): VmUpdateField[] {
  return Object.keys(vmUpdateRules)
    .filter(isField)
    .filter((field) => field in wanted)
    .filter((field) => !isDeepStrictEqual(wanted[field], vm[field]));
}

/** Checks before the first change everything that would fail later. */
function check(saga: Saga, vm: VmFacts, wanted: Partial<Settings>, fields: readonly VmUpdateField[]): void {
  const problem = wanted.memory && memoryProblem(wanted.memory);
  if (problem) throw new OperationFailure('bad-request', problem);
  const { name } = wanted;
  const others = saga.steps.vms.list().filter(({ vmId }) => vmId !== vm.vmId);
  if (fields.includes('name') && others.some((one) => one.name.toLowerCase() === name?.toLowerCase())) {
    throw new OperationFailure(
      'conflict',
      `This host already has a VM named "${name ?? ''}".`,
      'Choose another name.',
    );
  }
  if (vm.activity) throw new OperationFailure('wrong-state', `"${vm.name}" is busy (${vm.activity.kind}).`);
  const { logicalProcessors } = saga.engine.host(saga.hostId);
  if (fields.includes('processors') && (wanted.processors ?? 1) > logicalProcessors) {
    throw new OperationFailure(
      'not-supported',
      `This host has ${logicalProcessors} logical processors, but ${wanted.processors ?? 1} were requested.`,
    );
  }
  if (vm.bootOrder === null && (fields.includes('secureBoot') || fields.includes('bootOrder'))) {
    throw new OperationFailure(
      'not-supported',
      `"${vm.name}" is a generation 1 VM, which has neither secure boot nor a firmware boot order.`,
    );
  }
  const unknown = wanted.bootOrder?.find((id) => !vm.bootOrder?.includes(id));
  if (unknown !== undefined)
    throw new OperationFailure('not-found', `"${vm.name}" has no device ${unknown}.`);
  const live = (field: VmUpdateField): boolean =>
    !vmUpdateRules[field].needsOff ||
    (field === 'memory' && wanted.memory !== undefined && isLiveMemoryChange(vm.memory, wanted.memory));
  const needOff = fields.filter((field) => !live(field));
  if (vm.state !== 'Off' && needOff.length > 0) {
    throw new OperationFailure(
      'wrong-state',
      `"${vm.name}" is ${vm.state}: it must be off to change ${needOff.join(', ')}. Nothing was changed.`,
      'Shut the VM down first, or change only the other settings.',
    );
  }
}

/** Runs `vm.update`: sets the settings that differ, all or none. */
export function updateVm(
  saga: Saga,
  { vmId, changes }: OperationRequest<'vm.update'>,
): Promise<OperationResult<'vm.update'>> {
  const before = saga.vm(vmId);
  const wanted = wantedOf(changes, before);
  const fields = differencesOf(before, wanted);
  check(saga, before, wanted, fields);
  saga.plan(fields.length);
  const { vms } = saga.steps;
  for (const field of fields) {
    saga.step(
      `Set ${field}.`,
      () => apply[field](vms, vmId, { ...before, ...wanted }),
      () => apply[field](vms, vmId, before),
    );
  }
  const vm = saga.vm(vmId);
  const wrong = differencesOf(vm, wanted);
  if (wrong.length > 0) {
    throw new OperationFailure(
      'agent-error',
      `Hyper-V accepted the change of ${wrong.join(', ')}, but reports another value.`,
    );
  }
  return Promise.resolve({ vm, applied: fields });
}
