import {
  DisplayName,
  DriveId,
  FilePath,
  Guid,
  HostId,
  maxVmNameLength,
  OperationId,
  Timestamp,
  UnicastMac,
  VersionText,
  VmId,
  VmName,
} from '@aether-v/types';
import type { TSchema } from 'typebox';

const rules: readonly (readonly [TSchema, string])[] = [
  [Guid, 'must be a GUID in lower case, such as 0a1b2c3d-0000-4000-8000-00000000000f'],
  [
    VmId,
    'must be the id of a VM: a GUID in lower case; for a replica or copy followed by @ and the id of its host',
  ],
  [HostId, 'must be a host id: lower-case letters, digits, dots and hyphens'],
  [OperationId, 'must be the id of a job: a UUID in lower case'],
  [Timestamp, 'must be a time in UTC, such as 2026-11-30T21:00:00Z'],
  [VersionText, 'must be a fleet version, as responses state it'],
  [DriveId, 'must be the slot of a drive, such as scsi-0-1'],
  [
    UnicastMac,
    'must be the MAC address of one adapter: 12 hexadecimal digits in upper case without separators, such as 00155D012A03',
  ],
  [
    VmName,
    `must have 1 to ${maxVmNameLength} characters that Windows allows in file names, without brackets, and without a dot or space at the ends`,
  ],
  [DisplayName, 'must have 1 to 100 visible characters, without spaces at the ends'],
  [FilePath, 'must be the full path of a file on a drive of the host, such as D:\\VMs\\web01.vhdx'],
];

const words = new Map(
  rules.map(([schema, rule]) => [(schema as { readonly pattern?: unknown }).pattern, rule]),
);

/** Returns the format that a pattern requires, in words; undefined for a pattern without any. */
export function patternWords(pattern: string): string | undefined {
  return words.get(pattern);
}
