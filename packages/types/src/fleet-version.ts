// No schema here: the console imports these functions without TypeBox.

/**
 * A position in the fleet's sequence of changes. `epoch` identifies one run of the service; positions compare only
 * within it.
 */
export interface FleetVersion {
  readonly epoch: string;
  readonly seq: number;
}

/** Parses `epoch.seq` (`VersionText`); null if the text is not a version. */
export function parseFleetVersion(text: string): FleetVersion | null {
  const [, epoch, seq] = /^([0-9a-z]{1,32})\.([0-9]{1,15})$/.exec(text) ?? [];
  return epoch === undefined || seq === undefined ? null : { epoch, seq: Number(seq) };
}

/** Formats `epoch.seq`, used as event ids and as `version` of responses. */
export function formatFleetVersion({ epoch, seq }: FleetVersion): string {
  return `${epoch}.${String(seq)}`;
}
