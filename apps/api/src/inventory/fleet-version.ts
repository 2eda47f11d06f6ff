/** A position in the fleet's sequence. `epoch` names one life of the store. */
export interface FleetVersion {
  readonly epoch: string;
  readonly seq: number;
}

const versionPattern = /^([0-9a-z]{1,32})\.([0-9]{1,15})$/;

/** The position that a text names, or undefined where it is no version. */
export function parseVersion(text: string): FleetVersion | undefined {
  const [, epoch, seq] = versionPattern.exec(text) ?? [];
  return epoch === undefined || seq === undefined ? undefined : { epoch, seq: Number(seq) };
}

/** A position as text, `epoch.seq`: ids of events, `version` of answers. */
export function formatVersion(epoch: string, seq: number): string {
  return `${epoch}.${String(seq)}`;
}
