import { Type } from 'typebox';

// The patterns have the same meaning in JavaScript's RegExp (u) and .NET's Regex: they list allowed characters as
// ranges within the Basic Multilingual Plane. Surrogates are thus excluded, a count counts the same units in both, and
// no class or flag with diverging meaning is needed (\d, \w, \s, the dot, ignoring case). `$` only occurs as the last
// character and means the end of the text (`\z` in .NET).

/**
 * Letters, marks, digits and symbols beyond ASCII, without controls, spaces, invisible and bidirectional marks, and
 * private use.
 */
const beyondAscii =
  '\\u00A1-\\u00AC\\u00AE-\\u061B\\u061D-\\u115E\\u1161-\\u167F\\u1681-\\u180A\\u1810-\\u1FFF\\u2010-\\u2027\\u2030-\\u205E' +
  '\\u2070-\\u2FFF\\u3001-\\u3163\\u3165-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFDFF\\uFE10-\\uFEFE\\uFF01-\\uFF9F\\uFFA1-\\uFFEF';

// ASCII allowed in file names, except dot and space: without " * / : < > ? \ | (NTFS), and without [ ] and the
// backtick, which PowerShell's -Path treats as wildcards.
const fileAscii = '!#-)+,\\-0-9;=@-Z^_a-{}~';

/** Device names, which Windows opens regardless of folder and extension (Naming Files, Paths, and Namespaces). */
const deviceName =
  '(?:[Cc][Oo][Nn](?:[Ii][Nn][$]|[Oo][Uu][Tt][$])?|[Pp][Rr][Nn]|[Aa][Uu][Xx]|[Nn][Uu][Ll]|' +
  '(?:[Cc][Oo][Mm]|[Ll][Pp][Tt])[0-9\\u00B2\\u00B3\\u00B9]) *(?![^.])';

const plain = `[${fileAscii}${beyondAscii}]`;
const withDotsAndSpaces = `[ .${fileAscii}${beyondAscii}]`;

/**
 * The maximum length of a new VM's name. It keeps `C:\ClusterStorage\Volume01\<name>\Virtual Hard
 * Disks\<name>-disk63_<GUID>.avhdx` below 260 characters, the limit of many Windows tools.
 */
export const maxVmNameLength = 64;

/**
 * The name of a new VM, its folder and its files: valid in Hyper-V and NTFS, and without anything that leaves the
 * folder, names a device, ends in characters that Windows strips, or is displayed differently than it is.
 */
export const VmName = Type.String({
  pattern: `^(?!${deviceName})${plain}(?:${withDotsAndSpaces}{0,${maxVmNameLength - 2}}${plain})?$`,
});

const visible = `[!-~${beyondAscii}]`;

/** A name for display and lookup that is never part of a path: of checkpoints, storage classes, networks, images. */
export const DisplayName = Type.String({
  pattern: `^${visible}(?:[ -~${beyondAscii}]{0,98}${visible})?$`,
});

/**
 * The path of a file on a host: a drive, folders and a name, without `..` and without anything that Windows would
 * strip. The agent resolves it and decides whether it lies inside the configured storage.
 */
export const FilePath = Type.String({
  pattern: `^[A-Za-z]:(?:\\\\(?!${deviceName.replace('(?![^.])', '(?![^.\\\\])')})${withDotsAndSpaces}{0,254}${plain})+$`,
  maxLength: 1024,
});
