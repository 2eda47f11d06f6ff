import { Type } from 'typebox';

// The patterns mean the same to JavaScript's RegExp (u) and to .NET's Regex: they name what is allowed, by ranges within the
// Basic Multilingual Plane. So no surrogate gets in, a count counts the same units in both, and no class or flag is
// needed whose meaning differs (\d, \w, \s, the dot, ignoring case). `$` is used once, as the last character, and means
// the end of the text (`\z` in .NET).

/** Letters, marks, digits and signs beyond ASCII, without controls, spaces, invisible and bidirectional marks, private use. */
const beyondAscii =
  '\\u00A1-\\u00AC\\u00AE-\\u061B\\u061D-\\u115E\\u1161-\\u167F\\u1681-\\u180A\\u1810-\\u1FFF\\u2010-\\u2027\\u2030-\\u205E' +
  '\\u2070-\\u2FFF\\u3001-\\u3163\\u3165-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFDFF\\uFE10-\\uFEFE\\uFF01-\\uFF9F\\uFFA1-\\uFFEF';

// ASCII that may be part of a file's name, without the dot and the space: not " * / : < > ? \ | (NTFS), and not [ ] and the backtick,
// which PowerShell's -Path reads as wildcards.
const fileAscii = '!#-)+,\\-0-9;=@-Z^_a-{}~';

/** Names of devices, which Windows opens whatever folder or extension is put around them (Naming Files, Paths, and Namespaces). */
const deviceName =
  '(?:[Cc][Oo][Nn](?:[Ii][Nn][$]|[Oo][Uu][Tt][$])?|[Pp][Rr][Nn]|[Aa][Uu][Xx]|[Nn][Uu][Ll]|' +
  '(?:[Cc][Oo][Mm]|[Ll][Pp][Tt])[0-9\\u00B2\\u00B3\\u00B9]) *(?![^.])';

const plain = `[${fileAscii}${beyondAscii}]`;
const withDotsAndSpaces = `[ .${fileAscii}${beyondAscii}]`;

/**
 * How long the name of a new VM may be. `C:\ClusterStorage\Volume01\<name>\Virtual Hard Disks\<name>-disk63_<GUID>.avhdx` stays
 * below 260 characters, beyond which half of Windows' tools stop.
 */
export const maxVmNameLength = 64;

/**
 * The name of a new VM, which is also the name of its folder and its files: what Hyper-V and NTFS allow, and nothing that climbs
 * out of a folder, names a device, ends in what Windows cuts off, or shows otherwise than it is.
 */
export const VmName = Type.String({
  pattern: `^(?!${deviceName})${plain}(?:${withDotsAndSpaces}{0,${maxVmNameLength - 2}}${plain})?$`,
});

const visible = `[!-~${beyondAscii}]`;

/** A name that is shown and looked up, and never part of a path: of checkpoints, storage classes, networks, images. */
export const DisplayName = Type.String({
  pattern: `^${visible}(?:[ -~${beyondAscii}]{0,98}${visible})?$`,
});

/**
 * The path of a file on a host: a drive, folders and a name, with no way up and nothing that Windows would cut off. Whether it
 * lies inside the configured storage, the agent decides after resolving it.
 */
export const FilePath = Type.String({
  pattern: `^[A-Za-z]:(?:\\\\(?!${deviceName.replace('(?![^.])', '(?![^.\\\\])')})${withDotsAndSpaces}{0,254}${plain})+$`,
  maxLength: 1024,
});
