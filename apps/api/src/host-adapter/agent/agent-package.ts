import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** The agent that belongs to this version of the service. */
export interface AgentPackage {
  /** The module's version, which is also its folder name on hosts. */
  readonly version: string;
  /** SHA-256 of each file, by path relative to that folder. */
  readonly manifest: Readonly<Record<string, string>>;
  /** The files: gzip of a JSON object that maps each path to its text. */
  readonly archive: Buffer;
}

/** Packs files by path. @throws Error if no module manifest is among them. */
export function packageOf(files: Readonly<Record<string, string>>): AgentPackage {
  const named = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const version = versionOf(files);
  const digest = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
  return {
    version,
    manifest: Object.fromEntries(Object.entries(named).map(([path, text]) => [path, digest(text)])),
    archive: gzipSync(JSON.stringify(named), { level: 9 }),
  };
}

/** Returns the version of the agent in these files. @throws Error if no module manifest is among them. */
export function versionOf(files: Readonly<Record<string, string>>): string {
  const psd1 = files['AetherV.HostAgent/AetherV.HostAgent.psd1'] ?? '';
  const version = /ModuleVersion\s*=\s*'([^']+)'/.exec(psd1)?.[1];
  if (version === undefined) throw new Error('The agent has no version.');
  return version;
}

/** Returns the file name of a package at the download address. */
export function packageName(version: string): string {
  return `aether-v-host-agent-${version}.json.gz`;
}
