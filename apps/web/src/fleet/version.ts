/** A position in the fleet's one sequence. Positions compare only within one epoch (one life of the service). */
export interface Version {
  readonly epoch: string;
  readonly seq: number;
}

/** Reads `epoch.seq`; null when the text is no version. */
export function parseVersion(text: string): Version | null {
  const match = /^([0-9a-z]{1,32})\.([0-9]{1,15})$/.exec(text);
  return match?.[1] && match[2] ? { epoch: match[1], seq: Number(match[2]) } : null;
}

export function formatVersion(version: Version): string {
  return `${version.epoch}.${version.seq}`;
}
