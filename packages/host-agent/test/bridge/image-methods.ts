import type { EngineJob, HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { StubError } from './stub-error.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** A property of an embedded instance (DSP0201). */
function property(xml: string, name: string): string {
  const found = new RegExp(
    `<PROPERTY NAME="${name}" TYPE="[a-z0-9]+"><VALUE>([^<]*)</VALUE></PROPERTY>`,
  ).exec(xml);
  if (!found) throw new StubError(`The setting data has no ${name}.`);
  return (found[1] ?? '').replace(
    /&(lt|gt|quot|apos|amp);/g,
    (_, entity: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[entity] ?? '',
  );
}

/** Methods of Msvm_ImageManagementService; each begins a job. */
export function imageMethod(
  engine: HyperVEngine,
  hostId: string,
  method: string,
  given: Arguments,
): EngineJob {
  const { files } = engine.steps(hostId);
  const setting = typeof given['VirtualDiskSettingData'] === 'string' ? given['VirtualDiskSettingData'] : '';
  switch (method) {
    case 'CreateVirtualHardDisk':
      return files.newVhd({
        path: property(setting, 'Path'),
        type: property(setting, 'Type') === '2' ? 'Fixed' : 'Dynamic',
        sizeBytes: Number(property(setting, 'MaxInternalSize')),
      });
    case 'ConvertVirtualHardDisk':
      // Mandatory here by the method's page, with 0 for the default.
      for (const name of ['BlockSize', 'LogicalSectorSize']) property(setting, name);
      return files.copyFile(given['SourcePath'] as string, property(setting, 'Path'));
    case 'ResizeVirtualHardDisk':
      return files.resizeVhd(given['Path'] as string, given['MaxInternalSize'] as number);
    default:
      throw new StubError('Invalid method', { nativeErrorCode: 17 });
  }
}
