import { formatDuration } from './duration.ts';
import { escapeXml } from './xml.ts';

/** Names the shell that a request is about. */
export interface ShellReference {
  readonly resourceUri: string;
  readonly shellId: string;
}

/** The attribute that names a command, where one is named. */
export function commandId(id: string | undefined): string {
  return id === undefined ? '' : ` CommandId="${escapeXml(id)}"`;
}

/** The element that says how long a shell outlives a silent client, where that is said. */
export function idleTimeout(ms: number | undefined): string {
  return ms === undefined ? '' : `<rsp:IdleTimeOut>${formatDuration(ms)}</rsp:IdleTimeOut>`;
}
