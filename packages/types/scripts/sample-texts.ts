import type { TSchema } from 'typebox';
import {
  DisplayName,
  DriveId,
  Envelope,
  FilePath,
  Guid,
  HostId,
  JournalNote,
  OperationId,
  RequestFingerprint,
  Timestamp,
  UnicastMac,
  VmId,
  VmName,
} from '../src/index.ts';

/** A text, and whether a pattern accepts it. */
export interface SampleText {
  readonly why: string;
  readonly value: string;
  readonly fits: boolean;
}

type Sample = readonly [why: string, value: string];

const guid = '8f14e45f-ceea-467f-a9c5-0f1b2c3d4e5f';
const uuid5 = '5f8a5f0c-6c5b-5d8e-9c3f-2b1d0e4a7c69';
const uuid7 = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A case that no pattern accepts: it detects validators that treat `$` as "before a final line end". */
const lineEnd = (text: string): Sample => ['a line end behind it', `${text}\n`];

const namesThatClimb: readonly Sample[] = [
  ['empty', ''],
  ['the folder itself', '.'],
  ['the folder above', '..'],
  ['a way up', '..\\x'],
  ['a slash', 'a/b'],
  ['a stream', 'a:b'],
  ['a wildcard', 'a*'],
  ['brackets, which -Path takes for wildcards', 'a[1]'],
  ['a dot at the end', 'a.'],
  ['a space at the end', 'a '],
  ['a space at the beginning', ' a'],
  ['a device', 'nul'],
  ['a device with an extension', 'Com1.vhdx'],
  ['a device with a space', 'CON .x'],
  ['a device with a superscript digit', 'LPT\u00B2'],
  ['a tab', 'a\tb'],
  ['a zero', 'a\u0000b'],
  ['a right-to-left mark', 'a\u202Eb'],
  ['a zero-width space', 'a\u200Bb'],
  ['a byte-order mark', '\uFEFFa'],
  ['a no-break space', 'a\u00A0b'],
  ['a character beyond the Basic Multilingual Plane', 'a\u{1F5A5}'],
  ['half a surrogate pair', 'a\uD83Db'],
];

function patternOf(schema: TSchema): string {
  const { pattern } = schema as { readonly pattern?: string };
  if (pattern === undefined) throw new Error('It has no pattern.');
  return pattern;
}

const samples: Readonly<
  Record<string, { readonly good: readonly [Sample, ...Sample[]]; readonly bad: readonly Sample[] }>
> = {
  [patternOf(Guid)]: {
    good: [['a GUID', guid]],
    bad: [
      ['upper case', guid.toUpperCase()],
      ['braces', `{${guid}}`],
      ['one digit less', guid.slice(1)],
      lineEnd(guid),
    ],
  },
  [patternOf(OperationId)]: {
    good: [
      ['a UUIDv7', uuid7],
      ['a UUIDv5', uuid5],
    ],
    bad: [['a UUIDv4', guid], ['other digits', uuid7.replaceAll('0', '\u0660')], lineEnd(uuid7)],
  },
  [patternOf(Timestamp)]: {
    good: [
      ['a moment', '2026-01-01T00:00:00Z'],
      ['seven digits of a second', '2026-01-01T00:00:00.1234567Z'],
    ],
    bad: [
      ['another zone', '2026-01-01T00:00:00+01:00'],
      ['a day', '2026-01-01'],
      ['other digits', '\u0662026-01-01T00:00:00Z'],
      lineEnd('2026-01-01T00:00:00Z'),
    ],
  },
  [patternOf(HostId)]: {
    good: [
      ['a name', 'hv-01'],
      ['a full name', 'hv-01.corp.example.com'],
    ],
    bad: [
      ['upper case', 'HV-01'],
      ['a hyphen at the end', 'hv-'],
      ['a path', 'hv\\x'],
      ['empty', ''],
      lineEnd('hv-01'),
    ],
  },
  [patternOf(VmId)]: {
    good: [
      ['a GUID', guid],
      ['a GUID at a host', `${guid}@hv-01.example.org`],
    ],
    bad: [
      ['upper case', guid.toUpperCase()],
      ['no host', `${guid}@`],
      ['another separator', `${guid}#hv-01`],
      lineEnd(guid),
    ],
  },
  [patternOf(DriveId)]: {
    good: [
      ['a SCSI slot', 'scsi-0-0'],
      ['the last SCSI slot', 'scsi-3-63'],
      ['an IDE slot', 'ide-1-1'],
    ],
    bad: [
      ['another controller', 'nvme-0-0'],
      ['upper case', 'SCSI-0-0'],
      ['no location', 'scsi-0'],
      ['other digits', 'scsi-0-\u0661'],
      lineEnd('scsi-0-0'),
    ],
  },
  [patternOf(UnicastMac)]: {
    good: [['an address', '00155D01020A']],
    bad: [
      ['lower case', '00155d01020a'],
      ['a group address', '01155D01020A'],
      ['all zeros', '000000000000'],
      ['colons', '00:15:5D:01:02:0A'],
      lineEnd('00155D01020A'),
    ],
  },
  [patternOf(VmName)]: {
    good: [
      ['a name', 'APP-WEB-01'],
      ['one letter', 'a'],
      ['spaces, dots and signs inside', "Web 1.2 (test) {a} #1, $x; it's 100% @home"],
      ['the longest', 'n'.repeat(64)],
      ['letters of the world', 'B\u00FCro-\u6771\u4EAC-\u0416'],
      ['a device within a longer name', 'CON1'],
    ],
    bad: [...namesThatClimb, ['too long', 'n'.repeat(65)], lineEnd('a')],
  },
  [patternOf(DisplayName)]: {
    good: [
      ['a name', 'Before update'],
      ['one letter', 'a'],
      ['what Hyper-V writes', 'SRV - (1/14/2026 - 9:30:00 AM)'],
      ['the longest', 'n'.repeat(100)],
    ],
    bad: [
      ['empty', ''],
      ['a space at the end', 'a '],
      ['a space at the beginning', ' a'],
      ['a tab', 'a\tb'],
      ['a right-to-left mark', 'a\u202Eb'],
      ['half a surrogate pair', 'a\uD83Db'],
      ['too long', 'n'.repeat(101)],
      lineEnd('a'),
    ],
  },
  [patternOf(FilePath)]: {
    good: [
      ['a path', 'C:\\ClusterStorage\\Volume1\\SRV\\Virtual Hard Disks\\SRV.vhdx'],
      ['a file in the root', 'd:\\a'],
    ],
    bad: [
      ['a relative path', 'a\\b.vhdx'],
      ['a path on its drive', 'C:a.vhdx'],
      ['a share', '\\\\server\\share\\a.vhdx'],
      ['a device path', '\\\\?\\C:\\a.vhdx'],
      ['a way up', 'C:\\a\\..\\b.vhdx'],
      ['slashes', 'C:/a/b.vhdx'],
      ['two separators', 'C:\\a\\\\b.vhdx'],
      ['a separator at the end', 'C:\\a\\'],
      ['a stream', 'C:\\a.vhdx:b'],
      ['a dot at the end of a folder', 'C:\\a.\\b'],
      ['a device', 'C:\\a\\nul\\b'],
      ['a device as a file', 'C:\\a\\COM1.vhdx'],
      ['a right-to-left mark', 'C:\\a\u202Eb'],
      lineEnd('C:\\a'),
    ],
  },
  [patternOf(RequestFingerprint)]: {
    good: [['a SHA-256', '0123456789abcdef'.repeat(4)]],
    bad: [
      ['capitals', '0123456789ABCDEF'.repeat(4)],
      ['one digit less', 'a'.repeat(63)],
      ['one digit more', 'a'.repeat(65)],
      ['a letter beyond f', 'g'.repeat(64)],
      ['empty', ''],
      lineEnd('a'.repeat(64)),
    ],
  },
  [patternOf(JournalNote.properties.text)]: {
    good: [
      ['JSON', '{"name":"\\u00e9 \\"x\\""}'],
      ['empty', ''],
    ],
    bad: [['a letter beyond ASCII', '\u00e9'], ['a tab', '\t'], lineEnd('{}')],
  },
  [patternOf(Envelope.properties.op)]: {
    good: [
      ['an operation', 'vm.start'],
      ['one word', 'watch'],
      ['capitals inside', 'cluster.addVm'],
    ],
    bad: [
      ['a capital at the beginning', 'Vm.start'],
      ['a semicolon', 'vm.start;x'],
      ['a dot at the end', 'vm.'],
      ['empty', ''],
      lineEnd('vm.start'),
    ],
  },
};

/** Returns samples of a pattern; the first one matches. Every pattern of a request has an entry. */
export function sampleTexts(pattern: string): readonly [SampleText, ...SampleText[]] {
  const entry = samples[pattern];
  if (!entry) throw new Error(`There are no samples of ${pattern}.`);
  const [first, ...more] = entry.good.map(([why, value]): SampleText => ({ why, value, fits: true }));
  if (!first) throw new Error('No sample fits.');
  return [first, ...more, ...entry.bad.map(([why, value]): SampleText => ({ why, value, fits: false }))];
}
