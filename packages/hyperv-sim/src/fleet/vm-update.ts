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
import { requireIdle } from './vm-condition.ts';
import { memoryOf, requireFreeName, requireProcessors, secureBootOf } from './vm-settings.ts';

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

/** Refuses the change if the VM has other settings than the caller has seen. */
function requireUnchanged(saga: Saga, vm: VmFacts, expected: Partial<Settings> | undefined): void {
  const changed = expected ? differencesOf(vm, expected) : [];
  if (changed.length === 0) return;
  saga.refuse(
    'conflict',
    `The settings of "${vm.name}" have changed since they were read: ${changed.join(', ')}. Nothing was changed.`,
    'Read the VM again, then repeat the change.',
  );
}

/** Refuses before the first change everything that would fail later. */
function check(saga: Saga, vm: VmFacts, wanted: Partial<Settings>, fields: readonly VmUpdateField[]): void {
  const problem = wanted.memory && memoryProblem(wanted.memory);
  if (problem) saga.refuse('bad-request', problem);
  if (fields.includes('name')) requireFreeName(saga, wanted.name ?? '', vm.vmId);
  requireIdle(saga, vm);
  if (fields.includes('processors')) requireProcessors(saga, wanted.processors ?? 1);
  if (vm.bootOrder === null && (fields.includes('secureBoot') || fields.includes('bootOrder'))) {
    saga.refuse(
      'not-supported',
      `"${vm.name}" is a generation 1 VM, which has neither secure boot nor a firmware boot order.`,
    );
  }
  for (const id of wanted.bootOrder ?? []) {
    if (!vm.bootOrder?.includes(id)) saga.refuse('not-found', `"${vm.name}" has no device ${id}.`);
  }
  const live = (field: VmUpdateField): boolean =>
    !vmUpdateRules[field].needsOff ||
    (field === 'memory' && wanted.memory !== undefined && isLiveMemoryChange(vm.memory, wanted.memory));
  const needOff = fields.filter((field) => !live(field));
  if (vm.state !== 'Off' && needOff.length > 0) {
    saga.refuse(
      'wrong-state',
      `"${vm.name}" is ${vm.state}: it must be off to change ${needOff.join(', ')}. Nothing was changed.`,
      'Shut the VM down first, or change only the other settings.',
    );
  }
}

/** Runs `vm.update`: sets the settings that differ, all or none. */
export function updateVm(
  saga: Saga,
  { vmId, changes, expected }: OperationRequest<'vm.update'>,
): Promise<OperationResult<'vm.update'>> {
  const before = saga.vm(vmId);
  requireUnchanged(saga, before, expected);
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
