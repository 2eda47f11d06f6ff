import type { VmEditableSettings, VmFacts } from '@aether-v/types';

/** The settings of a VM that `vm.update` changes, as a caller has seen them. */
export function settingsOf(vm: VmFacts): VmEditableSettings {
  const { name, processors, memory, secureBoot, bootOrder, notes, checkpointType } = vm;
  const { automaticStartAction, automaticStartDelaySeconds, automaticStopAction } = vm;
  const actions = { automaticStartAction, automaticStartDelaySeconds, automaticStopAction };
  return { name, processors, memory, secureBoot, bootOrder, notes, checkpointType, ...actions };
}
