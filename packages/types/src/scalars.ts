import { Type, type Static } from 'typebox';

// Patterns use [0-9] and no \d, \w or $-before-newline subtleties: .NET reads the same patterns with other defaults.

/** A GUID in lower case with hyphens and without braces. */
export const Guid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});

/**
 * The id of an operation and its job, made by the service: a UUID of version 7, or of version 5 for a child job, whose id follows from
 * its parent's (RFC 9562, 5.5 and 5.7).
 */
export const OperationId = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[57][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
});

/** A moment in UTC (RFC 3339, always `Z`, up to 7 fractional digits as .NET writes them). */
export const Timestamp = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,7})?Z$',
});

/** Returns a `Timestamp`. @param milliseconds Since 1970 in UTC. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** A size in bytes. */
export const Bytes = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** A percentage from 0 to 100. */
export const Percent = Type.Number({ minimum: 0, maximum: 100 });

/** How long a short text may be, in UTF-16 code units. */
export const maxTextLength = 1024;

/** A short text that a person wrote or reads: names, paths, messages. */
export const Text = Type.String({ maxLength: maxTextLength });

/** A VM's id in the fleet: its GUID for the owner, `guid@host` for a replica or copy of the same GUID. */
export const VmId = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(@[a-z0-9.-]{1,255})?$',
});

/** A host's id: what its agent reports (lower-case computer name or FQDN); configured names are only addresses. */
export const HostId = Type.String({ pattern: '^[a-z0-9]([a-z0-9.-]{0,253}[a-z0-9])?$' });

/** The id of a disk or DVD drive: its slot (`driveId`). */
export const DriveId = Type.String({ pattern: '^(?:ide|scsi|floppy|pmem)-[0-9]{1,2}-[0-9]{1,2}$' });

/** The id of a network adapter: the last GUID of Hyper-V's `Microsoft:<VM>\\<ADAPTER>`, in lower case. */
export const AdapterId = Guid;

/** A MAC address as Hyper-V writes it; no group address (lowest bit of the first byte), not all zeros. */
export const UnicastMac = Type.String({ pattern: '^(?!0{12})[0-9A-F][02468ACE][0-9A-F]{10}$' });

/** A position in the fleet's one sequence, written `epoch.seq`. */
export const VersionText = Type.String({ pattern: '^[0-9a-z]{1,32}\\.[0-9]{1,15}$' });

/** A VM's id in the fleet. */
export type VmId = Static<typeof VmId>;
/** A host's id. */
export type HostId = Static<typeof HostId>;
