import type { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { StubError } from './stub-error.ts';
import type { CimObject, CimValue } from './wql.ts';

type Files = ReturnType<HyperVEngine['steps']>['files'];

/** A disk as the host reads it: literally by this path. */
function readable(files: Files, lost: ReadonlySet<string>, path: string): ReturnType<Files['find']> {
  const file = files.find(path);
  if (!file?.disk || lost.has(path.toLowerCase()) || files.unreadableReason(path) !== null) return undefined;
  return file;
}

/** The disks of VMs that have lost their storage. */
function lostDisks(engine: HyperVEngine, hostId: string): ReadonlySet<string> {
  const critical = engine.vms(hostId).filter((vm) => vm.critical);
  return new Set(critical.flatMap(({ disks }) => disks.map(({ path }) => path.toLowerCase())));
}

/** A wildcard pattern of PowerShell (about_Wildcards): `*`, `?`, `[a-z]`, and a backtick before what is meant literally. */
export function wildcard(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? '';
    const end = pattern.indexOf(']', at);
    if (character === '`' && at + 1 < pattern.length) source += escaped(pattern[++at] ?? '');
    else if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (character === '[' && end > at + 1) {
      source += `[${pattern.slice(at + 1, end).replaceAll('\\', '\\\\')}]`;
      at = end;
    } else source += escaped(character);
  }
  return new RegExp(`^${source}$`, 'is');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Get-VHD: takes every path for a pattern, and says nothing of what it cannot read. */
export function diskFiles(engine: HyperVEngine, hostId: string, patterns: readonly string[]): CimObject[] {
  const { files } = engine.steps(hostId);
  const lost = lostDisks(engine, hostId);
  const stored = files.volumes().flatMap((volume) => [...volume.files.values()]);
  return patterns.flatMap((pattern) => {
    const matching = stored.filter(({ path }) => wildcard(pattern).test(path));
    return matching.flatMap(({ path }) => {
      const file = readable(files, lost, path);
      return file ? [diskRow(file)] : [];
    });
  });
}

/** A disk as Get-VHD shows it. */
function diskRow({ path, size, disk }: NonNullable<ReturnType<Files['find']>>): CimObject {
  return {
    Path: path,
    VhdFormat: disk?.format ?? null,
    VhdType: disk?.type ?? null,
    Size: disk?.virtualSize ?? null,
    FileSize: size,
    ParentPath: disk?.parentPath ?? '',
  };
}

function embedded(className: string, properties: CimObject): string {
  const xml = (text: string): string =>
    text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  const parts = Object.entries(properties).map(([name, value]) =>
    value === null
      ? `<PROPERTY NAME="${name}" TYPE="string"></PROPERTY>`
      : `<PROPERTY NAME="${name}" TYPE="${typeof value === 'number' ? 'uint64' : 'string'}"><VALUE>${xml(typeof value === 'string' ? value : JSON.stringify(value))}</VALUE></PROPERTY>`,
  );
  return `<INSTANCE CLASSNAME="${className}">${parts.join('')}</INSTANCE>`;
}

/** Msvm_VirtualHardDiskSettingData.Type and Format (their WMI page). */
const types = { Fixed: 2, Dynamic: 3, Differencing: 4 } as const;
const formats = { VHD: 2, VHDX: 3 } as const;

/** Msvm_ImageManagementService.GetVirtualHardDiskSettingData and GetVirtualHardDiskState; undefined for other methods. */
export function readDisk(
  engine: HyperVEngine,
  hostId: string,
  method: string,
  path: string,
  sent: (row: CimObject) => CimObject,
): CimObject | undefined {
  if (method !== 'GetVirtualHardDiskSettingData' && method !== 'GetVirtualHardDiskState') return undefined;
  const file = readable(engine.steps(hostId).files, lostDisks(engine, hostId), path);
  if (!file?.disk) throw new StubError(`The file or directory is corrupted, missing or in use: ${path}`);
  const { VhdFormat, VhdType, Size, FileSize, ParentPath } = sent(diskRow(file));
  if (method === 'GetVirtualHardDiskState') {
    return {
      ReturnValue: 0,
      Job: null,
      State: embedded('Msvm_VirtualHardDiskState', { FileSize: FileSize ?? null }),
    };
  }
  const numbered = (numbers: Readonly<Record<string, number>>, name: CimValue | undefined): CimValue =>
    (typeof name === 'string' ? numbers[name] : undefined) ?? name ?? null;
  const SettingData = embedded('Msvm_VirtualHardDiskSettingData', {
    Format: numbered(formats, VhdFormat),
    MaxInternalSize: Size ?? null,
    ParentPath: ParentPath ?? null,
    Path: file.path,
    Type: numbered(types, VhdType),
  });
  return { ReturnValue: 0, Job: null, SettingData };
}
