import { formatDuration } from './duration.ts';
import { escapeXml } from './xml.ts';

/** Identifies the shell of a request. */
export interface ShellReference {
  readonly resourceUri: string;
  readonly shellId: string;
}

/** Writes the CommandId attribute; empty if the id is undefined. */
export function commandId(id: string | undefined): string {
  return id === undefined ? '' : ` CommandId="${escapeXml(id)}"`;
}

/** Writes the idle timeout of a shell; empty if it is undefined. */
export function idleTimeout(ms: number | undefined): string {
  return ms === undefined ? '' : `<rsp:IdleTimeOut>${formatDuration(ms)}</rsp:IdleTimeOut>`;
}
