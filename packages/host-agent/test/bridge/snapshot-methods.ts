import type { EngineJob, HostSteps } from '@aether-v/hyperv-sim/engine';
import type { VmFacts } from '@aether-v/types';
import { StubError } from './stub-error.ts';

type Arguments = Readonly<Record<string, unknown>>;

function given(parameters: Arguments, name: string, property: string): string {
  const value = (parameters[name] as Arguments | null | undefined)?.[property];
  if (typeof value !== 'string') throw new StubError(`${name} is no reference.`, { nativeErrorCode: 4 });
  return value.toLowerCase();
}

/** Methods of Msvm_VirtualSystemSnapshotService; each begins a job. */
export function snapshotMethod(
  checkpoints: HostSteps['checkpoints'],
  vms: readonly VmFacts[],
  method: string,
  parameters: Arguments,
): EngineJob {
  const target = (name: string): readonly [string, string] => {
    const id = given(parameters, name, 'InstanceID').slice('microsoft:'.length);
    const owner = vms.find((vm) => vm.checkpoints.some((one) => one.id === id));
    if (!owner) throw new StubError('There is no such checkpoint.', { nativeErrorCode: 6 });
    return [owner.vmId, id];
  };
  switch (method) {
    case 'CreateSnapshot':
      return checkpoints.checkpointVm(given(parameters, 'AffectedSystem', 'Name'), null);
    case 'ApplySnapshot':
      return checkpoints.restoreSnapshot(...target('Snapshot'));
    case 'DestroySnapshot':
      return checkpoints.removeSnapshot(...target('AffectedSnapshot'), false);
    case 'DestroySnapshotTree':
      return checkpoints.removeSnapshot(...target('SnapshotSettingData'), true);
    default:
      throw new StubError('Invalid method', { nativeErrorCode: 17 });
  }
}
